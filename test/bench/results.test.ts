import { expect, test } from "vitest";
import { plot } from "../../bench/plot.ts";
import { type Measured, median, type Results, ratio } from "../../bench/results.ts";
import { amount, tables } from "../../bench/table.ts";

const cell = (column: string, values: Measured["values"], more: Partial<Measured> = {}): Measured => ({
  lab: "star",
  size: 10,
  column,
  pieces: 4,
  values,
  ...more,
});

const own = cell("own", { create: [90, 30, 60], refresh: [5] });
const results: Results = {
  cores: 2,
  kernel: "6.0",
  node: "22.0",
  columns: [
    { name: "floor", title: "the least" },
    { name: "own", title: "ours", floor: "floor" },
    { name: "other", title: "a tool", floor: "floor" },
  ],
  measured: [
    cell("floor", { create: [20], state: [2_000_000] }),
    own,
    cell("other", {}, { absent: "absent: not here" }),
    cell("floor", { create: [1] }, { size: 100 }),
  ],
};

test.each([
  [[], undefined],
  [[7], 7],
  [[9, 1], 5],
  [[30, 1, 2], 2],
  [[4, 3, 2, 100], 3.5],
])("the median of %j is %s", (numbers, middle) => {
  expect(median(numbers)).toBe(middle);
});

test("a ratio is relative to the floor of the same lab, if both have a value", () => {
  expect(ratio(results, own, "create")).toBe(3);
  expect(ratio(results, own, "refresh")).toBeUndefined();
  expect(ratio(results, results.measured[0]!, "create")).toBeUndefined();
});

test.each([
  [0.031, "ms", "0.03 ms"],
  [45.67, "ms", "45.7 ms"],
  [999.4, "ms", "999 ms"],
  [999.6, "ms", "1.00 s"],
  [61_234, "ms", "61.2 s"],
  [71_400, "bytes", "71.4 kB"],
  [149_000_000, "bytes", "149 MB"],
] as const)("%d %s is written as %s", (value, unit, text) => {
  expect(amount(value, unit)).toBe(text);
});

test("a table has a line for each column, also for a tool that is not installed", () => {
  const lines = tables(results).split("\n");
  const line = (name: string) =>
    lines
      .find((text) => text.startsWith(`│ ${name}`))
      ?.split("│")
      .map((text) => text.trim());
  expect(lines).toContain("star 10");
  expect(lines).toContain("star 100");
  expect(line("floor")).toEqual(["", "floor", "4", "1", "20.0 ms", "5.00 ms", "–", "2.00 MB", ""]);
  expect(line("own")).toEqual(["", "own", "4", "3", "60.0 ms ×3.00", "15.0 ms", "5.00 ms", "–", ""]);
  expect(line("other")).toEqual(["", "other", "absent: not here", ""]);
});

test("a picture has a bar for each time, on a logarithmic scale", () => {
  const picture = plot(results);
  const bars = [...picture.matchAll(/<rect x="140" y="[\d.]+" width="([\d.]+)"/g)].map(([, width]) => Number(width));
  // The scale is from 1 ms to 100 ms; 20 ms and 60 ms are at their logarithms.
  expect(bars).toEqual([20, 60, 1].map((ms) => Number(((560 * Math.log10(ms)) / 2).toFixed(1))));
  expect(picture).toContain(">60.0 ms</text>");
  expect(picture).not.toContain("other");
});

test("names in a picture are escaped", () => {
  const strange = { ...results, columns: [{ name: "a<b&", title: "" }], measured: [cell("a<b&", { create: [10] })] };
  expect(plot(strange)).toContain(">a&lt;b&amp;</text>");
});
