import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as kinds from "../provider/kinds/index.ts";
import { resourcePages } from "../tools/docs/page.ts";

const root = new URL("../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

test("the pages of the resources are what the sources say, and there are no others", () => {
  const written = ["resources.md", ...readdirSync(new URL("docs/resources/", root)).map((file) => `resources/${file}`)];
  expect(new Map(written.map((path) => [path, read(`docs/${path}`)]))).toEqual(new Map(resourcePages()));
});

test("the example of every class is on its page, and the page on the overview", () => {
  const examples = readdirSync(new URL("sdk/", root))
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) =>
      examplesIn(read(`sdk/${file}`)).map((example) => ({ example, page: `resources/${file.replace(".ts", ".md")}` })),
    );
  expect(examples).toHaveLength(Object.keys(kinds).length);
  for (const { example, page } of examples) {
    expect(read(`docs/${page}`)).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
    expect(read("docs/resources.md")).toContain(`](${page})`);
  }
});

// Plain text search, so that the page is not held against the parser that it comes from.
const examplesIn = (source: string): string[] =>
  [...source.matchAll(/^ \* @example\n((?: \* .*\n)+)/gm)].map(([, lines = ""]) => lines.replaceAll(/^ \* /gm, ""));
