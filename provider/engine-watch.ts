import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { endianness } from "node:os";

/**
 * Ends this process, and the other processes of its engine, soon after the engine that started them has ended. A process that
 * was not started by an engine, such as a test run or an inline program, is not affected.
 *
 * The processes of an engine survive a `kill -9` of the engine: a language host for some minutes, and a provider forever. A
 * program continues as long as it has pending work, and may then fully load a processor in Pulumi's error handler, which no
 * code within that process can stop.
 */
export function exitWithEngine(): void {
  // In a program, Pulumi sets process.argv to the program's own arguments.
  const address = engineAddress(readText("/proc/self/cmdline").split("\0"));
  if (address === undefined) return;
  const before = ancestors();
  // The first check costs almost nothing, and the second one is reliable.
  const isGone = () => ancestors() !== before && !hasListener(address);
  setInterval(() => {
    if (isGone()) process.exit(1);
  }, PERIOD_MS).unref();
  // A program usually ends by itself, since it cannot reach the engine. Its language host and its provider do not.
  process.on("exit", () => {
    if (isGone()) interruptOthers(address);
  });
}

/** Milliseconds between two checks. */
const PERIOD_MS = 500;

/** Returns the address of the engine that started a process with this command line; undefined if no engine did. */
export function engineAddress(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => SCRIPT.test(word));
  const [, script] = SCRIPT.exec(words[at] ?? "") ?? [];
  const args = words.slice(at + 1);
  const address = args[script === "run" ? args.indexOf("--engine") + 1 : 0];
  return script !== undefined && address !== undefined && ADDRESS.test(address) ? address : undefined;
}

/** The script that Pulumi runs in Node: for a program or a provider. */
const SCRIPT = /[/]@pulumi[/]pulumi[/]cmd[/](run|dynamic-provider)\b/;

const ADDRESS = /^(\d+\.\d+\.\d+\.\d+):(\d+)$/;

/** Returns the ancestors of this process. The engine is one of them; when it ends, another process takes its place. */
function ancestors(): string {
  const found: number[] = [];
  for (let pid = process.ppid; pid > 1; pid = parentOf(pid)) found.push(pid);
  return found.join(" ");
}

/** Returns the parent of a process; 0 if it cannot be read. */
function parentOf(pid: number): number {
  // pid (name) state parent …
  const stat = readText(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2] ?? 0);
}

/** Returns whether a socket of this network namespace listens at an address; true if that cannot be read. */
function hasListener(address: string): boolean {
  const [, ip = "", port = ""] = ADDRESS.exec(address) ?? [];
  const bytes = ip.split(".").map(Number);
  const place = `${hex(endianness() === "LE" ? bytes.reverse() : bytes)}:${hex([Number(port) >> 8, Number(port) & 255])}`;
  const sockets = readText("/proc/net/tcp");
  return sockets === "" || sockets.split("\n").some((line) => line.includes(`: ${place} 00000000:0000 ${LISTENING} `));
}

const hex = (bytes: readonly number[]): string =>
  bytes.map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join("");

/** The state of a listening socket. */
const LISTENING = "0A";

/** Interrupts the other processes that an engine has started: all have its address in their arguments. */
function interruptOthers(address: string): void {
  const network = readLink("/proc/self/ns/net");
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    const words = readText(`/proc/${pid}/cmdline`).split("\0");
    const isOfPulumi = words.includes(address) && words.some((word) => word.includes("pulumi"));
    // Another network namespace may contain an engine at the same address.
    if (isOfPulumi && readLink(`/proc/${pid}/ns/net`) === network) interrupt(Number(pid));
  }
}

function interrupt(pid: number): void {
  try {
    process.kill(pid, "SIGINT");
  } catch {
    // The process has ended in the meantime.
  }
}

const readText = (path: string): string => orEmpty(() => readFileSync(path, "utf8"));

const readLink = (path: string): string => orEmpty(() => readlinkSync(path));

/** Returns the result of reading /proc; empty if the file does not exist or cannot be read. */
function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
