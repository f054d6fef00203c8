import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../../tools/stack.ts";

/** Returns the first code block of a language below a heading of a page in docs/. */
export function block(page: string, heading: string, language: string): string {
  const [, section] = readFileSync(join(REPOSITORY, "docs", `${page}.md`), "utf8").split(`# ${heading}\n`);
  const [, code] = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(section ?? "") ?? [];
  if (code === undefined) throw new Error(`docs/${page}.md has no ${language} block under "${heading}"`);
  return code;
}
