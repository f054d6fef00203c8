import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { packageSchema } from "./docs/package-schema.ts";
import { generatedPages } from "./docs/page.ts";

// Writes the pages of the resources and components, and the package's schema; with --check it only reports whether they are out of
// date.
const root = new URL("../", import.meta.url);
const files = new Map([
  ...[...generatedPages()].map(([path, text]): [string, string] => [`docs/${path}`, text]),
  ["plugin/schema.json", packageSchema()],
]);
const left = globSync("docs/{resources,components}/*.md", { cwd: root }).filter((path) => !files.has(path));

if (!process.argv.includes("--check")) {
  for (const folder of ["docs/resources/", "docs/components/"]) mkdirSync(new URL(folder, root), { recursive: true });
  for (const path of left) rmSync(new URL(path, root));
  for (const [path, text] of files) writeFileSync(new URL(path, root), text);
} else {
  const stale = [...files].filter(([path, text]) => read(path) !== text).map(([path]) => path);
  for (const path of [...stale, ...left]) {
    console.error(`${path} is not what the sources say: run 'npm run docs'`);
    process.exitCode = 1;
  }
}

function read(path: string): string | undefined {
  const file = new URL(path, root);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
