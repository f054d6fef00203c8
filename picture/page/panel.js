import { byId } from "./dom.js";

/**
 * Creates the panel, which shows one node beside the picture.
 *
 * @param {import("./nodes.ts").PageData} lab
 * @param {(key: string) => void} go Called with the node of a button that is pressed in the panel.
 */
export function makePanel(lab, go) {
  const panel = byId("panel");
  return {
    /** @param {string} key */
    open(key) {
      const node = lab.nodes[key];
      if (node === undefined) return;
      byId("panel-name").textContent = node.name;
      byId("panel-kind").textContent = node.kind;
      const groups = node.groups.map(({ title, rows }) =>
        made("section", {}, [
          made("h3", {}, [title]),
          made(
            "ul",
            {},
            rows.map((row) => rowOf(row, go)),
          ),
        ]),
      );
      byId("panel-text").replaceChildren(stateOf(node), ...groups);
      panel.hidden = false;
      panel.scrollTop = 0;
    },
    close() {
      panel.hidden = true;
    },
  };
}

/** @param {import("./nodes.ts").PageNode} node */
const stateOf = ({ state, mark, told }) =>
  made("div", { class: `state ${mark ?? ""}` }, [made("p", {}, [state]), ...list(told)]);

/** @param {import("./nodes.ts").Row} row @param {(key: string) => void} go */
function rowOf({ label, texts, state, mark, told, port = "", process = "", go: leads }, go) {
  const button = leads === undefined ? [] : [made("button", { type: "button" }, [`→ ${leads.name}`])];
  for (const one of button) one.addEventListener("click", () => go(leads?.key ?? ""));
  return made("li", { class: mark ?? "", "data-port": port, "data-process": process }, [
    ...(state === undefined ? [] : [made("span", { class: "row-state" }, [state])]),
    made("span", { class: "row-label" }, [label]),
    ...texts.map((text) => made("code", {}, [text])),
    ...list(told),
    ...button,
  ]);
}

/** @param {readonly string[]} texts */
const list = (texts) => texts.map((text) => made("code", { class: "told" }, [text]));

/** Creates an element. Strings become text nodes and are never parsed as HTML. @param {string} name @param {Readonly<Record<string, string>>} attributes @param {readonly (string | Node)[]} children */
function made(name, attributes, children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value.trim() !== "") element.setAttribute(key, value);
  element.append(...children);
  return element;
}
