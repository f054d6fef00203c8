import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as kinds from "../provider/kinds/index.ts";
import { resourcesPage } from "../tools/docs/page.ts";

const root = new URL("../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

test("docs/resources.md is what the sources say", () => {
  expect(read("docs/resources.md")).toBe(resourcesPage());
});

test("the example of every class is on the page", () => {
  const examples = readdirSync(new URL("sdk/", root))
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => examplesIn(read(`sdk/${file}`)));
  expect(examples).toHaveLength(Object.keys(kinds).length);
  for (const example of examples) expect(resourcesPage()).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
});

// Plain text search, so that the page is not held against the parser that it comes from.
const examplesIn = (source: string): string[] =>
  [...source.matchAll(/^ \* @example\n((?: \* .*\n)+)/gm)].map(([, lines = ""]) => lines.replaceAll(/^ \* /gm, ""));
