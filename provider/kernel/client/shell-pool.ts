import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { batchFamily, type IpCommand } from "../command.ts";
import type { Outcome } from "../kernel.ts";
import { batchOptions, FAILED, failedAt, lineOf, SILENT } from "./batch-line.ts";
import type { Child } from "./child.ts";
import { missing, NAMESPACES } from "./namespace-files.ts";
import { SCRIPT, type Shell, shell } from "./shell.ts";

/** Runs programs through a few shells, two at once for each processor. */
export interface Pool {
  run(argv: readonly string[], input?: string): Promise<Outcome>;
  /** Looks at a namespace. All that wait to look there look together. */
  look(query: IpCommand): Promise<Outcome>;
  /** Makes changes that can share a process, one after the other, until one fails: an outcome for each that was tried. */
  change(commands: readonly [IpCommand, ...IpCommand[]]): Promise<Outcome[]>;
}

/**
 * @param start Starts a program of the lab host.
 * @param root Where the lab host's files are; left out where they cannot be reached.
 */
export function pool(start: (argv: readonly string[]) => Child, root?: string): Pool {
  const idle: Shell[] = [];
  const jobs: ((shell: Shell) => Promise<void>)[] = [];
  const looks = new Map<string, Look[]>();
  const entered = new Set<string>();
  let [busy, ending]: [number, NodeJS.Timeout | undefined] = [0, undefined];

  function enqueue(job: (shell: Shell) => Promise<void>): void {
    jobs.push(job);
    if (busy < AT_ONCE) void work();
  }

  /** One shell does job after job, while there are any. */
  async function work(): Promise<void> {
    busy += 1;
    clearTimeout(ending);
    let one = idle.pop() ?? open();
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      if (one.closed) one = open();
      await job(one);
    }
    idle.push(one);
    busy -= 1;
    // A process that waits would keep this one from ending.
    if (busy === 0) ending = setTimeout(() => idle.splice(0).forEach((shell) => shell.close()), IDLE);
  }

  /** What starts an `ip` in a namespace. */
  function within(namespace = ""): string[] {
    entered.add(namespace);
    return entered.size <= FEW ? ["ip", "-n", namespace] : ["nsenter", `--net=${NAMESPACES}/${namespace}`, "ip"];
  }

  const open = (): Shell => {
    const mark = randomBytes(16).toString("hex");
    return shell(start(["sh", "-c", SCRIPT, "sh", mark]), mark);
  };

  const run: Pool["run"] = (argv, input = "") =>
    new Promise((resolve) => enqueue(async (shell) => resolve(await shell.run(argv, input))));

  return {
    run,

    look: (query) =>
      new Promise((resolve) => {
        const { namespace } = query;
        const family = batchFamily(query);
        const key = `${family} ${namespace}`;
        const waiting = looks.get(key);
        if (waiting !== undefined) {
          waiting.push({ query, resolve });
          return;
        }
        const together: Look[] = [{ query, resolve }];
        looks.set(key, together);
        enqueue(async (shell) => {
          // Queries that arrive during this check join the batch.
          const absence = await missing(root, namespace);
          looks.delete(key);
          const input = together.map((look) => lineOf(look.query)).join("");
          const outcomes =
            absence === undefined
              ? apart(
                  together.length,
                  await shell.run([...within(namespace), "-force", ...batchOptions(family)], input),
                )
              : together.map(() => absence);
          for (const [index, look] of together.entries()) look.resolve(outcomes[index] ?? SILENT);
        });
      }),

    async change(commands) {
      const [first] = commands;
      const input = commands.map(lineOf).join("");
      const { stderr, ...rest } = await run([...within(first.namespace), ...batchOptions(batchFamily(first))], input);
      if (rest.code === 0) return commands.map(() => SILENT);
      // A failure that is no line's, such as that of a namespace that is not there, kept the first from being run.
      const at = commands.findIndex((_, index) => stderr.endsWith(failedAt(index + 1)));
      return [...commands.slice(0, Math.max(at, 0)).map(() => SILENT), { ...rest, stderr: withoutTail(stderr) }];
    },
  };
}

interface Look {
  readonly query: IpCommand;
  readonly resolve: (outcome: Outcome) => void;
}

/** While one waits for the kernel another can go on. */
const AT_ONCE = 2 * availableParallelism();

/**
 * How many namespaces are entered by `ip` itself. It does a little less than nsenter, but copies the table of mounts, in
 * which each namespace is one: the more there are, the longer it takes.
 */
const FEW = 256;

/** Milliseconds after which a shell that has nothing to do is ended. */
const IDLE = 100;

/** What each of many looks was answered. Each that succeeded has printed one line; each that failed is told by its number. */
function apart(count: number, outcome: Outcome): Outcome[] {
  const failures = new Map<number, string>();
  let rest = outcome.stderr;
  for (const [words, said = "", line] of outcome.stderr.matchAll(/([^]*?)Command failed -:(\d+)\n/g)) {
    failures.set(Number(line), said);
    rest = rest.slice(words.length);
  }
  const shown = outcome.stdout.split("\n");
  // Something ended the process, or nothing was shown and no line is to blame: there is no such place.
  const forAll = outcome.signal !== undefined || (outcome.code !== 0 && failures.size === 0);
  if (forAll) return Array.from({ length: count }, () => outcome);
  return Array.from({ length: count }, (_, index) => {
    const said = failures.get(index + 1);
    return said === undefined
      ? { code: 0, stdout: shown.shift() ?? "", stderr: rest }
      : { code: FAILED, stdout: "", stderr: said };
  });
}

const withoutTail = (stderr: string): string => stderr.replace(/Command failed -:\d+\n$/, "");
