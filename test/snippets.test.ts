import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { complaints } from "./support/snippets.ts";

const pages = ["README.md", ...globSync("docs/**/*.md", { exclude: ["docs/api/**", "docs/.vitepress/**"] })];

test("every program in the docs compiles", () => {
  expect(pages.length).toBeGreaterThan(10);
  expect(complaints(new Map(pages.map((page) => [page, readFileSync(page, "utf8")])))).toEqual([]);
}, 120_000);

test("an error of the compiler is reported with its page and line", () => {
  const page = `
# A page

<!-- ts
declare const blue: Namespace;
-->

\`\`\`ts
new Address("ip", { interface: "eth0", namespace: blue, address: "10.0.0.1/24" });
green;
\`\`\`

\`\`\`ts
const red = new Namespace("red", { name: 1 });
\`\`\`
`;
  expect(complaints(new Map([["page.md", page]]))).toEqual([
    "page.md:10: Cannot find name 'green'.",
    "page.md:14: Type 'number' is not assignable to type 'Input<string> | undefined'.",
  ]);
}, 120_000);

test("the programs of the tutorial are those of the example", () => {
  const example = readFileSync("examples/seed/index.ts", "utf8").replaceAll(/^ +/gm, "");
  const programs = readFileSync("docs/tutorial.md", "utf8").matchAll(/^```ts\n(?:import .*\n\n)?([^]*?)^```$/gm);
  const statements = [...programs].map(([, program = ""]) => program.replaceAll(/^ +/gm, ""));
  expect(statements).toHaveLength(6);
  for (const [at, text] of statements.entries()) {
    // Forwarding and the route are in two branches of the example.
    for (const part of at === 3 ? text.split(/^/m) : [text]) expect(example).toContain(part);
  }
});
