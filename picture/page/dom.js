/** An element that is always there. @param {string} id */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no ${id}`);
  return found;
}

/** Draws cables above the others, and below the ports. @param {Element} svg @param {readonly Element[]} cables */
export const raise = (svg, cables) => svg.querySelector("[data-of]")?.before(...cables);

/** The parts of the picture that bear a key, by it. @param {Element} svg @param {"node" | "of" | "wire"} what */
export const partsOf = (svg, what) =>
  [...svg.querySelectorAll(`[data-${what}]`)].map((element) => ({
    element: /** @type {SVGGElement} */ (element),
    key: element.getAttribute(`data-${what}`) ?? "",
  }));
