/**
 * Pans and zooms a picture within its stage, by its viewBox.
 *
 * @param {HTMLElement} stage
 * @param {SVGSVGElement} svg
 * @param {(percent: number) => void} tell Called with the scale when it changes.
 */
export function makeView(stage, svg, tell) {
  let { width, height } = svg.viewBox.baseVal;
  const view = { x: 0, y: 0, scale: 1 };
  let fitted = true;

  const draw = () => {
    const { clientWidth, clientHeight } = stage;
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${clientWidth / view.scale} ${clientHeight / view.scale}`);
    tell(Math.round(view.scale * 100));
  };
  const fitting = () => Math.min(stage.clientWidth / width, stage.clientHeight / height, LARGEST_FIT);
  const fit = () => {
    fitted = true;
    view.scale = fitting();
    view.x = (width - stage.clientWidth / view.scale) / 2;
    view.y = (height - stage.clientHeight / view.scale) / 2;
    draw();
  };
  /** @param {number} right @param {number} down In pixels of the screen. */
  const pan = (right, down) => {
    fitted = false;
    view.x = between(-stage.clientWidth / view.scale + KEPT, view.x + right / view.scale, width - KEPT);
    view.y = between(-stage.clientHeight / view.scale + KEPT, view.y + down / view.scale, height - KEPT);
    draw();
  };
  /** @param {number} factor @param {{ x: number, y: number }} [at] The fixed point, in pixels from the stage's corner. */
  const zoom = (factor, at = { x: stage.clientWidth / 2, y: stage.clientHeight / 2 }) => {
    const scale = between(Math.min(fitting(), 1) / 2, view.scale * factor, LARGEST);
    view.x += at.x / view.scale - at.x / scale;
    view.y += at.y / view.scale - at.y / scale;
    view.scale = scale;
    pan(0, 0);
  };
  /** Scrolls to an element. @param {Element} element @param {boolean} [readable] Zooms in if its text is small. */
  const show = (element, readable = false) => {
    if (readable && view.scale < READABLE) zoom(READABLE / view.scale);
    const [is, at] = [element.getBoundingClientRect(), stage.getBoundingClientRect()];
    const inside = is.left >= at.left && is.right <= at.right && is.top >= at.top && is.bottom <= at.bottom;
    if (inside) return;
    pan((is.left + is.right - at.left - at.right) / 2, (is.top + is.bottom - at.top - at.bottom) / 2);
  };
  /** Sets the size of a new picture. @param {number} wide @param {number} high */
  const resize = (wide, high) => {
    [width, height] = [wide, high];
    if (fitted) fit();
    else pan(0, 0);
  };
  new ResizeObserver(() => (fitted ? fit() : draw())).observe(stage);
  fit();
  return { fit, pan, zoom, show, resize };
}

/** @param {number} least @param {number} value @param {number} most */
const between = (least, value, most) => Math.max(least, Math.min(value, most));

const LARGEST = 4;
const LARGEST_FIT = 1.6;
const READABLE = 0.8;
/** The part of the picture that always stays visible, in its own pixels. */
const KEPT = 60;
