import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { REPOSITORY } from "../../tools/stack.ts";

test("the site is built without a network, and has no broken link", async () => {
  const site = await mkdtemp(join(tmpdir(), "pulumi-netns-site-"));
  const offline = (...command: string[]) =>
    execa("unshare", ["--user", "--map-root-user", "--net", ...command], { cwd: REPOSITORY, preferLocal: true });
  try {
    await offline(process.execPath, "tools/docs/api.ts");
    await offline("vitepress", "build", "docs", "--outDir", site);
    expect(dead(site)).toEqual([]);
  } finally {
    await rm(site, { recursive: true });
  }
});

// VitePress checks only links in Markdown, and not their headings.
function dead(site: string): string[] {
  const pages = new Map(globSync("**/*.html", { cwd: site }).map((page) => [page, read(join(site, page))]));
  expect(pages.size).toBeGreaterThan(20);
  const files = new Set(globSync("**/*.*", { cwd: site }));
  return [...pages].flatMap(([page, html]) =>
    [...html.matchAll(/ (?:href|src)="([^":]*)"/g)].flatMap(([, link = ""]) => {
      const { pathname, hash } = new URL(link, `http://site/${page}`);
      const file = pathname.replace(/\/$/, "/index.html").slice(1);
      const there = files.has(file) && (hash === "" || pages.get(file)?.includes(` id="${decodeURI(hash).slice(1)}"`));
      return there ? [] : [`${page}: ${link}`];
    }),
  );
}

const read = (file: string): string => readFileSync(file, "utf8");
