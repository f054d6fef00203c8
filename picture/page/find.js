import { byId, partsOf, raise } from "./dom.js";

/**
 * Dims the elements that a search does not match, and navigates between its matches.
 *
 * @param {Element} svg
 * @param {import("./nodes.ts").PageData} lab
 * @param {(key: string) => void} go Called with the next match when Enter is pressed.
 */
export function makeFinder(svg, lab, go) {
  const input = /** @type {HTMLInputElement} */ (byId("find"));
  const [nodes, ports, wires] = [partsOf(svg, "node"), partsOf(svg, "of"), partsOf(svg, "wire")];
  /** @type {string[]} */
  let found = [];
  let next = 0;
  const search = () => {
    const wanted = input.value.trim().toLowerCase();
    found = nodes.map(({ key }) => key).filter((key) => lab.nodes[key]?.find.includes(wanted));
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
    byId("found").textContent = wanted === "" ? "" : `${found.length} of ${nodes.length}`;
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
}
