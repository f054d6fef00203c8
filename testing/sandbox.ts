import { spawn } from "node:child_process";
import { once } from "node:events";
import { execa } from "execa";
import { toolEnvironment } from "../provider/kernel/client/environment.ts";
import { enterSandbox, isolated, killAll, notAllowed } from "../sandbox/isolation.ts";

/** The result of a command in a sandbox. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * An isolated lab host for a test, with its own network stack, /run, /etc and root user. It needs no root, and has no connection to
 * any network, not even to the machine that it runs on.
 */
export interface Sandbox extends AsyncDisposable {
  /** The process that holds the sandbox. The sandbox ends with it. */
  readonly pid: number;
  /** The command prefix that enters the sandbox. */
  readonly enter: readonly string[];
  /** Runs a command in the sandbox and returns its result, also if it fails. */
  try(program: string, ...args: string[]): Promise<Answer>;
  /** Runs a command in the sandbox and returns its standard output. Throws if it fails. */
  run(program: string, ...args: string[]): Promise<string>;
}

/**
 * Opens a sandbox. It ends with {@link Sandbox[Symbol.asyncDispose]} or with this process; all processes in it are killed then. With
 * `root` it is created by the machine's root user, for operations that a user namespace does not allow; the caller must then stop the
 * processes in its network namespaces.
 *
 * Equivalent to: `unshare --user --map-root-user --net --mount`, with a separate /run and a copy of /etc
 *
 * @throws Error if user namespaces are not allowed.
 */
export async function sandbox({ root = false }: { readonly root?: boolean } = {}): Promise<Sandbox> {
  // `cat` keeps the namespaces until its input is closed. The kernel closes it when this process dies.
  const { pid, end } = await startHolder(isolated(`{ trap "" HUP INT TERM; cat; ${killAll({ root })}; }`, { root }));
  return sandboxAt(pid, enterSandbox(pid, { root }), end);
}

/** A process that holds namespaces. It ends with its input, and so with this process. */
export interface Holder {
  readonly pid: number;
  end(): Promise<void>;
}

/**
 * Starts a process that holds namespaces, and waits until it has printed `ready`.
 *
 * @throws UserError if it ends before.
 */
export async function startHolder([program = "", ...words]: readonly string[]): Promise<Holder> {
  const holder = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
  const exit = once(holder, "exit");
  const [said] = (await Promise.race([once(holder.stdout, "data"), exit.then(() => [""])])) as [unknown];
  if (!String(said).startsWith("ready")) throw notAllowed();
  return {
    pid: holder.pid ?? 0,
    async end() {
      holder.stdin.end();
      await exit;
    },
  };
}

/**
 * Returns a sandbox that a process holds.
 *
 * @param end Ends it.
 */
export function sandboxAt(pid: number, enter: readonly string[], end: () => Promise<void>): Sandbox {
  const within: Sandbox["try"] = async (program, ...args) => {
    const [nsenter = "", ...rest] = [...enter, program, ...args];
    const { exitCode, stdout, stderr, shortMessage } = await execa(nsenter, rest, {
      reject: false,
      stdin: "ignore",
      timeout: 60_000,
      env: toolEnvironment(),
    });
    return { code: exitCode ?? 127, stdout, stderr: exitCode === undefined ? `${shortMessage}` : stderr };
  };
  const run: Sandbox["run"] = async (program, ...args) => {
    const { code, stdout, stderr } = await within(program, ...args);
    if (code !== 0) throw new Error(`${program} ${args.join(" ")}: exit ${code}\n${stdout}\n${stderr}`);
    return stdout;
  };
  return { pid, enter, try: within, run, [Symbol.asyncDispose]: end };
}
