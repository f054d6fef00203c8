import { byId, partsOf } from "./dom.js";
import { lab, showPicture } from "./main.js";
import { pingTable } from "./table.js";

/*
 * The part of the page that follows a server. All URLs are relative to the page's own URL, whose path contains the token of the server.
 */

/** The wires of the last trace. @type {{ ports: readonly string[], isAnswered: boolean, areOthersLost: boolean } | undefined} */
let painted;
/** The rates of the last second, by interface. @type {Readonly<Record<string, string>>} */
let rates = {};

const events = new EventSource("events");
const tell = (/** @type {string} */ text, /** @type {string} */ look) => {
  byId("live").textContent = text;
  byId("live").className = look;
};
events.addEventListener("open", () => tell("following", "following"));
events.addEventListener("error", () => tell("connection lost", "lost"));
events.addEventListener("picture", ({ data }) => {
  /** @type {import("./live-types.ts").PagePicture} */
  const picture = JSON.parse(data);
  showPicture(picture);
  const { unreached } = picture;
  if (unreached.length === 0) tell("following", "following");
  else tell(`following; not reached: ${unreached.join(", ")}`, "lost");
  offerHosts();
  paint();
});
events.addEventListener("trouble", ({ data }) => tell(JSON.parse(data), "lost"));
events.addEventListener("rates", ({ data }) => {
  rates = JSON.parse(data);
  paint();
});

byId("ping").addEventListener("click", () =>
  ask("ping", {}, (/** @type {import("./live-types.ts").PagePings} */ { hosts, pings }) => [pingTable(hosts, pings)]),
);
byId("trace").addEventListener("submit", (event) => {
  event.preventDefault();
  const [from, to] = ["trace-from", "trace-to"].map((id) => /** @type {HTMLInputElement} */ (byId(id)).value);
  ask("trace", { from, to }, (/** @type {import("./live-types.ts").PageTrace} */ trace) => {
    painted = trace;
    paint();
    return [preformatted(trace.text)];
  });
});
byId("results-close").addEventListener("click", () => {
  byId("results").hidden = true;
  painted = undefined;
  paint();
});
new MutationObserver(() => {
  offerCaptures();
  showLogs();
}).observe(byId("panel-text"), { childList: true });
offerHosts();
setInterval(showLogs, 2000);

/**
 * Sends a request and shows its answer.
 *
 * @template T
 * @param {string} what
 * @param {object} body
 * @param {(answer: T) => readonly Node[]} show
 */
function ask(what, body, show) {
  const fill = (/** @type {readonly Node[]} */ nodes) => {
    byId("results-text").replaceChildren(...nodes);
    byId("results").hidden = false;
  };
  fill([preformatted("…")]);
  post(what, body)
    .then((answer) => fill(show(answer)))
    .catch((error) => fill([preformatted(String(error.message ?? error))]));
}

/** @param {string} text */
function preformatted(text) {
  const made = document.createElement("pre");
  made.textContent = text;
  return made;
}

/** Draws the last trace and the rates on the cables. */
function paint() {
  const path = new Set((painted?.ports ?? []).flatMap((port) => lab.ports[port] ?? []));
  const texts = new Map(
    Object.entries(rates).flatMap(([port, text]) => (lab.ports[port] ?? []).map((wire) => [wire, text])),
  );
  for (const { element, key } of partsOf(byId("stage"), "wire")) {
    element.classList.toggle("path", path.has(key));
    element.classList.toggle("lost", path.has(key) && painted?.isAnswered === false);
    element.classList.toggle("partly", path.has(key) && painted?.areOthersLost === true);
    element.querySelector(".rate")?.remove();
    const text = texts.get(key);
    const cable = /** @type {SVGPathElement | null} */ (element.querySelector(".cable"));
    if (text === undefined || cable === null) continue;
    const { x, y } = cable.getPointAtLength(cable.getTotalLength() / 2);
    const label = document.createElementNS("http://www.w3.org/2000/svg", "text");
    label.setAttribute("class", "rate");
    label.setAttribute("x", String(x));
    label.setAttribute("y", String(y - 4));
    label.textContent = text;
    element.append(label);
  }
}

/** Offers the names of the namespaces as the ends of a trace. */
function offerHosts() {
  const names = Object.values(lab.nodes).flatMap(({ name, kind }) => (kind === "namespace" ? [name] : []));
  byId("hosts").replaceChildren(
    ...names.map((name) => {
      const option = document.createElement("option");
      option.value = name;
      return option;
    }),
  );
}

/** Offers a capture of each interface in the panel. */
function offerCaptures() {
  for (const item of byId("panel-text").querySelectorAll("li[data-port]")) {
    if (item.querySelector(".capture") !== null) continue;
    const link = document.createElement("a");
    link.className = "capture";
    link.href = `capture?${new URLSearchParams({ port: item.getAttribute("data-port") ?? "" })}`;
    link.download = "";
    link.textContent = "capture 5 s";
    item.append(link);
  }
}

/** Shows the last lines of the log of each process in the panel. */
function showLogs() {
  for (const item of byId("panel-text").querySelectorAll("li[data-process]")) {
    const log = item.querySelector(".log") ?? document.createElement("pre");
    log.className = "log";
    if (log.parentElement === null) item.append(log);
    post("log", { process: item.getAttribute("data-process") })
      .then((text) => {
        if (log.textContent !== text) log.textContent = text;
      })
      .catch((error) => {
        log.textContent = String(error.message ?? error);
      });
  }
}

/** Sends a request and returns its answer. @param {string} what @param {object} body */
async function post(what, body) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(what, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}
