import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SOON } from "../../tools/sandbox.ts";
import { type Bench, openBench } from "../cli/bench.ts";
import { type Browser, browser, hasBrowser, type Opened } from "./browser.ts";

/* The page of `graph --serve` follows changes of the kernel. The browser runs in the sandbox of the lab. */

describe.skipIf(!hasBrowser)("the served page", () => {
  let bench: Bench;
  let chromium: Browser | undefined;
  let opened: Opened;
  let url: string;
  let server: ReturnType<typeof spawn>;

  beforeAll(async () => {
    bench = await openBench("two-namespaces");
    const [program = "", ...args] = [...bench.host.enter, ...bench.words("graph", "--serve")];
    server = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [said] = (await once(server.stdout!, "data")) as [Buffer];
    [url = ""] = String(said).split("\n");
    chromium = await browser(bench.host.enter);
    opened = await chromium.visit(url);
    await opened.page.locator("#live.following").waitFor();
  });

  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]();
    await bench[Symbol.asyncDispose]();
  });

  const ip = (...args: string[]) => bench.host.run("ip", ...args);
  const picture = () => opened.page.locator("#stage").innerHTML();
  const results = () => opened.page.locator("#results");
  const trace = async (from: string, to: string) => {
    await opened.page.locator("#trace-from").fill(from);
    await opened.page.locator("#trace-to").fill(to);
    await opened.page.getByRole("button", { name: "Trace", exact: true }).click();
  };

  test("the page shows changes of addresses, routes and links, and keeps the selection", async () => {
    const { page } = opened;
    await page.locator("#stage").getByRole("button", { name: "red, namespace" }).click();
    await ip("-n", "red", "address", "add", "10.9.9.9/32", "dev", "eth0");
    await expect.poll(picture, SOON).toContain("• 10.9.9.9/32");
    await ip("-n", "red", "route", "add", "10.8.0.0/24", "via", "10.0.0.2");
    await expect.poll(picture, SOON).toContain("• 10.8.0.0/24 via 10.0.0.2");
    expect(await page.locator("#panel").innerText()).toContain("10.8.0.0/24 via 10.0.0.2");
    await ip("-n", "blue", "link", "set", "dev", "eth0", "down");
    await expect.poll(picture, SOON).toMatch(/class="cable down /);
    await ip("-n", "blue", "link", "set", "dev", "eth0", "up");
    await ip("-n", "red", "route", "delete", "10.8.0.0/24");
    await ip("-n", "red", "address", "delete", "10.9.9.9/32", "dev", "eth0");
    await expect.poll(picture, SOON).not.toMatch(/class="cable down |• /);
  });

  test("pings are shown as a table, and a trace as a path: green with an answer, red without", async () => {
    const { page } = opened;
    await page.getByRole("button", { name: "Ping", exact: true }).click();
    await expect.poll(() => results().locator("td.good").count(), SOON).toBe(2);
    expect(await results().innerText()).toMatch(/^blue\t\t[\d.]+ ms$/m);
    await trace("red", "blue");
    await expect.poll(() => results().innerText(), SOON).toContain("the ping is answered");
    expect(await page.locator("[data-wire].path:not(.lost)").count()).toBe(1);

    await bench.host.run("ip", "netns", "exec", "blue", "sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=1");
    await page.getByRole("button", { name: "Ping", exact: true }).click();
    await expect.poll(() => results().locator("td.bad").innerText(), SOON).toBe("0/1");
    await trace("red", "blue");
    await expect.poll(() => results().innerText(), SOON).toContain("icmp_echo_ignore_all");
    await expect.poll(() => page.locator("[data-wire].path.lost").count(), SOON).toBe(1);
    await trace("red", "green");
    await expect.poll(() => results().innerText(), SOON).toContain('host "green" not found');
    await bench.host.run("ip", "netns", "exec", "blue", "sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=0");
  });

  test("a veth pair shows its rate while packets pass, and its capture is a pcap file", async () => {
    const { page } = opened;
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator("#panel .capture").first().click(),
      bench.host.run("ip", "netns", "exec", "red", "ping", "-q", "-i0.1", "-c40", "-s1000", "10.0.0.2"),
      expect.poll(() => page.locator(".rate").allTextContents(), SOON).toEqual([expect.stringMatching(/bit\/s$/)]),
    ]);
    expect(download.suggestedFilename()).toBe("red-eth0.pcap");
    const file = await readFile(await download.path());
    expect(file.readUInt32LE(0)).toBe(0xa1b2c3d4);
    expect(file.length).toBeGreaterThan(10_000);
  });

  test("a deleted namespace is marked as missing, and a new one of the same name is watched", async () => {
    await ip("netns", "delete", "blue");
    await expect.poll(picture, SOON).toContain("! blue");
    await ip("netns", "add", "blue");
    await ip("-n", "blue", "link", "set", "dev", "lo", "up");
    await ip("-n", "blue", "route", "add", "10.7.0.0/24", "dev", "lo");
    await expect.poll(picture, SOON).toContain("• 10.7.0.0/24 dev lo");
  });

  test("the page sends no requests to other origins, and its console has no errors", () => {
    const own = new URL(url).origin;
    expect(opened.requests.filter((request) => !request.startsWith(own) && request !== "data:,")).toEqual([]);
    expect(opened.complaints.filter((text) => !text.includes("400 (Bad Request)"))).toEqual([]);
  });

  test.each([
    ["without the token", [], "/", 403],
    ["with another token", [], "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/", 403],
    ["by another name of this machine", ["-H", "Host: evil.example"], "", 403],
    ["from another site", ["-X", "POST", "-H", "Origin: http://evil.example"], "ping", 403],
    ["of a path that does not exist", [], "nothing", 404],
    ["with an invalid body", ["-X", "POST", "-d", "{}"], "trace", 400],
  ])("a request %s is refused", async (_what, words, path, status) => {
    const { href } = new URL(path, url);
    const args = ["-s", "-o", "/dev/null", "-w", "%{http_code}", ...words, href];
    expect(await bench.host.run("curl", ...args)).toBe(String(status));
  });

  test("the server listens on 127.0.0.1 only, and leaves no process", async () => {
    const listening = await bench.host.run("ss", "--no-header", "--tcp", "--listening", "--numeric");
    expect(listening.trim().split("\n")).toEqual([expect.stringMatching(/^LISTEN\s+\d+\s+\d+\s+127\.0\.0\.1:\d+ /)]);
    const children = await readFile(`/proc/${server.pid}/task/${server.pid}/children`, "utf8");
    const monitors = children.trim().split(" ");
    expect(monitors).toHaveLength(3);
    server.kill("SIGINT");
    expect(await once(server, "exit")).toEqual([0, null]);
    expect(monitors.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  });
});
