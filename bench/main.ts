import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism, release } from "node:os";
import { dirname, join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { REPOSITORY } from "../tools/stack.ts";
import { columns } from "./columns/index.ts";
import { type LabName, labs } from "./labs/index.ts";
import { type Group, measure } from "./measure.ts";
import { plot } from "./plot.ts";
import type { Measured, Results } from "./results.ts";
import { tables } from "./table.ts";

interface Options {
  readonly labs: LabName[];
  readonly sizes?: number[];
  readonly columns?: string[];
  readonly rounds?: number;
  readonly json: string;
  readonly plot: string;
}

const options = new Command("bench")
  .description("Measures labs side by side: the kernel's own tools, this provider, the engine, and other lab tools.")
  .addOption(list("--labs <names>", "the labs", Object.keys(labs)).default(Object.keys(labs)))
  .option("--sizes <numbers>", "how large the labs are, instead of each lab's own sizes", numbers)
  .addOption(
    list(
      "--columns <names>",
      "the columns; one that is named is never left out for its slowness",
      columns.map(({ name }) => name),
    ),
  )
  .option("--rounds <number>", "how often each is measured, instead of up to three times, by slowness", number)
  .option("--json <file>", "where the results go", join(REPOSITORY, "bench/results.json"))
  .option("--plot <file>", "where the picture goes", join(REPOSITORY, "docs/images/bench.svg"))
  .parse()
  .opts<Options>();

const groups = options.labs.flatMap((lab) => {
  const names = options.columns ?? labs[lab].columns;
  const chosen = columns.filter(({ name }) => names?.includes(name) ?? true);
  return (options.sizes ?? labs[lab].sizes).map(
    (size): Group => ({ lab, size, columns: chosen, named: options.columns !== undefined, rounds: options.rounds }),
  );
});
const measured: Measured[] = [];
for (const group of groups) measured.push(...(await measure(group, (text) => console.error(text))));

const results: Results = {
  cores: availableParallelism(),
  kernel: release(),
  node: process.versions.node,
  columns: columns
    .filter(({ name }) => measured.some(({ column }) => column === name))
    .map(({ name, title, floor }) => ({ name, title, ...(floor !== undefined && { floor }) })),
  measured,
};
for (const [file, text] of [
  [options.json, `${JSON.stringify(results, undefined, 2)}\n`],
  [options.plot, plot(results)],
] as const) {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
console.log(tables(results));
for (const { lab, size, column, absent } of measured.filter(({ absent }) => absent?.startsWith("failed"))) {
  console.error(`${lab} ${size}, ${column} ${absent ?? ""}`);
  process.exitCode = 1;
}

function list(flags: string, description: string, names: readonly string[]): Option {
  return new Option(flags, `${description}: ${names.join(", ")}`).argParser((text: string) => {
    const given = text.split(",");
    const strange = given.find((name) => !names.includes(name));
    if (strange !== undefined) throw new InvalidArgumentError(`"${strange}" is none of ${names.join(", ")}`);
    return given;
  });
}

function numbers(text: string): number[] {
  return text.split(",").map(number);
}

function number(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError(`"${text}" is not a whole number from 1 on, as 100`);
  return value;
}
