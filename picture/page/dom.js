/** Returns an element that always exists. @param {string} id */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no ${id}`);
  return found;
}

/** Draws cables above the others, and below the ports. @param {Element} svg @param {readonly Element[]} cables */
export const raise = (svg, cables) => svg.querySelector("[data-of]")?.before(...cables);

/** Returns the parts of the picture that have a key, by key. @param {Element} svg @param {"node" | "of" | "wire"} what */
export const partsOf = (svg, what) =>
  [...svg.querySelectorAll(`[data-${what}]`)].map((element) => ({
    element: /** @type {SVGGElement} */ (element),
    key: element.getAttribute(`data-${what}`) ?? "",
  }));
