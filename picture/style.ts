import type { ChangeMark } from "./drawn.ts";

/** The sign of each mark, so that a mark does not depend on color alone. */
export const SIGNS: Readonly<Record<ChangeMark, string>> = {
  added: "+",
  changed: "~",
  removed: "−",
  missing: "!",
  drifted: "≠",
  undeclared: "•",
  unknown: "?",
};

/** The meaning of each mark, for the legend. */
export const MEANINGS: Readonly<Record<ChangeMark, string>> = {
  added: "will be added",
  changed: "will be changed",
  removed: "will be removed",
  missing: "not in the kernel",
  drifted: "differs in the kernel",
  undeclared: "not declared",
  unknown: "lab host not reached",
};

/** Returns the picture's style, light and dark. Colors are literal, because some SVG viewers do not support variables. */
export const style = (): string => `${FIXED}${rules(LIGHT)}@media (prefers-color-scheme:dark){${rules(DARK)}}`;

const FIXED = [
  "text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace;font-size:12px}",
  ".title{font-size:14px;font-weight:600}",
  ".kind{font-size:10px;letter-spacing:.06em}",
  ".small{font-size:10px}",
  ".box{stroke-width:1.25}",
  ".bridge .box{stroke-width:2}",
  ".cable{fill:none;stroke-width:1.75;stroke-linejoin:round}",
  ".port{stroke-width:1.5}",
  ".icon{fill:none;stroke-width:1.25;stroke-linejoin:round}",
  ".removed>.box,.cable.removed,.missing>.box,.cable.missing{stroke-dasharray:6 4}",
  ".machine>.box{stroke-width:1.75;fill:none}",
  ".cable.tunnel{stroke-dasharray:3 4}",
  ".cable.down{stroke-dasharray:14 8}",
].join("");

interface Palette {
  readonly paper: string;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly cable: string;
  readonly namespace: string;
  readonly host: string;
  readonly bridge: string;
  readonly bridgeLine: string;
  readonly marks: Readonly<Record<ChangeMark, string>>;
}

const LIGHT: Palette = {
  paper: "#ffffff",
  ink: "#1c2733",
  quiet: "#5b6875",
  line: "#8c9aa8",
  cable: "#4a5a6a",
  namespace: "#f5f8fb",
  host: "#faf8f3",
  bridge: "#dfeaf7",
  bridgeLine: "#2f6fb3",
  marks: {
    ...{ added: "#1a7f37", changed: "#9a6700", removed: "#cf222e" },
    ...{ missing: "#cf222e", drifted: "#9a6700", undeclared: "#0969da", unknown: "#8250df" },
  },
};

const DARK: Palette = {
  paper: "#0f151c",
  ink: "#e2e8ee",
  quiet: "#94a1ae",
  line: "#52606e",
  cable: "#9aa8b6",
  namespace: "#18212b",
  host: "#1b1d1f",
  bridge: "#172d45",
  bridgeLine: "#5b9bdb",
  marks: {
    ...{ added: "#3fb950", changed: "#d29922", removed: "#ff7b72" },
    ...{ missing: "#ff7b72", drifted: "#d29922", undeclared: "#58a6ff", unknown: "#bc8cff" },
  },
};

/** The color of each mark where the background is not the picture's own. */
export const STROKES = LIGHT.marks;

function rules(palette: Palette): string {
  const { paper, ink, quiet, line, cable, namespace, host, bridge, bridgeLine, marks } = palette;
  return [
    `.paper{fill:${paper}}`,
    `text{fill:${ink}}`,
    `.quiet{fill:${quiet}}`,
    `.machine>.box{stroke:${quiet}}`,
    `.rack>.box{fill:none;stroke:${line}}`,
    `.namespace>.box,.link>.box{fill:${namespace};stroke:${line}}`,
    `.host>.box{fill:${host};stroke:${line}}`,
    `.bridge>.box{fill:${bridge};stroke:${bridgeLine}}`,
    `.rule{stroke:${line};stroke-dasharray:2 4}`,
    `.cable{stroke:${cable}}`,
    `.port{fill:${paper};stroke:${cable}}`,
    `.icon{stroke:${ink}}`,
    ...Object.entries(marks).map(
      ([mark, colour]) =>
        `text.${mark}{fill:${colour}}.${mark}>.box,.cable.${mark},.port.${mark},.icon.${mark}{stroke:${colour}}.swatch.${mark}{fill:${colour}}`,
    ),
  ].join("");
}
