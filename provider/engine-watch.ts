import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { endianness } from "node:os";

/**
 * Ends this process soon after the engine that has started it is gone, and with it the other processes of that engine. A
 * process that no engine has started, such as a test run or one that runs a program inline, is left alone.
 *
 * What an engine has started outlives a `kill -9` of it: a language host by some minutes, and a provider for good. A program
 * goes on as long as it has anything to wait for, and may then use up a processor in Pulumi's handler of errors, which
 * nothing within that process can end.
 */
export function exitWithEngine(): void {
  // Pulumi gives a program arguments of its own in process.argv.
  const address = engineAddress(readText("/proc/self/cmdline").split("\0"));
  if (address === undefined) return;
  const before = ancestors();
  // The first sign costs next to nothing, and the second one is certain.
  const isGone = () => ancestors() !== before && !hasListener(address);
  setInterval(() => {
    if (isGone()) process.exit(1);
  }, PERIOD_MS).unref();
  // A program mostly ends by itself, for it cannot reach the engine. Its language host and its provider do not.
  process.on("exit", () => {
    if (isGone()) interruptOthers(address);
  });
}

/** Milliseconds between two looks. */
const PERIOD_MS = 500;

/** The address of the engine that has started a process with this command line; undefined where none has. */
export function engineAddress(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => SCRIPT.test(word));
  const [, script] = SCRIPT.exec(words[at] ?? "") ?? [];
  const args = words.slice(at + 1);
  const address = args[script === "run" ? args.indexOf("--engine") + 1 : 0];
  return script !== undefined && address !== undefined && ADDRESS.test(address) ? address : undefined;
}

/** What Pulumi has Node run: a program, or a provider. */
const SCRIPT = /[/]@pulumi[/]pulumi[/]cmd[/](run|dynamic-provider)\b/;

const ADDRESS = /^(\d+\.\d+\.\d+\.\d+):(\d+)$/;

/** The processes above this one. The engine is among them, and when it ends, its place is taken by another. */
function ancestors(): string {
  const found: number[] = [];
  for (let pid = process.ppid; pid > 1; pid = parentOf(pid)) found.push(pid);
  return found.join(" ");
}

/** The parent of a process; 0 where it cannot be seen. */
function parentOf(pid: number): number {
  // pid (name) state parent …
  const stat = readText(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2] ?? 0);
}

/** Whether a socket of this network namespace listens at an address; also where that cannot be seen. */
function hasListener(address: string): boolean {
  const [, ip = "", port = ""] = ADDRESS.exec(address) ?? [];
  const bytes = ip.split(".").map(Number);
  const place = `${hex(endianness() === "LE" ? bytes.reverse() : bytes)}:${hex([Number(port) >> 8, Number(port) & 255])}`;
  const sockets = readText("/proc/net/tcp");
  return sockets === "" || sockets.split("\n").some((line) => line.includes(`: ${place} 00000000:0000 ${LISTENING} `));
}

const hex = (bytes: readonly number[]): string =>
  bytes.map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join("");

/** The state of a socket that takes connections. */
const LISTENING = "0A";

/** Interrupts the other processes that an engine has started: all of them are given its address. */
function interruptOthers(address: string): void {
  const network = readLink("/proc/self/ns/net");
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    const words = readText(`/proc/${pid}/cmdline`).split("\0");
    const isOfPulumi = words.includes(address) && words.some((word) => word.includes("pulumi"));
    // Another network namespace may have an engine at the same address.
    if (isOfPulumi && readLink(`/proc/${pid}/ns/net`) === network) interrupt(Number(pid));
  }
}

function interrupt(pid: number): void {
  try {
    process.kill(pid, "SIGINT");
  } catch {
    // It has ended meanwhile.
  }
}

const readText = (path: string): string => orEmpty(() => readFileSync(path, "utf8"));

const readLink = (path: string): string => orEmpty(() => readlinkSync(path));

/** What a look at /proc has found; empty where there is nothing, or it cannot be seen. */
function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
