/** The style of the page around the picture; the picture's own style is in the picture. */
export const LOOK = `
:root {
  --paper: #ffffff; --raised: #f5f8fb; --ink: #1c2733; --quiet: #5b6875; --line: #d3dbe3; --strong: #8250df;
  --good: #1a7f37; --warn: #9a6700; --bad: #cf222e;
  color-scheme: light;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0f151c; --raised: #18212b; --ink: #e2e8ee; --quiet: #94a1ae; --line: #2e3944; --strong: #bc8cff;
    --good: #3fb950; --warn: #d29922; --bad: #ff7b72;
    color-scheme: dark;
  }
}
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body {
  display: grid; grid-template: auto 1fr / 1fr auto; overflow: hidden;
  background: var(--paper); color: var(--ink); font: 14px/1.5 system-ui, sans-serif;
}
header {
  grid-column: 1 / -1; display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px;
  padding: 8px 16px; background: var(--raised); border-bottom: 1px solid var(--line);
}
h1 { flex: 1 1 auto; margin: 0; font-size: 15px; font-weight: 600; overflow-wrap: anywhere; }
header > div { display: flex; align-items: center; gap: 4px; }
button, input {
  height: 30px; padding: 0 10px; font: inherit; color: inherit;
  background: var(--paper); border: 1px solid var(--line); border-radius: 6px;
}
button { min-width: 30px; cursor: pointer; }
button:hover { border-color: var(--strong); }
input { width: 250px; }
output { color: var(--quiet); font-variant-numeric: tabular-nums; }
#found:not(:empty) { margin-left: 6px; white-space: nowrap; }
#scale { width: 52px; text-align: center; }
:focus-visible { outline: 2px solid var(--strong); outline-offset: 1px; }
#stage { min-width: 0; min-height: 0; overflow: hidden; touch-action: none; cursor: grab; }
#stage:active { cursor: grabbing; }
#stage svg { display: block; width: 100%; height: 100%; user-select: none; -webkit-user-select: none; }
/* The header shows the title, and the stage is the paper. */
#stage svg > .paper, #stage svg > text { display: none; }
#stage svg text, #stage [data-of], #stage [data-wire] { pointer-events: none; }
[data-node], [data-of], [data-wire] { transition: opacity 0.15s; }
[data-node] { cursor: pointer; outline: none; }
[data-node]:hover > .box { stroke: var(--strong); }
[data-node].selected > .box { stroke: var(--strong); stroke-width: 3; }
[data-node]:focus-visible > .box { stroke: var(--strong); stroke-width: 4.5; }
/* The picture's style comes later and overrides the color of a mark. */
.selected > .cable { stroke: var(--strong); stroke-width: 3.5; }
.dim { opacity: 0.18; }
/* Many cables overlap, so their opacity must not add up. */
[data-wire].dim { opacity: 1; }
[data-wire].dim > .cable { stroke: var(--line); }
[data-wire].dim > text { opacity: 0.18; }
aside {
  position: relative; width: 360px; max-width: 100vw; padding: 16px; overflow: auto;
  background: var(--raised); border-left: 1px solid var(--line);
}
aside[hidden] { display: none; }
#close { position: absolute; top: 12px; right: 12px; }
h2 { margin: 0 40px 0 0; font: 600 18px/1.3 ui-monospace, monospace; overflow-wrap: anywhere; }
h2:focus-visible { outline-offset: 4px; }
#panel-kind { margin: 0; color: var(--quiet); }
.state { margin: 12px 0; padding: 6px 10px; background: var(--paper); border-left: 3px solid var(--line); border-radius: 0 6px 6px 0; }
.state p { margin: 0; }
h3::first-letter, .state p::first-letter { text-transform: uppercase; }
h3 { margin: 18px 0 4px; font-size: 12px; font-weight: 600; color: var(--quiet); }
ul { margin: 0; padding: 0; list-style: none; }
li { padding: 6px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
li > code, .state code { display: block; font: 12.5px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.row-label { font-weight: 600; }
.row-state { float: right; margin-left: 8px; font-size: 12px; }
li button { margin-top: 4px; height: auto; padding: 2px 8px; font-size: 13px; text-align: left; }
pre.log { margin: 4px 0 0; padding: 4px 8px; overflow-x: auto; background: var(--paper); font: 11.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre.log:empty { display: none; }
code.told { color: var(--quiet); }
li.added .row-state, .state.added { color: var(--good); border-color: var(--good); }
li.undeclared .row-state { color: var(--strong); }
li.changed .row-state, li.drifted .row-state, .state.changed, .state.drifted { color: var(--warn); border-color: var(--warn); }
li.removed .row-state, li.missing .row-state, .state.removed, .state.missing { color: var(--bad); border-color: var(--bad); }
#trace { display: flex; gap: 4px; }
#trace input { width: 100px; }
#live.following { color: var(--good); }
#live.lost { color: var(--bad); }
#results {
  grid-column: 1 / -1; position: relative; max-height: 40vh; padding: 12px 16px; overflow: auto;
  background: var(--raised); border-top: 1px solid var(--line);
}
#results[hidden] { display: none; }
#results-close { position: absolute; top: 8px; right: 8px; }
#results table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
#results th, #results td { padding: 2px 10px; border: 1px solid var(--line); text-align: right; font-weight: 400; }
#results td.good { background: color-mix(in srgb, var(--good) 22%, transparent); }
#results td.bad { background: color-mix(in srgb, var(--bad) 28%, transparent); }
#results pre { margin: 0; font: 12.5px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; }
[data-wire].path > .cable { stroke: var(--good); stroke-width: 4; }
[data-wire].path.lost > .cable { stroke: var(--bad); }
[data-wire].path.partly > .cable { stroke: var(--warn); }
[data-wire] > text.rate { fill: var(--strong); font-size: 10px; text-anchor: middle; }
@media (max-width: 720px) {
  body { grid-template: auto 1fr auto / 1fr; }
  aside { width: auto; max-height: 45vh; border: 0; border-top: 1px solid var(--line); }
  #search { flex: 1 1 100%; order: 1; }
  #find { flex: 1; width: auto; min-width: 0; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media print { header, aside { display: none; } }
`;
