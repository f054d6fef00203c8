import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { endianness } from "node:os";

/**
 * Ends this process, and the other processes of its engine, soon after the engine that started them has ended. It also ends those
 * that an earlier engine of the same installation has left before they had loaded this package. A process that was not started by
 * an engine, such as a test run or an inline program, is not affected.
 *
 * The processes of an engine survive a `kill -9` of the engine: a language host for some minutes, and a provider forever. A
 * program continues as long as it has pending work, and may then fully load a processor in Pulumi's error handler, which no
 * code within that process can stop.
 */
export function exitWithEngine(): void {
  const address = ownEngine();
  if (address === undefined) return;
  endOrphans(address);
  const before = ancestors();
  // The first check costs almost nothing, and the second one is reliable.
  const isGone = () => ancestors() !== before && !hasListener(address);
  let misses = 0;
  setInterval(() => {
    misses = isGone() ? misses + 1 : 0;
    // On a busy machine, one reading of /proc may miss a process or a socket, so one miss does not count.
    if (misses === 2) process.exit(1);
  }, PERIOD_MS).unref();
  // A program usually ends by itself, since it cannot reach the engine. Its language host and its provider do not.
  process.on("exit", () => {
    if (isGone()) interruptOthers(address);
  });
}

/** Milliseconds between two checks. */
const PERIOD_MS = 500;

/** Returns the address of the engine that started this process; undefined if no engine did. */
export function ownEngine(): string | undefined {
  // In a program, Pulumi sets process.argv to the program's own arguments.
  return engineAddress(readText("/proc/self/cmdline").split("\0"));
}

/** Returns the address of the engine that started a process with this command line; undefined if no engine did. */
export function engineAddress(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => SCRIPT.test(word));
  if (at === -1) return undefined;
  const args = words.slice(at + 1);
  const isProgram = SCRIPT.exec(words[at] ?? "")?.[1] === "run";
  const address = isProgram ? args[args.indexOf("--engine") + 1] : args.findLast((word) => word !== "");
  return address !== undefined && ADDRESS.test(address) ? address : undefined;
}

/** The script that Pulumi runs in Node: for a program, for dynamic providers, or this package's plugin. */
const SCRIPT = /[/](?:@pulumi[/]pulumi[/]cmd[/](run|dynamic-provider)\b|pulumi-resource-netns$)/;

const ADDRESS = /^(\d+\.\d+\.\d+\.\d+):(\d+)$/;

/** Ends the processes of engines that have ended and that used the same scripts as this process's. An engine listens before it starts them. */
function endOrphans(ownEngine: string): void {
  const own = scriptFolder(readText("/proc/self/cmdline").split("\0"));
  for (const { words } of neighbours()) {
    const address = engineAddress(words);
    if (address === undefined || address === ownEngine || scriptFolder(words) !== own) continue;
    if (!hasListener(address)) interruptOthers(address);
  }
}

/** Returns the folder of Pulumi's scripts in a command line. */
function scriptFolder(words: readonly string[]): string | undefined {
  const script = words.find((word) => SCRIPT.test(word));
  return script?.slice(0, script.search(SCRIPT));
}

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
  for (const { pid, words } of neighbours())
    if (words.includes(address) && words.some((word) => word.includes("pulumi"))) interrupt(pid);
}

/** Returns the other processes that have to do with Pulumi. Another network namespace may contain an engine at the same address. */
function neighbours(): { readonly pid: number; readonly words: readonly string[] }[] {
  const network = readLink("/proc/self/ns/net");
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    const line = readText(`/proc/${name}/cmdline`);
    if (!line.includes("pulumi") || readLink(`/proc/${name}/ns/net`) !== network) return [];
    return [{ pid: Number(name), words: line.split("\0") }];
  });
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
