import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Page } from "playwright-core";

/** The Chromium that pages are opened with; CHROMIUM names another. */
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

export const hasBrowser = existsSync(CHROMIUM);

/** A page in a real browser, and what it should not have: complaints in the console, and requests for more than itself. */
export interface Opened {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

export interface Browser extends AsyncDisposable {
  open(html: string): Promise<Opened>;
}

/** Starts a browser with a profile of its own. */
export async function browser(): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-page-"));
  const context = await chromium.launchPersistentContext(join(folder, "profile"), {
    executablePath: CHROMIUM,
    headless: true,
    args: ARGS,
    viewport: { width: 1280, height: 800 },
    timeout: 120_000,
  });
  context.setDefaultTimeout(30_000);
  let count = 0;
  return {
    async open(html) {
      const file = join(folder, `${(count += 1)}.html`);
      await writeFile(file, html);
      const page = await context.newPage();
      const [complaints, requests]: [string[], string[]] = [[], []];
      page.on("console", (message) => void complaints.push(message.text()));
      page.on("pageerror", (error) => void complaints.push(error.message));
      const { href } = pathToFileURL(file);
      page.on("request", (request) => {
        if (request.url() !== href) requests.push(request.url());
      });
      await page.goto(href);
      return { page, complaints, requests };
    },
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
