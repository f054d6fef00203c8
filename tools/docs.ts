import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resourcesPage } from "./docs/page.ts";

// Writes docs/resources.md; with --check it only says whether that is needed.
const file = new URL("../docs/resources.md", import.meta.url);
const page = resourcesPage();

if (!process.argv.includes("--check")) {
  writeFileSync(file, page);
} else if (!existsSync(file) || readFileSync(file, "utf8") !== page) {
  console.error("docs/resources.md is not what the sources say: run 'npm run docs'");
  process.exitCode = 1;
}
