import { byId, partsOf, raise } from "./dom.js";
import { makeFinder } from "./find.js";
import { makePanel } from "./panel.js";
import { moveBy } from "./pointer.js";
import { makeView } from "./view.js";

/** @type {import("./nodes.ts").PageData} */
export const lab = JSON.parse(byId("lab").textContent ?? "");
const stage = byId("stage");
const svg = /** @type {SVGSVGElement} */ (stage.querySelector("svg"));
/** The boxes of the picture. A preview may show one of them twice, with what stays and with what is added. @type {ReturnType<typeof partsOf>} */
let nodes = [];
/** @type {ReturnType<typeof partsOf>} */
let wires = [];
const view = makeView(stage, svg, (percent) => {
  byId("scale").textContent = `${percent}%`;
});
const panel = makePanel(lab, (key) => select(key, true));
/** @type {string | undefined} */
let selected;

/** @param {string | undefined} key @param {boolean} [seek] Scrolls to the node. */
function select(key, seek = false) {
  selected = key;
  for (const { element, key: own } of nodes) {
    element.classList.toggle("selected", own === key);
    element.setAttribute("aria-expanded", String(own === key));
  }
  for (const { element, key: wire } of wires) {
    element.classList.toggle("selected", key !== undefined && (lab.wires[wire] ?? []).includes(key));
  }
  raise(
    svg,
    wires.map(({ element }) => element).filter((element) => element.classList.contains("selected")),
  );
  if (key === undefined) return panel.close();
  panel.open(key);
  const node = nodeOf(key);
  // The panel makes the stage smaller, which must be rendered first.
  if (node !== undefined && seek) requestAnimationFrame(() => view.show(node, true));
}

/** Returns the first box with a key. @param {string | null | undefined} wanted */
function nodeOf(wanted) {
  return nodes.find(({ key }) => key === wanted)?.element;
}

function close() {
  const node = nodeOf(selected);
  const back = byId("panel").contains(document.activeElement);
  select(undefined);
  if (back) node?.focus({ preventScroll: true });
}

/** Makes the picture's parts operable. Screen readers treat an image as a single element; this one has parts. */
function operate() {
  svg.setAttribute("role", "group");
  const heading = svg.querySelector("title");
  svg.setAttribute("aria-label", heading?.textContent ?? "");
  svg.removeAttribute("aria-labelledby");
  heading?.remove();
  nodes = partsOf(svg, "node");
  wires = partsOf(svg, "wire");
  for (const { element, key } of nodes) {
    const node = lab.nodes[key];
    element.setAttribute("tabindex", "0");
    element.setAttribute("role", "button");
    element.setAttribute("aria-controls", "panel");
    element.setAttribute("aria-expanded", "false");
    element.setAttribute(
      "aria-label",
      node === undefined ? key : `${node.name}, ${node.kind}, ${[node.state, ...node.told].join(", ")}`,
    );
    element.addEventListener("click", () => select(key));
    element.addEventListener("focus", () => element.matches(":focus-visible") && view.show(element));
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      select(key);
      byId("panel-name").focus();
    });
  }
}

/** Replaces the picture of the lab, and keeps selection, search and zoom. @param {{ svg: string, lab: import("./nodes.ts").PageData }} next */
export function showPicture(next) {
  const root = new DOMParser().parseFromString(next.svg, "image/svg+xml").documentElement;
  const [, , width = 0, height = 0] = (root.getAttribute("viewBox") ?? "").split(" ").map(Number);
  Object.assign(lab, next.lab);
  const focused = document.activeElement?.getAttribute("data-node");
  svg.replaceChildren(...root.childNodes);
  operate();
  nodeOf(focused)?.focus({ preventScroll: true });
  view.resize(width, height);
  searchAgain();
  if (selected === undefined) return;
  if (nodeOf(selected) !== undefined) select(selected);
  else close();
}

operate();
moveBy(stage, view);
const searchAgain = makeFinder(svg, lab, (key) => select(key, true));
document.addEventListener("keydown", (event) => event.key === "Escape" && close());
stage.addEventListener("click", ({ target }) => {
  if (/** @type {Element} */ (target).closest("[data-node]") === null) close();
});
byId("close").addEventListener("click", close);
byId("in").addEventListener("click", () => view.zoom(1.25));
byId("out").addEventListener("click", () => view.zoom(0.8));
byId("fit").addEventListener("click", view.fit);
