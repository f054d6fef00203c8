import { byId, partsOf, raise } from "./dom.js";

/**
 * Dims the elements that a search does not match, and navigates between its matches. Returns a function that searches again.
 *
 * @param {Element} svg
 * @param {import("./nodes.ts").PageData} lab
 * @param {(key: string) => void} go Called with the next match when Enter is pressed.
 */
export function makeFinder(svg, lab, go) {
  const input = /** @type {HTMLInputElement} */ (byId("find"));
  /** @type {string[]} */
  let found = [];
  let next = 0;
  const search = () => {
    const [nodes, ports, wires] = [partsOf(svg, "node"), partsOf(svg, "of"), partsOf(svg, "wire")];
    const wanted = input.value.trim().toLowerCase();
    // A node with the name comes before a node that has it only in its contents, such as the name of a port.
    const keys = [...new Set(nodes.map(({ key }) => key))];
    found = keys
      .filter((key) => lab.nodes[key]?.find.includes(wanted))
      .sort((one, other) => closeness(lab.nodes[one], wanted) - closeness(lab.nodes[other], wanted));
    next = 0;
    const hits = new Set(found);
    /** @param {Element} element @param {boolean} dim */
    const mark = (element, dim) => element.classList.toggle("dim", wanted !== "" && dim);
    for (const { element, key } of [...nodes, ...ports]) mark(element, !hits.has(key));
    for (const { element, key } of wires) mark(element, !(lab.wires[key] ?? []).some((end) => hits.has(end)));
    raise(
      svg,
      wires.map(({ element }) => element).filter((element) => !element.classList.contains("dim")),
    );
    byId("found").textContent = wanted === "" ? "" : `${found.length} of ${keys.length}`;
  };
  input.addEventListener("input", search);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && found.length > 0 && input.value.trim() !== "") {
      go(found[next % found.length] ?? "");
      next += 1;
    }
    if (event.key === "Escape" && input.value !== "") {
      // Escape closes only the search, not also the panel.
      event.stopPropagation();
      input.value = "";
      search();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target === input || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.select();
  });
  return search;
}

/**
 * Returns how closely the name of a node matches a search: 0 for the same name, up to 3 for a name without the searched text.
 *
 * @param {import("./nodes.ts").PageNode | undefined} node
 * @param {string} wanted
 */
function closeness(node, wanted) {
  const name = node?.name.toLowerCase() ?? "";
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  return name.includes(wanted) ? 2 : 3;
}
