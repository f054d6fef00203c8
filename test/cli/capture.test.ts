import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pingOnce } from "../support/ping.ts";
import { type Bench, openBench } from "./bench.ts";

let bench: Bench;
let folder: string;

beforeAll(async () => {
  bench = await openBench("seed");
  folder = await mkdtemp(join(tmpdir(), "pulumi-netns-capture-"));
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Starts a capture, sends echo requests from red to blue until it ends, and returns its exit code and output. */
async function captured(args: string[], { host, words: wordsOf }: Bench = bench) {
  const [program = "", ...words] = [...host.enter, ...wordsOf("capture", ...args)];
  const running = spawn(program, words, { stdio: ["ignore", "pipe", "ignore"] });
  let stdout = Buffer.alloc(0);
  running.stdout.on("data", (data: Buffer) => (stdout = Buffer.concat([stdout, data])));
  const end = once(running, "close") as Promise<[number | null]>;
  for (let pings = 0; pings < 300 && running.exitCode === null; pings++) {
    await host.try("ip", "netns", "exec", "red", "ping", "-c1", "-W1", "-s", "100", "192.168.15.2");
    await pause(100);
  }
  running.kill();
  const [code] = await end;
  return { code, stdout };
}

/** Returns the lengths of the packets in a pcap file. */
function packetsOf(pcap: Buffer): number[] {
  expect(pcap.readUInt32LE(0).toString(16)).toMatch(/^a1b2(c3d4|3c4d)$/);
  const lengths: number[] = [];
  for (let at = 24; at < pcap.length; at += 16 + pcap.readUInt32LE(at + 8)) lengths.push(pcap.readUInt32LE(at + 8));
  return lengths;
}

// Ethernet, IPv4 and ICMP before the 100 bytes.
const ECHO = 14 + 20 + 8 + 100;

test("capture prints the packets of a veth end as lines, with a filter", async () => {
  const { code, stdout } = await captured(["red-wire.b", "--count", "2", "icmp", "and", "src", "192.168.15.1"]);
  expect(code).toBe(0);
  const lines = stdout.toString().trim().split("\n");
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).toMatch(/IP 192\.168\.15\.1 > 192\.168\.15\.2: ICMP echo request/);
});

test("--write writes a pcap file", async () => {
  const file = join(folder, "red.pcap");
  expect((await captured(["red/veth-red", "-c", "2", "-w", file, "icmp"])).code).toBe(0);
  expect(packetsOf(await readFile(file))).toEqual([ECHO, ECHO]);
  // tcpdump reads the file without the code under test.
  const { stdout } = await execa("tcpdump", ["-n", "-r", file]);
  expect(stdout).toMatch(/IP 192\.168\.15\.1 > 192\.168\.15\.2: ICMP echo request, .* length 108\n/);
  expect(stdout).toMatch(/IP 192\.168\.15\.2 > 192\.168\.15\.1: ICMP echo reply, .* length 108$/);
});

test("a packet is written to a pipe at once, while the capture continues", async () => {
  const [program = "", ...words] = [...bench.host.enter, ...bench.words("capture", "v-net-0", "-w", "-", "icmp")];
  const running = spawn(program, words, { stdio: ["ignore", "pipe", "ignore"] });
  let stdout = Buffer.alloc(0);
  running.stdout.on("data", (data: Buffer) => (stdout = Buffer.concat([stdout, data])));
  const until = (bytes: number) => expect.poll(() => stdout.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(bytes);
  await until(24);
  await pingOnce(bench.host, "red", "192.168.15.2", "-s", "100", "-W5");
  await until(24 + 16 + ECHO);
  running.kill();
  await once(running, "close");
  expect(packetsOf(stdout)[0]).toBe(ECHO);
});
test.runIf(process.getuid?.() === 0)("--write writes a pcap file in a lab that root has created", async () => {
  await using made = await openBench("seed", { root: true });
  const file = join(folder, "made.pcap");
  expect((await captured(["red-wire", "-c", "2", "-w", file, "icmp"], made)).code).toBe(0);
  expect(packetsOf(await readFile(file))).toEqual([ECHO, ECHO]);
});

test("the error explains why tcpdump cannot become another user, and gives advice", async () => {
  const words = bench.words("capture", "red-wire", "-w", join(folder, "none.pcap"));
  const { code, stderr } = await covering("perl", words);
  expect(code).toBe(1);
  expect(stderr).toMatch(/this sandbox has only one\n {2}help: install perl/);
});

test("a link that does not exist is an error with the nearest name", async () => {
  const { code, stderr } = await bench.netns("capture", "red-wre");
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: link "red-wre" not found in this stack; did you mean red-wire.*\n {2}help: available: /,
  );
});

test("the error about a missing tcpdump names the package", async () => {
  const { code, stderr } = await covering("tcpdump", bench.words("capture", "red-wire", "-c", "1"));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: tcpdump is not installed\n {2}help: install the package tcpdump there/);
});

/** Runs a command as if a program were not installed: in its own mount namespace, all files of the program are covered. */
function covering(program: string, words: string[]) {
  const cover = 'for file in $(which -a "$0"); do mount --bind /dev/null "$file"; done; exec "$@"';
  return bench.host.try("unshare", "--mount", "sh", "-c", cover, program, ...words);
}
