import { globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import * as kinds from "../provider/kinds/index.ts";
import { generatedPages } from "../tools/docs/page.ts";

const root = new URL("../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

test("the pages of resources, components and messages are those that are generated from the sources, and there are no others", () => {
  const written = [
    "resources.md",
    "messages.md",
    ...globSync("{resources,components}/*.md", { cwd: new URL("docs/", root) }),
  ];
  expect(new Map(written.map((path) => [path, read(`docs/${path}`)]))).toEqual(new Map(generatedPages()));
});

test("the example of every class is on its page, and the overview links to the page", () => {
  const examples = globSync(["*.ts", "components/*.ts"], { cwd: new URL("sdk/", root) }).flatMap((file) => {
    const page = (file.includes("/") ? file : `resources/${file}`).replace(".ts", ".md");
    return examplesIn(read(`sdk/${file}`)).map((example) => ({ example, page }));
  });
  expect(examples).toHaveLength(Object.keys(kinds).length + COMPONENTS);
  for (const { example, page } of examples) {
    expect(read(`docs/${page}`)).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
    expect(read(`docs/${dirname(page)}.md`)).toContain(`](${page})`);
  }
});

const COMPONENTS = 6;

test("the values of an argument are on its page in the order of the sources", () => {
  const pages = globSync("*.md", { cwd: new URL("docs/resources/", root) });
  const choices = pages.flatMap((page) =>
    [...read(`sdk/${page.replace(".md", ".ts")}`).matchAll(/^ {2}\w+\??: .*?("\w+"(?: \| "\w+")+)/gm)].map(
      ([, choice = ""]) => ({ choice, page }),
    ),
  );
  expect(choices.length).toBeGreaterThan(3);
  for (const { choice, page } of choices)
    expect(read(`docs/resources/${page}`).replaceAll(/`, `| \\\| /g, " | ")).toContain(choice);
});

test("the type of an argument that is a group is a link to the group's table on the same page", () => {
  const pages = globSync("{resources,components}/*.md", { cwd: new URL("docs/", root) });
  const links = pages.flatMap((page) => {
    const text = read(`docs/${page}`);
    const tables = [...text.matchAll(/^## (\w+)\n\n(?:[^|#\n].*\n)+\n\| Argument/gm)].map(([, name = ""]) =>
      name.toLowerCase(),
    );
    const types = [...text.matchAll(/^\| `\w+` +\| \[`[^`]*`\]\(#(\w+)\)/gm)].map(([, link = ""]) => link);
    expect(tables, page).toEqual(expect.arrayContaining(types));
    expect(text, page).not.toMatch(/^\| `\w+` +\| `[^`]*undefined/m);
    return types.map((link) => `${page}#${link}`);
  });
  expect(links).toEqual(
    expect.arrayContaining([
      "resources/wire-guard.md#wireguardpeerargs",
      "resources/filter-chain.md#filterruleargs",
      "resources/veth.md#vethendargs",
      "resources/route.md#nexthopargs",
      "resources/process.md#readyargs",
      "components/lan.md#lanhost",
    ]),
  );
});

test("each page and command that installs the package names the tarball of its version, because no registry has it", () => {
  const { version } = JSON.parse(read("package.json")) as { version: string };
  const sources = ["README.md", ...globSync(["docs/**/*.md", "{cli,inspect}/**/*.ts"], { cwd: root })];
  const installs = sources.flatMap((file) => read(file).match(/npm install .*pulumi-netns.*/g) ?? []);
  expect(installs.length).toBeGreaterThan(3);
  for (const line of installs) expect(line).toContain(`npm install /tmp/pulumi-netns-${version}.tgz`);
});

// The test searches the plain text, so that it does not compare the page with the parser that generates it.
const examplesIn = (source: string): string[] =>
  [...source.matchAll(/^ \* @example\n((?: \* .*\n)+)/gm)].map(([, lines = ""]) => lines.replaceAll(/^ \* /gm, ""));
