import { stat } from "node:fs/promises";
import { BATCH, type Batch, batch, type Child, fitsInLine } from "./batch.ts";
import type { Command, Outcome } from "./kernel.ts";

/** `ip` processes that stay for a while, one for each place that has just been asked for. */
export interface Batches {
  /** Does a command; undefined when it is not one that a batch can do. */
  run(command: Command): Promise<Outcome | undefined>;
}

/**
 * Opens nothing yet.
 *
 * @param start Starts a program of the lab host with arguments.
 * @param root Where the lab host's file system is seen from here; undefined when it is not, and then each command in a
 *   namespace needs a process of its own: without a look at the namespace nobody can tell it from one that has taken its name.
 */
export function batches(start: (program: string, args: readonly string[]) => Child, root: string | undefined): Batches {
  const open = new Map<string, Entry>();
  let sweeping: NodeJS.Timeout | undefined;

  async function inPlace({ namespace, family, args }: Line): Promise<Outcome> {
    const inode = namespace === undefined ? 0 : await inodeOf(namespace);
    if (inode === undefined) return absent(namespace ?? "");
    const { batch } = entryFor(namespace, family, inode);
    const fresh = batch.fresh;
    const outcome = await batch.run(args);
    if (fresh || outcome.signal !== undefined || isCertain(args, outcome)) return outcome;
    // It may know a link by a number that the link had before it was made again. A new one asks the kernel.
    void batch.close();
    return entryFor(namespace, family, inode).batch.run(args);
  }

  function entryFor(namespace: string | undefined, family: string, inode: number): Entry {
    const key = `${family} ${namespace ?? ""}`;
    const known = open.get(key);
    if (known !== undefined && !known.batch.closed && known.inode === inode) {
      known.used = Date.now();
      return known;
    }
    void known?.batch.close();
    makeRoom();
    const place = namespace === undefined ? [] : ["-n", namespace];
    const words = [...place, ...(family === "" ? [] : [family]), ...BATCH];
    const entry = { namespace, inode, used: Date.now(), batch: batch(start("ip", words)) };
    open.set(key, entry);
    sweeping ??= setInterval(sweep, IDLE / 2);
    return entry;
  }

  /** Ends what is at work in a namespace, which would live on as long as a process is in it. */
  async function leave(namespace: string | undefined): Promise<void> {
    await Promise.all(
      [...open.values()].filter((entry) => entry.namespace === namespace).map(({ batch }) => batch.close()),
    );
  }

  function sweep(): void {
    for (const [key, { batch, used }] of open) {
      if (!batch.idle || (!batch.closed && Date.now() - used < IDLE)) continue;
      void batch.close();
      open.delete(key);
    }
    if (open.size > 0) return;
    clearInterval(sweeping);
    sweeping = undefined;
  }

  /** Ends those that have been idle longest when there are many: processes and open files are limited. */
  function makeRoom(): void {
    if (open.size < MANY) return;
    const idle = [...open].filter(([, { batch }]) => batch.idle).sort(([, left], [, right]) => left.used - right.used);
    for (const [key, { batch }] of idle.slice(0, MANY / 4)) {
      void batch.close();
      open.delete(key);
    }
  }

  async function inodeOf(namespace: string): Promise<number | undefined> {
    try {
      return (await stat(`${root}/run/netns/${namespace}`)).ino;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  return {
    async run(command) {
      if (isDeletion(command.args)) await leave(command.args[2]);
      const line = lineOf(command);
      const blind = command.namespace !== undefined && root === undefined;
      return line === undefined || blind ? undefined : inPlace(line);
    },
  };
}

interface Entry {
  readonly namespace: string | undefined;
  /** The namespace's own number, which tells it from a later one of the same name. */
  readonly inode: number;
  readonly batch: Batch;
  used: number;
}

/** Milliseconds after which a process that has nothing to do is ended: it keeps its namespace alive till then. */
const IDLE = 100;

const MANY = 64;

interface Line {
  readonly namespace: string | undefined;
  readonly family: string;
  readonly args: readonly string[];
}

/** A command as a line of a batch; undefined when it cannot be one. The options before it are those of the process. */
function lineOf({ tool, namespace, args, stdin }: Command): Line | undefined {
  const start = args.findIndex((word, index) => !word.startsWith("-") && args[index - 1] !== "-family");
  const options = args.slice(0, start);
  if (tool !== "ip" || stdin !== undefined || start === -1 || !fitsInLine(args) || !options.every(isKnown))
    return undefined;
  const [object = "", verb = ""] = args.slice(start);
  if (!VERBS[object]?.includes(verb)) return undefined;
  const family = options.some((word) => word === "-6" || word === "inet6") ? "-6" : "";
  return { namespace, family, args: args.slice(start) };
}

/**
 * What can be done in one process after the other without a trace in it. A `link show` cannot: after it, `address show`
 * knows of no addresses.
 */
const VERBS: Readonly<Record<string, readonly string[]>> = {
  address: ["show", "add", "delete"],
  link: ["add", "set", "delete", "property"],
  netns: ["add", "delete"],
  route: ["show", "add", "replace", "delete"],
};

const isKnown = (option: string): boolean =>
  ["-json", "-details", "-family", "inet", "inet6", "-4", "-6"].includes(option);

/**
 * Whether an answer holds, whatever the process had heard before: a link was looked for by its name and not found, or the
 * one that was found has that name.
 */
function isCertain(args: readonly string[], { code, stdout, stderr }: Outcome): boolean {
  if (code !== 0) return /does not exist|Cannot find device|File exists|Operation not permitted/.test(stderr);
  const name = args.includes("show") ? args[args.indexOf("dev") + 1] : undefined;
  return !args.includes("dev") || name === undefined || stdout.includes(`"ifname":"${name}"`);
}

const isDeletion = ([object, verb]: readonly string[]): boolean => object === "netns" && verb === "delete";

/** What `ip` says when it is to go where there is nothing. */
const absent = (namespace: string): Outcome => ({
  code: 255,
  stdout: "",
  stderr: `Cannot open network namespace "${namespace}": No such file or directory\n`,
});
