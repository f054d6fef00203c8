import Table from "cli-table3";
import { type Measured, median, type Results, ROWS, type Row, ratio } from "./results.ts";

/** Returns the results as text: one table for each lab, one line for each column, and the descriptions of the columns. */
export function tables(results: Results): string {
  const labs = Map.groupBy(results.measured, ({ lab, size }) => `${lab} ${size}`);
  const parts = [...labs].map(([title, measured]) => `${title}\n${table(results, measured)}\n`);
  const legend = results.columns.map(
    ({ name, title, floor }) => `${name.padEnd(14)} ${title}${floor === undefined ? "" : `; × is against ${floor}`}`,
  );
  return `${parts.join("\n")}\n${legend.join("\n")}\n\n${FOOT(results)}\n`;
}

const FOOT = ({ cores, kernel, node }: Results): string =>
  `Medians; ${cores} cores, Linux ${kernel}, Node ${node}. "all gone" is the destroy and the wait until the kernel shows ` +
  `nothing of the lab. "each" is the create for each resource. A dash: there is no such thing there.`;

function table(results: Results, measured: readonly Measured[]): string {
  const rows = (Object.keys(ROWS) as Row[]).filter((row) => measured.some(({ values }) => values[row] !== undefined));
  const text = new Table({
    head: [
      "",
      "resources",
      "rounds",
      ...rows.flatMap((row) => [ROWS[row].title, ...(row === "create" ? ["each"] : [])]),
    ],
    colAligns: ["left"],
    style: { head: [], border: [], compact: true },
  });
  for (const one of measured) {
    if (one.absent !== undefined) {
      text.push([one.column, { content: brief(one.absent), colSpan: rows.length + 3 }]);
      continue;
    }
    text.push([
      one.column,
      String(one.pieces),
      String(one.values.create?.length ?? 0),
      ...rows.flatMap((row) => [cell(results, one, row), ...(row === "create" ? [each(one)] : [])]),
    ]);
  }
  return text.toString();
}

const brief = (reason: string): string => reason.split("\n")[0]?.slice(0, 100) ?? "";

function cell(results: Results, one: Measured, row: Row): string {
  const value = median(one.values[row]);
  if (value === undefined) return "–";
  const times = ratio(results, one, row);
  return `${amount(value, ROWS[row].unit)}${times === undefined ? "" : ` ×${round(times)}`}`;
}

const each = ({ values, pieces }: Measured): string => {
  const create = median(values.create);
  return create === undefined ? "–" : amount(create / pieces, "ms");
};

/** Formats a time or a size for the user, with at most three digits. */
export function amount(value: number, unit: "ms" | "bytes"): string {
  const [small, large] = unit === "ms" ? ["ms", "s"] : ["kB", "MB"];
  const scaled = unit === "ms" ? value : value / 1000;
  return scaled < 999.5 ? `${round(scaled)} ${small}` : `${round(scaled / 1000)} ${large}`;
}

const round = (value: number): string =>
  value < 9.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : value.toFixed(0);
