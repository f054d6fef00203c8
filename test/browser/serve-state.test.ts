import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox } from "../../tools/sandbox.ts";
import { example, openStack, REPOSITORY, type Stack } from "../../tools/stack.ts";
import { COMMAND } from "../cli/bench.ts";
import { type Browser, browser, hasBrowser, type Opened } from "./browser.ts";

/* The page of `graph --serve` follows the stack's state, and shows the logs of processes. The browser runs in the sandbox of the lab. */

const PROGRAM = `import * as pulumi from "@pulumi/pulumi";
import { Namespace, Process, Veth } from "pulumi-netns";
const red = new Namespace("red");
new Process("ticker", { namespace: red, command: ["sh", "-c", "n=0; while :; do n=$((n+1)); echo tick $n; sleep 1; done"] });
if (new pulumi.Config().getBoolean("more")) {
  const green = new Namespace("green");
  new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: "eth0", namespace: green, addresses: ["10.5.0.2/24"] } });
}
`;

describe.skipIf(!hasBrowser)("the served page of a changing stack", () => {
  let host: Sandbox;
  let folder: string;
  let stack: Stack;
  let chromium: Browser | undefined;
  let opened: Opened;
  let server: ReturnType<typeof spawn>;

  beforeAll(async () => {
    host = await sandbox();
    folder = await mkdtemp(join(tmpdir(), "pulumi-netns-serve-"));
    for (const file of ["Pulumi.yaml", "package.json", "tsconfig.json"])
      await cp(join(example("two-namespaces"), file), join(folder, file));
    await writeFile(join(folder, "index.ts"), PROGRAM);
    await symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
    await mkdir(join(folder, "backend"));
    const own = { PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`, PULUMI_HOME: join(folder, "home") };
    stack = await openStack(host, folder, "dev", own);
    await stack.up();
    const environment = [...Object.entries(own).map(([key, value]) => `${key}=${value}`), "PULUMI_CONFIG_PASSPHRASE="];
    const words = ["env", ...environment, ...COMMAND, "graph", "--serve", "-C", folder, "-s", "dev"];
    const [program = "", ...args] = [...host.enter, ...words];
    server = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [said] = (await once(server.stdout!, "data")) as [Buffer];
    chromium = await browser(host.enter);
    opened = await chromium.visit(String(said).split("\n")[0] ?? "");
    await opened.page.locator("#live.following").waitFor();
  });

  afterAll(async () => {
    server.kill("SIGINT");
    await once(server, "exit");
    await chromium?.[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const node = (name: string) => opened.page.locator("#stage").getByRole("button", { name });
  const picture = () => opened.page.locator("#stage").innerHTML();

  test("the details of a namespace show new log lines of its processes", async () => {
    await node("red, namespace").click();
    const log = opened.page.locator("#panel .log");
    await expect.poll(() => log.innerText(), SOON).toMatch(/tick \d+$/);
    const before = await log.innerText();
    await expect.poll(() => log.innerText(), SOON).not.toBe(before);
    expect((await log.innerText()).trim().split("\n").length).toBeLessThanOrEqual(5);
  });

  test("a namespace that an up adds is shown and followed, and disappears when an up removes it", async () => {
    expect(await node("green, namespace").count()).toBe(0);
    await stack.config({ more: true });
    await stack.up();
    await expect.poll(() => node("green, namespace").count(), SOON).toBe(1);
    expect(await picture()).toContain("10.5.0.2/24");
    await host.run("ip", "-n", "green", "address", "add", "10.9.9.9/32", "dev", "eth0");
    await expect.poll(picture, SOON).toContain("• 10.9.9.9/32");
    await stack.config({ more: false });
    await stack.up();
    await expect.poll(() => node("green, namespace").count(), SOON).toBe(0);
    expect(opened.complaints).toEqual([]);
  });
});
