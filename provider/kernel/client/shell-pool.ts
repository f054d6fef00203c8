import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { batchFamily, type IpCommand } from "../command.ts";
import type { CommandResult } from "../kernel.ts";
import { BATCH_ERROR_CODE, batchErrorLine, batchLine, batchOptions, EMPTY_OK } from "./batch-line.ts";
import type { Child } from "./child.ts";
import { missingNamespaceResult, NAMESPACE_FOLDER } from "./namespace-files.ts";
import { SHELL_SCRIPT, type Shell, shell } from "./shell.ts";

/** Runs programs through a few shells, two at a time per processor. */
export interface ShellPool {
  run(argv: readonly string[], input?: string): Promise<CommandResult>;
  /** Queries a namespace. All waiting queries of the same namespace run as one batch. */
  query(query: IpCommand): Promise<CommandResult>;
  /** Makes changes that can share a process, one after the other, until one fails. Returns a result for each that was run. */
  apply(commands: readonly [IpCommand, ...IpCommand[]]): Promise<CommandResult[]>;
}

/**
 * Creates a pool of shells.
 *
 * @param start Starts a program of the lab host.
 * @param root The path of the lab host's files; absent if they cannot be reached.
 */
export function shellPool(start: (argv: readonly string[]) => Child, root?: string): ShellPool {
  const idle: Shell[] = [];
  const jobs: ((shell: Shell) => Promise<void>)[] = [];
  const queries = new Map<string, PendingQuery[]>();
  const entered = new Set<string>();
  let [busy, closeTimer]: [number, NodeJS.Timeout | undefined] = [0, undefined];

  function enqueue(job: (shell: Shell) => Promise<void>): void {
    jobs.push(job);
    if (busy < CONCURRENCY) void runJobs();
  }

  /** Runs queued jobs in one shell until the queue is empty. */
  async function runJobs(): Promise<void> {
    busy += 1;
    clearTimeout(closeTimer);
    let current = idle.pop() ?? openShell();
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      if (current.closed) current = openShell();
      await job(current);
    }
    idle.push(current);
    busy -= 1;
    // An idle child process would keep this process from ending.
    if (busy === 0) closeTimer = setTimeout(() => idle.splice(0).forEach((shell) => shell.close()), IDLE_MS);
  }

  /** Returns the words that start an `ip` in a namespace. */
  function enterWords(namespace = ""): string[] {
    entered.add(namespace);
    return entered.size <= NSENTER_THRESHOLD
      ? ["ip", "-n", namespace]
      : ["nsenter", `--net=${NAMESPACE_FOLDER}/${namespace}`, "ip"];
  }

  const openShell = (): Shell => {
    const sentinel = randomBytes(16).toString("hex");
    return shell(start(["sh", "-c", SHELL_SCRIPT, "sh", sentinel]), sentinel);
  };

  const run: ShellPool["run"] = (argv, input = "") =>
    new Promise((resolve) => enqueue(async (shell) => resolve(await runIn(shell, argv, input))));

  return {
    run,

    query: (query) =>
      new Promise((resolve) => {
        const { namespace } = query;
        const family = batchFamily(query);
        const key = `${family} ${namespace}`;
        const queued = queries.get(key);
        if (queued !== undefined) {
          queued.push({ query, resolve });
          return;
        }
        const batch: PendingQuery[] = [{ query, resolve }];
        queries.set(key, batch);
        enqueue(async (shell) => {
          // Queries that arrive during this check join the batch.
          const missing = await missingNamespaceResult(root, namespace);
          queries.delete(key);
          const input = batch.map((pending) => batchLine(pending.query)).join("");
          const results =
            missing === undefined
              ? splitBatchOutput(
                  batch.length,
                  await runIn(shell, [...enterWords(namespace), "-force", ...batchOptions(family)], input),
                )
              : batch.map(() => missing);
          for (const [index, pending] of batch.entries()) pending.resolve(results[index] ?? EMPTY_OK);
        });
      }),

    async apply(commands) {
      const [first] = commands;
      const input = commands.map(batchLine).join("");
      const { stderr, ...rest } = await run(
        [...enterWords(first.namespace), ...batchOptions(batchFamily(first))],
        input,
      );
      if (rest.code === 0) return commands.map(() => EMPTY_OK);
      // An error without a line number (e.g. a missing namespace) means that no line ran.
      const failedIndex = commands.findIndex((_, index) => stderr.endsWith(batchErrorLine(index + 1)));
      return [
        ...commands.slice(0, Math.max(failedIndex, 0)).map(() => EMPTY_OK),
        { ...rest, stderr: stripBatchError(stderr) },
      ];
    },
  };
}

async function runIn(shell: Shell, argv: readonly string[], input: string): Promise<CommandResult> {
  const [result = EMPTY_OK] = await shell.run([{ argv, input }]);
  return result;
}

interface PendingQuery {
  readonly query: IpCommand;
  readonly resolve: (outcome: CommandResult) => void;
}

/** The number of shells that run at a time: while one waits for the kernel, another can continue. */
const CONCURRENCY = 2 * availableParallelism();

/**
 * The number of namespaces that are entered by `ip` itself. `ip` does slightly less work than nsenter, but copies the mount
 * table, which has one entry per namespace, so it takes longer the more namespaces there are.
 */
const NSENTER_THRESHOLD = 256;

/** Milliseconds after which an idle shell is closed. */
const IDLE_MS = 100;

/** Splits the output of a batch into one result per query. Each successful query printed one line; an error has its number. */
function splitBatchOutput(count: number, result: CommandResult): CommandResult[] {
  const failures = new Map<number, string>();
  let rest = result.stderr;
  for (const [words, message = "", line] of result.stderr.matchAll(/([^]*?)Command failed -:(\d+)\n/g)) {
    failures.set(Number(line), message);
    rest = rest.slice(words.length);
  }
  const outputs = result.stdout.split("\n");
  // The process was ended by a signal, or failed without naming a line, since the namespace does not exist.
  const isForAll = result.signal !== undefined || (result.code !== 0 && failures.size === 0);
  if (isForAll) return Array.from({ length: count }, () => result);
  return Array.from({ length: count }, (_, index) => {
    const message = failures.get(index + 1);
    return message === undefined
      ? { code: 0, stdout: outputs.shift() ?? "", stderr: rest }
      : { code: BATCH_ERROR_CODE, stdout: "", stderr: message };
  });
}

const stripBatchError = (stderr: string): string => stderr.replace(/Command failed -:\d+\n$/, "");
