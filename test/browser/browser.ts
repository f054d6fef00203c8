import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Page } from "playwright-core";

/** The path of Chromium, which the variable CHROMIUM can change. */
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

export const hasBrowser = existsSync(CHROMIUM);

/** A page in a real browser, with its messages in the console and its requests. It should have none of them. */
export interface Opened {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

export interface Browser extends AsyncDisposable {
  /** Opens a page from its text. */
  open(html: string): Promise<Opened>;
  /** Opens the page at an address. */
  visit(url: string): Promise<Opened>;
}

/**
 * Starts a browser with its own profile.
 *
 * @param enter The words that enter the sandbox in which it runs.
 */
export async function browser(enter: readonly string[] = []): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-page-"));
  const start = join(folder, "start");
  await writeFile(start, `#!/bin/sh\nexec ${[...enter, CHROMIUM].map((word) => `'${word}'`).join(" ")} "$@"\n`, {
    mode: 0o755,
  });
  const context = await chromium.launchPersistentContext(join(folder, "profile"), {
    executablePath: start,
    headless: true,
    args: ARGS,
    viewport: { width: 1280, height: 800 },
    timeout: 120_000,
  });
  context.setDefaultTimeout(30_000);
  let count = 0;
  const visit = async (url: string): Promise<Opened> => {
    const page = await context.newPage();
    const [complaints, requests]: [string[], string[]] = [[], []];
    page.on("console", (message) => void complaints.push(message.text()));
    page.on("pageerror", (error) => void complaints.push(error.message));
    page.on("request", (request) => {
      if (request.url() !== url) requests.push(request.url());
    });
    await page.goto(url);
    return { page, complaints, requests };
  };
  return {
    async open(html) {
      const file = join(folder, `${(count += 1)}.html`);
      await writeFile(file, html);
      return visit(pathToFileURL(file).href);
    },
    visit,
    async [Symbol.asyncDispose]() {
      await context.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
