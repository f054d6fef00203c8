import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env, getuid } from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../../message.ts";
import type { CommandResult } from "../kernel.ts";
import { startChild } from "./child.ts";
import type { Transport } from "./remote.ts";
import { escapeLine, SHELL_SCRIPT, type Shell, shell } from "./shell.ts";

/** The address of a lab host. All else, such as keys, ports and jump hosts, is in the configuration and the agent of ssh. */
export interface SshAddress {
  /** The destination that ssh gets. */
  readonly to: string;
  /** Whether commands run through `sudo -n`. */
  readonly sudo: boolean;
}

/**
 * Creates the transport over ssh. It owns one connection, which is opened for the first shell and ends with this process; the shells are
 * sessions of it. A connection that breaks is opened again. If that fails for {@link RECONNECT_MS} milliseconds, or if the first attempts
 * fail, the lab host is unreachable until the transport is closed: so it costs one timeout, and not one for each command. Then its attempts
 * are first ones again, since they delay the queries of all other lab hosts.
 *
 * @param address Returns the current address of the lab host.
 * @param onOpen Receives the lab host's /proc/self/status when it is reached for the first time.
 */
export function overSsh(address: () => SshAddress, onOpen: (status: string) => void): Transport {
  let current: Promise<Connection | CommandResult> | undefined;
  let [wasReached, isReached] = [false, false];

  function connection(): Promise<Connection | CommandResult> {
    if (current !== undefined) return current;
    const opening = open();
    current = opening;
    void whenOpen(opening, async ({ ended }) => {
      await ended;
      if (current === opening) current = undefined;
    });
    return opening;
  }

  async function open(): Promise<Connection | CommandResult> {
    const end = Date.now() + (isReached ? RECONNECT_MS : CONNECT_MS);
    for (;;) {
      const opened = await connect(address());
      if (isConnection(opened)) {
        if (!wasReached) onOpen(opened.status);
        [wasReached, isReached] = [true, true];
        return opened;
      }
      if (Date.now() >= end) {
        isReached = false;
        return { ...opened, lost: "unreachable" };
      }
      await pause(isReached ? RETRY_MS : CONNECT_MS);
    }
  }

  return {
    async openShell() {
      const opened = await connection();
      return isConnection(opened) ? opened.openShell() : deadShell(opened);
    },
    close() {
      void whenOpen(current, (opened) => opened.close());
      current = undefined;
    },
  };
}

/** How long a connection that broke is tried again, in milliseconds. */
const RECONNECT_MS = 15_000;
const RETRY_MS = 500;

/** A first attempt that fails within this time is repeated once, in milliseconds: more attempts with a wrong key may lock the user out. */
const CONNECT_MS = 1000;

/** An open connection to a lab host. */
interface Connection {
  readonly status: string;
  readonly ended: Promise<unknown>;
  openShell(): Shell;
  close(): void;
}

const isConnection = (opened: Connection | CommandResult): opened is Connection => "openShell" in opened;

/** Does some work with a connection, if it is opened. An attempt that failed is reported to those who asked for a shell. */
async function whenOpen(
  opening: Promise<Connection | CommandResult> | undefined,
  work: (opened: Connection) => void | Promise<void>,
): Promise<void> {
  const opened = await opening?.catch(() => undefined);
  if (opened !== undefined && isConnection(opened)) await work(opened);
}

/** Returns a shell that has ended, with the result of all its commands. */
const deadShell = (result: CommandResult): Shell => ({
  run: () => Promise.resolve([result]),
  close: () => undefined,
  pending: 0,
  closed: true,
});

/** The options of each ssh: nothing asks a question, and nothing applies that a user configured for forwarded ports. */
const SHARED = ["BatchMode=yes", "ClearAllForwardings=yes", "PermitLocalCommand=no", "RemoteCommand=none"];

/** The options that end a connection without answers. */
const ALIVE = ["ConnectTimeout=10", "ServerAliveInterval=5", "ServerAliveCountMax=3"];

/** The options of a connection for one program. */
export const SHARED_OPTIONS: readonly string[] = [...SHARED, ...ALIVE].flatMap(option);

/** Connects to a lab host. A lab host that cannot run a command, for example without the right to use sudo, is not reached. */
async function connect({ to, sudo }: SshAddress): Promise<Connection | CommandResult> {
  const socket = socketPath();
  const start = (...options: string[]) => {
    const sentinel = randomBytes(16).toString("hex");
    const child = startChild(["ssh", ...OPTIONS, "-S", socket, ...options, "--", to, remoteLine(sudo, sentinel)]);
    child.stdin.write(`${escapeLine(SHELL_SCRIPT)}\n`);
    return { child, session: shell(child, sentinel, lostResult) };
  };
  const { child, session } = start("-M", ...MASTER_OPTIONS);
  const timer = setTimeout(() => child.kill(), OPEN_MS);
  const [result] = await session.run([{ argv: ["cat", "/proc/self/status"], input: "" }]);
  clearTimeout(timer);
  const ended = child.exited.then(() => rmSync(socket, { force: true }));
  if (result === undefined || result.lost !== undefined)
    return result ?? lostResult({ code: 0, stdout: "", stderr: "" });
  return {
    status: result.stdout,
    ended,
    openShell: () => start(...CLIENT_OPTIONS).session,
    close: () => session.close(),
  };
}

/** How long opening a connection may take, in milliseconds. The timeout of ssh covers neither the authentication nor the login shell. */
const OPEN_MS = 30_000;

// Nothing that a user configured for terminals applies.
const OPTIONS = ["-T", "-e", "none", ...SHARED.flatMap(option)];
const MASTER_OPTIONS = ["ControlPersist=no", ...ALIVE].flatMap(option);
// Without a proxy that fails, a session whose connection has ended would silently make a connection of its own.
const CLIENT_OPTIONS = ["ControlMaster=no", "ProxyCommand=false"].flatMap(option);

function option(text: string): string[] {
  return ["-o", text];
}

/**
 * Returns the line that the login shell of the lab host gets. It is one line, and all that a shell could expand is in single quotes, so
 * that bash, dash, fish and tcsh read it alike. The script of the shell is the first line of its input.
 */
const remoteLine = (sudo: boolean, sentinel: string): string =>
  `exec ${sudo ? "sudo -n " : ""}sh -c 'PATH=$PATH:/usr/sbin:/sbin LC_ALL=C; export PATH LC_ALL; IFS= read -r script || exit; ` +
  `eval "$(printf %b "$script")"' sh ${sentinel}`;

/** Builds the result of a command that was not answered. Its text is never classified: it may look like one of the kernel. */
function lostResult({ code, signal, stdout, stderr }: CommandResult): CommandResult {
  const text = `${stderr.trim()}\n${stdout.trim()}`.trim().split("\n").slice(-MAX_LINES).join("\n");
  return {
    code: code || NO_ANSWER,
    stdout: "",
    stderr: text || `ssh ended with ${signal ?? `exit code ${code}`}`,
    lost: "broken",
  };
}

const MAX_LINES = 5;

/** The exit code of ssh if it has failed itself. */
const NO_ANSWER = 255;

/**
 * Returns the path of a new control socket, in a folder that only this user can use. The folder is not temporary: it would be left over,
 * since the engine kills its providers.
 *
 * @throws UserError if the folder belongs to another user.
 */
function socketPath(): string {
  const user = getuid?.() ?? 0;
  const runtime = env["XDG_RUNTIME_DIR"];
  const folder =
    runtime !== undefined && runtime.startsWith("/") && runtime.length < MAX_FOLDER
      ? join(runtime, "pulumi-netns")
      : join(tmpdir().length < MAX_FOLDER ? tmpdir() : "/tmp", `pulumi-netns-${user}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  if (uid !== user || (mode & 0o777) !== 0o700)
    throw new UserError(
      `the folder ${folder}, for the connections of ssh, is not this user's alone`,
      "delete it, or set XDG_RUNTIME_DIR to another folder",
    );
  return join(folder, randomBytes(4).toString("hex"));
}

/** ssh adds a suffix to the path of a socket, which the kernel limits to 108 bytes. */
const MAX_FOLDER = 50;
