import { spawn } from "node:child_process";
import { once } from "node:events";
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

/** Returns the processes that run. A process that has ended may remain as a zombie. */
const alive = async (pids: readonly string[]) => {
  const states = await Promise.all(pids.map((pid) => bench.host.try("ps", "-o", "stat=", "-p", pid)));
  return pids.filter((_, index) => /^[^Z]/.test(states[index]?.stdout ?? ""));
};

test("status shows the log of a process, a lease with its remaining time, and the changed line of a file that was edited by hand", async () => {
  const { host, netns } = bench;
  const address = () => host.run("ip", "-n", "client", "-brief", "address", "show", "dev", "eth0");
  await expect.poll(address, { timeout: 60_000 }).toContain("10.7.0.1");
  const path = (await host.run("find", "/run/pulumi-netns", "-name", "dnsmasq.conf")).trim();
  await host.run("sed", "-i", "s/1h/2h/", path);
  const { stdout } = await netns("status");
  expect(/^ +log (\S+:dnsmasq@\S+)$/m.exec(stdout)?.[1]).toBe(await logOfDnsmasq());
  expect(stdout).toMatch(/^ {4}lease +eth0 +10\.7\.0\.1\d\d\/24 +expires in \d\d minutes$/m);
  expect(stdout).toMatch(
    /^ +files\.dnsmasq\.conf line 4 {7}dhcp-range=10\.7\.0\.100,10\.7\.0\.200,1h → {7}dhcp-range=\S+,2h$/m,
  );
});

test("trace names the program that receives a packet, and the process of the stack that does not run as declared there", async () => {
  const { code, stdout } = await bench.netns("trace", "client", "server", "udp", "67");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}2 {2}server +in by \S+, received by dnsmasq \(process \d+\)$/m);
  expect(stdout).toMatch(
    /\n\nanother program may have accepted it, because these processes do not run as the stack's state says:\n {2}Process dnsmasq has drifted: files\.dnsmasq\.conf [^\n]+\n {2}help: end the other program, and run `pulumi up --refresh`$/,
  );
});

const logOfDnsmasq = async () => (await bench.host.run("find", "/run/pulumi-netns", "-name", "*:dnsmasq@*.log")).trim();

test("logs shows the log of a process, and --follow its new lines", async () => {
  const { host, netns, words } = bench;
  const one = await netns("logs", "dnsmasq");
  expect(one).toMatchObject({ code: 0, stderr: "" });
  expect(one.stdout).toMatch(/dnsmasq\[\d+\]: started, version /);
  const all = (await netns("logs")).stdout.split("\n");
  expect(new Set(all.map((line) => line.split(" | ")[0]?.trim()))).toEqual(new Set(["dnsmasq", "udhcpc"]));

  const [program = "", ...args] = [...host.enter, ...words("logs", "dnsmasq", "--follow", "--lines", "1")];
  const following = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const end = once(following, "close");
  let shown = "";
  following.stdout.on("data", (data: Buffer) => (shown += data.toString()));
  try {
    // The first line shows that it has started.
    await expect.poll(() => shown, { timeout: 60_000 }).toMatch(/^[^\n]+\n$/);
    await host.run("sh", "-c", 'echo a new line >>"$1"', "sh", await logOfDnsmasq());
    await expect.poll(() => shown, SOON).toMatch(/^[^\n]+\na new line\n$/);
  } finally {
    following.kill();
    await end;
  }
});

test("the error about a process that does not exist lists the processes of the stack", async () => {
  expect((await bench.netns("logs", "dnsmaq")).stderr).toMatch(
    /^error: process "dnsmaq" not found in this stack; did you mean dnsmasq\?\n {2}help: available: dnsmasq, udhcpc$/,
  );
});

test("restart starts a process again from the state, also one that has died", async () => {
  const { host, netns } = bench;
  const ofServer =
    'for pid in $(ip netns pids server); do grep -qx dnsmasq "/proc/$pid/comm" && echo "$pid"; done; true';
  const pid = () => host.run("sh", "-c", ofServer);
  const before = await pid();
  expect(await netns("restart", "dnsmasq")).toMatchObject({ code: 0, stdout: "process dnsmasq was restarted" });
  const after = await pid();
  expect(after).not.toBe(before);
  await host.run("kill", "-s", "KILL", after.trim());
  await expect.poll(() => alive([after.trim()]), SOON).toEqual([]);
  expect(await netns("restart", "dnsmasq")).toMatchObject({ code: 0 });
  expect((await netns("status")).code).toBe(0);
});

test("status reports a process that has died as missing, although its log exists", async () => {
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

test("clean --force removes the processes, logs and files of the stack, and keeps foreign ones", async () => {
  const { host, netns } = bench;
  const pidsIn = async (name: string) =>
    (await host.run("ip", "netns", "pids", name)).split("\n").filter((pid) => pid !== "");
  const pids = await pidsIn("server");
  const dead = await pidsIn("client");
  for (const own of [pids, dead]) expect((await alive(own)).length).toBeGreaterThanOrEqual(1);
  await host.run("kill", "-s", "KILL", ...dead);
  await expect.poll(() => alive(dead), SOON).toEqual([]);

  // --force is needed because the stack still has a state.
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
});
