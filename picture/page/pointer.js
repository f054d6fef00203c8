/**
 * Moves a view with the mouse, the wheel, fingers and the keyboard.
 *
 * @param {HTMLElement} stage
 * @param {ReturnType<typeof import("./view.js").makeView>} view
 */
export function moveBy(stage, view) {
  /** @type {Map<number, { x: number, y: number }>} */
  const down = new Map();
  let moved = 0;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (down.size === 0) moved = 0;
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  stage.addEventListener("pointermove", (event) => {
    const was = down.get(event.pointerId);
    if (was === undefined) return;
    const is = { x: event.clientX, y: event.clientY };
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    moved += Math.hypot(is.x - was.x, is.y - was.y);
    if (moved < STILL) return;
    // Not earlier, because a click goes to the element that has captured the pointer.
    stage.setPointerCapture(event.pointerId);
    down.set(event.pointerId, is);
    if (other === undefined) return view.pan(was.x - is.x, was.y - is.y);
    const { left, top } = stage.getBoundingClientRect();
    const spread = Math.hypot(is.x - other.x, is.y - other.y) / Math.hypot(was.x - other.x, was.y - other.y);
    view.zoom(spread, { x: other.x - left, y: other.y - top });
  });
  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, (event) => down.delete(/** @type {PointerEvent} */ (event).pointerId));
  }
  // A pan that ends on a node is not a click.
  stage.addEventListener("click", (event) => moved >= STILL && event.stopPropagation(), { capture: true });
  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { left, top } = stage.getBoundingClientRect();
      const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
      // Browsers report a pinch on a touchpad as wheel events with Ctrl, in small steps.
      view.zoom(Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0015)), {
        x: event.clientX - left,
        y: event.clientY - top,
      });
    },
    { passive: false },
  );
  document.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, aside") !== null) return;
    const move = KEYS[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move(view);
  });
}

/** The distance in screen pixels up to which a movement counts as a click. */
const STILL = 4;
const STEP = 80;

/** @type {Readonly<Record<string, (view: ReturnType<typeof import("./view.js").makeView>) => void>>} */
const KEYS = {
  "+": (view) => view.zoom(1.25),
  "=": (view) => view.zoom(1.25),
  "-": (view) => view.zoom(0.8),
  0: (view) => view.fit(),
  ArrowLeft: (view) => view.pan(-STEP, 0),
  ArrowRight: (view) => view.pan(STEP, 0),
  ArrowUp: (view) => view.pan(0, -STEP),
  ArrowDown: (view) => view.pan(0, STEP),
};
