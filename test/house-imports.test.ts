import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

/** The imports that each tree may have: other trees, and packages that not all trees may import. */
const LAYERS = {
  provider: [],
  // The messages of Pulumi's protocol, and not the rest of its SDK, which takes half a second to load.
  plugin: ["construct/construct.ts", "checks", "provider", "@pulumi/pulumi/proto", "@grpc/grpc-js", "google-protobuf"],
  lab: ["provider"],
  checks: ["lab", "provider"],
  // The components of the SDK in the process of the plugin, which loads them only for a program that has components.
  construct: ["plugin/component-request.ts", "sdk", "provider", "@pulumi/pulumi"],
  sdk: ["checks", "provider", "@pulumi/pulumi"],
  inspect: ["sandbox", "lab", "provider"],
  picture: ["inspect", "lab", "provider", "elkjs"],
  sandbox: ["provider"],
  cli: ["picture", "inspect", "sandbox", "lab", "provider", "commander", "cli-table3"],
  testing: ["inspect", "sandbox", "provider", "vitest"],
} satisfies Record<string, string[]>;

/** The packages that all trees may import. */
const PACKAGES = ["execa", "ip-address", "valibot"];

const trees = Object.keys(LAYERS) as (keyof typeof LAYERS)[];
const files = globSync(`{${trees.join(",")}}/**/*.{ts,js}`);
const imports = new Map(files.map((file) => [file, importsOf(file)]));

test.each(trees)("%s imports only trees below it", (tree) => {
  const allowed: readonly string[] = [tree, ...LAYERS[tree], ...PACKAGES];
  const own = files.filter((file) => file.startsWith(`${tree}/`));
  expect(own).not.toEqual([]);
  const wrong = own.flatMap((file) =>
    (imports.get(file) ?? [])
      .filter((to) => !to.startsWith("node:") && !allowed.some((one) => to === one || to.startsWith(`${one}/`)))
      .map((to) => `${file} imports ${to}`),
  );
  expect(wrong).toEqual([]);
});

test.each(["lab", "checks", "picture", "sdk"])("%s and its imports start no process", (tree) => {
  const reached = new Set(files.filter((file) => file.startsWith(`${tree}/`)));
  for (const file of reached) for (const to of importsOf(file, "values")) if (imports.has(to)) reached.add(to);
  const starters = [...reached].filter((file) => importsOf(file).some((to) => /^execa$|child_process$/.test(to)));
  expect(starters).toEqual([]);
});

test("no file imports itself through others, also with types", () => {
  expect(cyclesIn(imports)).toEqual([]);
});

test("a cycle is found, and a diamond is not one", () => {
  const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges));
  expect(cyclesIn(graph({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] }))).toEqual([]);
  expect(cyclesIn(graph({ a: ["b"], b: ["c"], c: ["b"] }))).toEqual(["b → c → b"]);
  expect(cyclesIn(graph({ a: ["a"] }))).toEqual(["a → a"]);
});

/** Returns the files of this repository and the modules that a file imports: those that it needs at run time, or all. */
function importsOf(file: string, which: "values" | "all" = "all"): string[] {
  const text = readFileSync(file, "utf8");
  const statements = text.matchAll(/^(?:import|export)\s(type\s)?(?:[^;"]*?from\s)?"([^"]+)";|\bimport\("([^"]+)"\)/gm);
  return [...statements].flatMap(([, type, from, dynamic]) => {
    const to = from ?? dynamic ?? "";
    if (which === "values" && type !== undefined) return [];
    return [to.startsWith(".") ? join(dirname(file), to) : to];
  });
}

/** Returns one path for each cycle of a graph. */
function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start !== -1) cycles.push([...path.slice(start), file].join(" → "));
    if (start !== -1 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}
