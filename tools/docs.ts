import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { generatedPages } from "./docs/page.ts";

// Writes the pages of the resources and components; with --check it only reports whether they are out of date.
const docs = new URL("../docs/", import.meta.url);
const pages = generatedPages();
const left = globSync("{resources,components}/*.md", { cwd: docs }).filter((path) => !pages.has(path));

if (!process.argv.includes("--check")) {
  for (const folder of ["resources/", "components/"]) mkdirSync(new URL(folder, docs), { recursive: true });
  for (const path of left) rmSync(new URL(path, docs));
  for (const [path, text] of pages) writeFileSync(new URL(path, docs), text);
} else {
  const stale = [...pages].filter(([path, text]) => read(path) !== text).map(([path]) => path);
  for (const path of [...stale, ...left]) {
    console.error(`docs/${path} is not what the sources say: run 'npm run docs'`);
    process.exitCode = 1;
  }
}

function read(path: string): string | undefined {
  const file = new URL(path, docs);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
