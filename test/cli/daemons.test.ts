import { afterAll, beforeAll, expect, test } from "vitest";
import { logOf } from "../../provider/kinds/process-paths.ts";
import { type Sandbox, SOON, traces } from "../../tools/sandbox.ts";
import { type Bench, openBench } from "./bench.ts";

let bench: Bench;
let before: string;
let theirs: string;

const OTHER = "pulumi-netns:dhcp-lan/other:x@00000000";

beforeAll(async () => {
  bench = await openBench("dhcp-lan", {
    async before(host) {
      await host.run("mkdir", "-p", "/etc/netns/client", "/etc/netns/theirs", "/run/pulumi-netns");
      for (const log of [logOf(OTHER), "/run/pulumi-netns/mine.log"]) await host.run("touch", log);
      await host.run("sh", "-c", `echo "# ${OTHER}" >/etc/netns/theirs/hosts; echo mine >/etc/netns/client/motd`);
      const start = 'PULUMI_NETNS_MARK="$1" setsid sleep 600 >/dev/null 2>&1 & echo $!';
      theirs = (await host.run("sh", "-c", start, "sh", OTHER)).trim();
      before = await everything(host);
    },
  });
});

afterAll(() => bench[Symbol.asyncDispose]());

const everything = async (host: Sandbox) => `${await traces(host)}\n${await host.run("find", "/run", "/etc/netns")}`;

/** Those of some processes that run; one that has ended stays in the table where nobody asks for its exit code. */
const alive = async (pids: readonly string[]) => {
  const states = await Promise.all(pids.map((pid) => bench.host.try("ps", "-o", "stat=", "-p", pid)));
  return pids.filter((_, index) => /^[^Z]/.test(states[index]?.stdout ?? ""));
};

test("logs shows what a process has logged, and follows it; status shows where that is", async () => {
  const { host, netns, words } = bench;
  const one = await netns("logs", "dnsmasq");
  expect(one).toMatchObject({ code: 0, stderr: "" });
  expect(one.stdout).toMatch(/dnsmasq\[\d+\]: started, version /);
  expect((await netns("logs", "dnsmasq", "-n", "1")).stdout.split("\n")).toHaveLength(1);
  const all = (await netns("logs")).stdout.split("\n");
  expect(new Set(all.map((line) => line.split(" | ")[0]?.trim()))).toEqual(new Set(["dnsmasq", "udhcpc"]));
  const [, log = ""] = /^ +log (\/run\/pulumi-netns\/\S+dnsmasq\S+\.log)$/m.exec((await netns("status")).stdout) ?? [];
  const followed = host.try("timeout", "3", ...words("logs", "dnsmasq", "-f", "-n", "0"));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await host.run("sh", "-c", 'echo a new line >>"$1"', "sh", log);
  expect((await followed).stdout).toBe("a new line");
  expect((await netns("logs", "dnsmaq")).stderr).toMatch(
    /^error: process "dnsmaq" not found in this stack; did you mean dnsmasq\?\n {2}help: available: dnsmasq, udhcpc$/,
  );
});

test("status shows the address of a DHCP lease, and the time until it expires", async () => {
  const status = async () => (await bench.netns("status")).stdout;
  await expect
    .poll(status, { timeout: 20_000 })
    .toMatch(/^ {4}lease +eth0 +10\.7\.0\.1\d\d\/24 +expires in \d\d minutes$/m);
});

test("a file that was edited by hand is shown by its line", async () => {
  const { host, netns } = bench;
  const path = (await host.run("find", "/run/pulumi-netns", "-name", "dnsmasq.conf")).trim();
  await host.run("sed", "-i", "s/1h/2h/", path);
  expect((await netns("status")).stdout).toMatch(
    /^ +files\.dnsmasq\.conf line 4 {7}dhcp-range=10\.7\.0\.100,10\.7\.0\.200,1h → {7}dhcp-range=\S+,2h$/m,
  );
});

test("restart starts a process again from the state, also one that has died", async () => {
  const { host, netns } = bench;
  const pid = () => host.run("pgrep", "-x", "dnsmasq");
  const before = await pid();
  expect(await netns("restart", "dnsmasq")).toMatchObject({ code: 0, stdout: "process dnsmasq was restarted" });
  const after = await pid();
  expect(after).not.toBe(before);
  expect((await netns("status")).code).toBe(0);
  await host.run("kill", "-s", "KILL", after.trim());
  await expect.poll(() => alive([after.trim()]), SOON).toEqual([]);
  expect(await netns("restart", "dnsmasq")).toMatchObject({ code: 0 });
  expect((await netns("status")).code).toBe(0);
});

test("a process that has died is missing: the log that is left of it is nobody else's", async () => {
  const { host, netns, stack } = bench;
  const pids = (await host.run("ip", "netns", "pids", "client")).split("\n").filter((pid) => pid !== "");
  await host.run("kill", "-s", "KILL", ...pids);
  await expect.poll(() => alive(pids), SOON).toEqual([]);
  const { code, stdout } = await netns("status");
  expect(code).toBe(3);
  expect(stdout).toMatch(/^ {4}Process +udhcpc .* missing$/m);
  expect(stdout).not.toContain("foreign");
  expect(await stack.up("--refresh")).toEqual(["create Process udhcpc"]);
});

test("processes, logs and files that a stack has left go with it, and those of others stay", async () => {
  const { host, netns } = bench;
  const pidsIn = async (name: string) =>
    (await host.run("ip", "netns", "pids", name)).split("\n").filter((pid) => pid !== "");
  const pids = await pidsIn("server");
  const dead = await pidsIn("client");
  for (const own of [pids, dead]) expect((await alive(own)).length).toBeGreaterThanOrEqual(1);
  await host.run("kill", "-s", "KILL", ...dead);
  await expect.poll(() => alive(dead), SOON).toEqual([]);

  // With --force, for the stack's state is still there.
  const { code, stdout } = await netns("clean", "--force", "--yes");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}process +pulumi-netns:dhcp-lan\/dev@[0-9a-f]{8}:dnsmasq@[0-9a-f]{8}$/m);
  expect(stdout).toMatch(/^ {2}log +\/run\/pulumi-netns\/dhcp-lan\+dev@[0-9a-f]{8}:udhcpc@[0-9a-f]{8}\.log$/m);
  expect(stdout).toMatch(/^ {2}namespace +client +with everything in it$/m);
  expect(stdout).toMatch(/^ {2}hosts files +\/etc\/netns\/client$/m);
  expect(stdout).toMatch(/^ {2}hosts files +\/etc\/netns\/server$/m);
  expect(stdout).not.toMatch(/other|theirs/);

  expect(await alive(pids)).toEqual([]);
  expect(await alive([theirs])).toEqual([theirs]);
  await expect.poll(() => everything(host), SOON).toBe(before);
  expect((await netns("clean", "--force", "--yes")).stdout).toMatch(/^No objects of stack dhcp-lan\/dev found\.$/m);
});
