import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ownFile } from "../provider/own-file.ts";
import { LOOK } from "./page/look.ts";
import { pageData } from "./page/nodes.ts";
import { style } from "./style.ts";
import { svg } from "./svg.ts";
import { escaped } from "./text.ts";
import type { Topology } from "./topology.ts";

/**
 * Draws a topology as one HTML page around the same SVG. The page pans, zooms and searches, and shows the details of a clicked
 * object. It loads nothing, and its content security policy permits only its own content.
 *
 * @param unmarked The state to show for objects without a mark.
 * @param before The topology before a change, whose parts keep their places.
 * @param live Whether a server keeps the page up to date. The page then connects to the server that it comes from, and to no other.
 */
export async function html(
  topology: Topology,
  title: string,
  unmarked: string,
  { live = false, before }: { live?: boolean; before?: Topology | undefined } = {},
): Promise<string> {
  const picture = await svg(topology, title, before);
  const script = await scriptText(live ? [...MODULES, "table", "live"] : MODULES);
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(LOOK)} ${hash(style())}`,
    "img-src data:",
    ...(live ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${LOOK}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
<div id="search" role="search">
<input id="find" type="search" placeholder="Find a name or an address" aria-label="Find a name or an address" title="/ comes here, Enter goes to the next" autocomplete="off" spellcheck="false">
<output id="found" for="find"></output>
</div>
<div role="group" aria-label="Zoom">
<button id="out" type="button" aria-label="Zoom out" title="Zoom out (-)">−</button>
<output id="scale"></output>
<button id="in" type="button" aria-label="Zoom in" title="Zoom in (+)">+</button>
<button id="fit" type="button" title="All of it (0)">Fit</button>
</div>
${live ? LIVE_CONTROLS : ""}</header>
<main id="stage">
${picture}</main>
<aside id="panel" aria-labelledby="panel-name" hidden>
<button id="close" type="button" aria-label="Close" title="Close (Escape)">×</button>
<h2 id="panel-name" tabindex="-1"></h2>
<p id="panel-kind"></p>
<div id="panel-text"></div>
</aside>
${live ? LIVE_RESULTS : ""}<script type="application/json" id="lab">${inScript(pageData(topology, unmarked))}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

const LIVE_CONTROLS = `<div role="group" aria-label="Live">
<output id="live" aria-live="polite">connecting</output>
<button id="ping" type="button" title="Ping all hosts from all others">Ping</button>
<form id="trace">
<input id="trace-from" list="hosts" placeholder="from" aria-label="Trace from" required>
<input id="trace-to" list="hosts" placeholder="to" aria-label="Trace to" required>
<datalist id="hosts"></datalist>
<button type="submit" title="Follow a ping and its answer">Trace</button>
</form>
</div>
`;
const LIVE_RESULTS = `<section id="results" aria-label="Results" hidden>
<button id="results-close" type="button" aria-label="Close the results">×</button>
<div id="results-text"></div>
</section>
`;

const MODULES = ["dom", "view", "pointer", "panel", "find", "main"];

/** Joins the page's modules into one script: their names are unique, and each follows the modules that it needs. */
async function scriptText(modules: readonly string[]): Promise<string> {
  const texts = await Promise.all(modules.map((name) => readFile(ownFile(`picture/page/${name}.js`), "utf8")));
  return texts
    .map((text) =>
      text
        .replaceAll(/^(import .*;|\/\/# sourceMappingURL=.*)\n?/gm, "")
        .replaceAll(/^export (?=const|function|async)/gm, ""),
    )
    .join("\n");
}

const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Returns data for a script element, which ends at the first `</script`, even within a string. */
const inScript = (value: unknown): string => JSON.stringify(value).toWellFormed().replaceAll("<", "\\u003c");
