import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { KINDS } from "../lab/kinds.ts";
import * as kinds from "../provider/kinds/index.ts";

const sources = globSync("{sdk,provider,checks,lab,inspect,cli,picture,testing,bench,tools,test}/**/*.ts");
const lines = (file: string) => readFileSync(file, "utf8").split("\n").length;
const fileOf = (type: string) => type.replace(/(?<=.)([A-Z])/g, "-$1").toLowerCase();

test("a file has at most 250 lines", () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(sources.filter((file) => lines(file) > 250)).toEqual([]);
});

test.each(Object.values(kinds).map(({ type }) => type))("%s has its files in every tree", (type) => {
  const file = fileOf(type);
  const tests = [`test/kinds/${file}.test.ts`, `test/kinds/${file}.sample.ts`];
  for (const tree of [`provider/kinds/${file}.ts`, `sdk/${file}.ts`, ...tests]) {
    expect(globSync(tree)).toEqual([tree]);
  }
  expect(readFileSync(`docs/resources/${file}.md`, "utf8")).toMatch(new RegExp(`^# ${type}\n`));
});

test("a workflow runs only commands that CONTRIBUTING explains", () => {
  const steps = [...readFileSync(".github/workflows/ci.yml", "utf8").matchAll(/run: (npm .+)/g)].map(
    ([, step]) => step,
  );
  expect(steps.length).toBeGreaterThan(3);
  const explained = readFileSync("CONTRIBUTING.md", "utf8");
  for (const step of steps) expect(explained).toContain(`| \`${step}\` `);
});

test("shared code does not branch on kinds", () => {
  const types = Object.values(kinds).map(({ type }) => type);
  const shared = globSync(["provider/*.ts", "provider/kernel/*.ts", "sdk/{resource,reach,place,interface}.ts"]);
  const asks = new RegExp(`(type|kind) === "(${types.join("|")})"|case "(${types.join("|")})"`);
  expect(shared.filter((file) => asks.test(readFileSync(file, "utf8")))).toEqual([]);
});

test("the lab model reads exactly the existing kinds", () => {
  const types = Object.values(kinds).map(({ type }) => type);
  expect(Object.keys(KINDS).sort()).toEqual(types.sort());
});

test("only one function writes the label of the line of help", () => {
  const product = globSync("{sdk,provider,checks,lab,inspect,cli,picture,testing}/**/*.{ts,js}");
  const written = product.filter((file) => /(?:["'`]|\\n) {2}(?:help|what to do): /.test(withoutComments(file)));
  expect(written).toEqual(["provider/message.ts"]);
});

test("no message has a person without a name as its subject", () => {
  const product = globSync("{sdk,provider,checks,lab,inspect,cli,picture,testing}/**/*.{ts,js}");
  expect(product.filter((file) => /\b(?:no|some)body\b|\bwhoever\b/i.test(withoutComments(file)))).toEqual([]);
});

/** Returns a file without comments, so that its remaining prose is its messages. */
const withoutComments = (file: string): string =>
  readFileSync(file, "utf8")
    .replaceAll(/\/\*[^]*?\*\//g, "")
    .replaceAll(/^\s*\/\/.*$/gm, "");
