import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, openBench } from "./bench.ts";

let bench: Bench;
let folder: string;

beforeAll(async () => {
  // A tcpdump that becomes another user first needs one, so where there is a real root, it makes the sandbox.
  bench = await openBench("seed", { root: isRoot });
  folder = await mkdtemp(join(tmpdir(), "pulumi-netns-capture-"));
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const isRoot = process.getuid?.() === 0;

/** Starts a capture, sends echo requests from red to blue until it has ended, and tells what it gave. */
async function captured(args: string[]) {
  const [program = "", ...words] = [...bench.host.enter, ...bench.words("capture", ...args)];
  const running = spawn(program, words, { stdio: ["ignore", "pipe", "ignore"] });
  let stdout = Buffer.alloc(0);
  running.stdout.on("data", (data: Buffer) => (stdout = Buffer.concat([stdout, data])));
  const end = once(running, "close") as Promise<[number | null]>;
  for (let pings = 0; pings < 300 && running.exitCode === null; pings++) {
    await bench.host.try("ip", "netns", "exec", "red", "ping", "-c1", "-W1", "-s", "100", "192.168.15.2");
    await pause(100);
  }
  running.kill();
  const [code] = await end;
  return { code, stdout };
}

/** The packets of a pcap file: the length of each. */
function packetsOf(pcap: Buffer): number[] {
  expect(pcap.readUInt32LE(0).toString(16)).toMatch(/^a1b2(c3d4|3c4d)$/);
  const lengths: number[] = [];
  for (let at = 24; at < pcap.length; at += 16 + pcap.readUInt32LE(at + 8)) lengths.push(pcap.readUInt32LE(at + 8));
  return lengths;
}

// Ethernet, IPv4 and ICMP before the 100 bytes.
const ECHO = 14 + 20 + 8 + 100;

describe.runIf(isRoot)("where tcpdump may become another user", () => {
  test("packets of a cable's end are lines to read, filtered", async () => {
    const { code, stdout } = await captured(["red-wire.b", "--count", "2", "icmp", "and", "src", "192.168.15.1"]);
    expect(code).toBe(0);
    const lines = stdout.toString().trim().split("\n");
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/IP 192\.168\.15\.1 > 192\.168\.15\.2: ICMP echo request/);
  });

  test("a pcap goes into a file, or down a pipe", async () => {
    const file = join(folder, "red.pcap");
    expect((await captured(["red/veth-red", "-c", "2", "-w", file, "icmp"])).code).toBe(0);
    expect(packetsOf(await readFile(file))).toEqual([ECHO, ECHO]);
    const piped = await captured(["v-net-0", "-c", "1", "-w", "-", "icmp"]);
    expect(piped.code).toBe(0);
    expect(packetsOf(piped.stdout)).toEqual([ECHO]);
  });

  test("a packet is in the pipe as soon as it is seen, while the capture goes on", async () => {
    const [program = "", ...words] = [...bench.host.enter, ...bench.words("capture", "red-wire", "-w", "-", "icmp")];
    const running = spawn(program, words, { stdio: ["ignore", "pipe", "ignore"] });
    let stdout = Buffer.alloc(0);
    running.stdout.on("data", (data: Buffer) => (stdout = Buffer.concat([stdout, data])));
    const until = (bytes: number) =>
      expect.poll(() => stdout.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(bytes);
    await until(24);
    await bench.host.run("ip", "netns", "exec", "red", "ping", "-c1", "-W5", "-s", "100", "192.168.15.2");
    await until(24 + 16 + ECHO);
    running.kill();
    await once(running, "close");
    expect(packetsOf(stdout)[0]).toBe(ECHO);
  });
});

test("in a sandbox with one user it works, or says why not and what to do", async () => {
  await using alone = await openBench("two-namespaces");
  const { code, stderr } = await alone.netns("capture", "lo-is-none", "-c", "1");
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: there is no link "lo-is-none" in this stack\n {2}there are: /);
  // Nothing is sent, and no filter matches: either it waits, or it fails at once.
  const tried = await alone.host.try(
    "timeout",
    "5",
    ...alone.words("capture", "cable", "-w", join(folder, "none.pcap")),
  );
  if (tried.code !== 124)
    expect(tried.stderr).toMatch(/in this sandbox there is only one\.\n {2}what to do: capture in a lab/);
});

test.each([
  [["red-wre"], /^error: there is no link "red-wre" in this stack; did you mean red-wire/],
  [
    ["red-wire", "--count", "none"],
    /^error: option '-c, --count <packets>' argument 'none' is invalid\. A number of packets/,
  ],
])("capture %j says what is wrong", async (args, message) => {
  const { code, stderr } = await bench.netns("capture", ...args);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
});

test("without tcpdump it says so", async () => {
  // In mounts of its own, whatever the machine has installed is covered.
  const cover = 'for file in $(command -v tcpdump); do mount --bind /dev/null "$file"; done; exec "$@"';
  const words = bench.words("capture", "red-wire", "-c", "1");
  const { code, stderr } = await bench.host.try("unshare", "--mount", "sh", "-c", cover, "sh", ...words);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: there is no `tcpdump` on this machine\n {2}what to do: install it/);
});
