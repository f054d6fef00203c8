import { median, type Results } from "./results.ts";
import { amount } from "./table.ts";

/** Plots how long each column takes to create each lab, as an SVG: bars on a logarithmic scale, each with its time. */
export function plot({ columns, measured }: Results): string {
  const groups = [...Map.groupBy(measured, ({ lab, size }) => `${lab} ${size}`)].map(([title, all]) => ({
    title,
    bars: columns.flatMap(({ name }) => {
      const ms = median(all.find(({ column }) => column === name)?.values.create);
      return ms === undefined ? [] : [{ name, ms }];
    }),
  }));
  const times = groups.flatMap(({ bars }) => bars.map(({ ms }) => ms));
  const [low, high] = [Math.floor(Math.log10(Math.min(1000, ...times))), Math.ceil(Math.log10(Math.max(1, ...times)))];
  const x = (ms: number) => LEFT + ((Math.log10(ms) - low) / Math.max(1, high - low)) * WIDTH;

  let y = TOP;
  const body = groups.flatMap(({ title, bars }) => {
    const head = text(8, y + LINE, title, ' font-weight="bold"');
    const lines = bars.map(({ name, ms }, index) => {
      const at = y + LINE * (index + 1.5);
      return (
        text(LEFT - 8, at + 12, name, ' text-anchor="end"') +
        `<rect x="${LEFT}" y="${at}" width="${(x(ms) - LEFT).toFixed(1)}" height="${LINE - 4}" fill="${colour(name)}"/>` +
        text(x(ms) + 4, at + 12, amount(ms, "ms"))
      );
    });
    y += LINE * (bars.length + 2.5);
    return [head, ...lines];
  });
  const decades = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  const grid = decades.map(
    (ms) =>
      `<line x1="${x(ms)}" x2="${x(ms)}" y1="${TOP}" y2="${y}" stroke="#ddd"/>` +
      text(x(ms), TOP - 6, amount(ms, "ms"), ' text-anchor="middle" fill="#666"'),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${RIGHT}" height="${y}" viewBox="0 0 ${RIGHT} ${y}" font-family="sans-serif" font-size="13">`,
    `<title>Time to create a lab</title><rect width="100%" height="100%" fill="white"/>`,
    ...grid,
    ...body,
    "</svg>\n",
  ].join("\n");
}

const [TOP, LEFT, WIDTH, RIGHT, LINE] = [40, 140, 560, 780, 18];

const text = (x: number, y: number, words: string, more = ""): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${more}>${words.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</text>`;

/** Highlights the package's own columns. */
const colour = (name: string): string =>
  /^(provider|up)/.test(name) ? "#7c5cff" : /^(batch|empty)/.test(name) ? "#999" : "#d9a441";
