import { cpSync, globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DefaultTheme, defineConfig } from "vitepress";

const docs = fileURLToPath(new URL("..", import.meta.url));

/** A link to a page, under the page's own title. */
function page(path: string): DefaultTheme.SidebarItem {
  const [, text = path] = /^# (.+)$/m.exec(readFileSync(join(docs, path), "utf8")) ?? [];
  return { text, link: `/${path.replace(/\.md$/, "")}` };
}

/** Links to pages, and below each to those in the folder of its name. */
const pages = (names: readonly string[]): DefaultTheme.SidebarItem[] =>
  names.map((name) => {
    const below = globSync(`${name}/*.md`, { cwd: docs }).sort().map(page);
    return below.length === 0 ? page(`${name}.md`) : { ...page(`${name}.md`), items: below };
  });

const begin = ["tutorial", "recipes", "coming-from"];
const understand = ["how-it-works", "reliability", "performance", "stability", "kernel"];
const elsewhere = [...begin, ...understand, "index", "resources"];
const use = readdirSync(docs)
  .filter((file) => file.endsWith(".md"))
  .map((file) => file.replace(".md", ""))
  .filter((name) => !elsewhere.includes(name));

export default defineConfig({
  title: "pulumi-netns",
  description: "Linux network labs as a TypeScript program",
  lang: "en",
  // Tables of arguments are wide, and what matters is in their last column.
  head: [["style", {}, ".vp-doc :is(th, td) { padding: 6px 8px } .vp-doc td:last-child { min-width: 12em }"]],
  themeConfig: {
    search: { provider: "local" },
    nav: [
      { text: "Tutorial", link: "/tutorial" },
      { text: "Recipes", link: "/recipes" },
      { text: "Resources", link: "/resources" },
      { text: "API", link: "/api/" },
    ],
    sidebar: [
      { text: "Begin", items: pages(begin) },
      { text: "Use", items: pages(use) },
      { text: "Understand", items: pages(understand) },
      {
        text: "Look up",
        items: [...pages(["resources", "messages"]), { text: "API", link: "/api/" }],
      },
    ],
    outline: { level: [2, 3] },
  },
  // Files that pages link to, and that are no pages.
  buildEnd: ({ outDir }) => cpSync(join(docs, "ci"), join(outDir, "ci"), { recursive: true }),
});
