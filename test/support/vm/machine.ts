import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { streamsOver } from "./streams.ts";

/** A virtual machine with another kernel. */
export interface Machine {
  /** A socket of this machine. Each connection reaches an ssh server in the virtual machine. */
  readonly socket: string;
  /** Returns the last lines of the machine's console. */
  console(): string;
  stop(): Promise<void>;
}

/**
 * Starts a virtual machine: a Linux kernel that runs as a process of this machine (User Mode Linux). It sees the files of this machine,
 * read-only, and has no network device.
 *
 * @param kernel The folder that tools/kernel/build.sh has built.
 * @param key The public key for the ssh login, of the type ed25519, in base64.
 */
export async function startMachine(kernel: string, key: string): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), "netns-vm-"));
  // The kernel is killed when this process ends, also if this process is killed.
  const linux = spawn(
    "setpriv",
    [
      ...["--pdeathsig", "KILL", `${kernel}/linux`, "mem=2G", "seccomp=auto", "quiet", "panic=-1"],
      ...["rootfstype=hostfs", "rootflags=/", "ro", `init=${PROJECT}/tools/kernel/init`],
      ...["con=null", "con0=null,fd:1", "ssl=null", "ssl0=fd:3", `netns_root=${PROJECT}`, `netns_key=${key}`],
    ],
    { stdio: ["ignore", "pipe", "pipe", "pipe"], env: { ...process.env, TMPDIR: folder } },
  );
  let text = "";
  for (const output of [linux.stdout!, linux.stderr!])
    output.on("data", (chunk) => (text = `${text}${chunk}`.slice(-4000)));
  const exit = once(linux, "exit");
  const stop = async () => {
    linux.kill("SIGKILL");
    await exit;
    await rm(folder, { recursive: true, force: true });
  };
  const line = linux.stdio[3] as Duplex;
  // The line breaks when the kernel is killed.
  line.on("error", () => undefined);
  // The kernel discards what arrives before the guest has opened the line.
  const isReady = await Promise.race([
    once(line, "data"),
    exit.then(() => undefined),
    sleep(PATIENCE, undefined, UNHELD),
  ]);
  if (isReady === undefined) {
    await stop();
    throw new Error(`the virtual machine did not open its line: ${text}`);
  }
  const open = streamsOver(line, line);
  const server = createServer((connection) => {
    const stream = open();
    stream.onData = (data) => connection.write(data);
    stream.onEnd = () => connection.destroy();
    connection.on("data", stream.write);
    connection.on("error", () => undefined);
    connection.on("close", stream.end);
  });
  const socket = join(folder, "socket");
  server.listen(socket);
  return {
    socket,
    console: () => text,
    async stop() {
      server.close();
      await stop();
    },
  };
}

/** How long the machine may take to start, in milliseconds. */
const PATIENCE = 120_000;
const UNHELD = { ref: false };

const PROJECT = fileURLToPath(new URL("../../../", import.meta.url)).replace(/\/$/, "");
