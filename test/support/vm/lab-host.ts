import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { startMachine } from "./machine.ts";

/** A virtual machine that is a lab host: programs and tests run on this machine and reach it by ssh. */
export interface MachineHost {
  readonly reached: ReachedMachine;
  stop(): Promise<void>;
}

/** The parameters with which processes of this machine connect to a virtual machine. */
export interface ReachedMachine {
  /** A program that runs its arguments as a command in the machine, over its own ssh connection. */
  readonly enter: string;
  /** The host name of the machine in the configuration of ssh. */
  readonly name: string;
  /** The environment variables with which `ssh` uses this configuration. */
  readonly env: { readonly PATH: string; readonly XDG_RUNTIME_DIR: string };
}

/** Starts a virtual machine with the kernel in a folder as a lab host. It has no network connection to this machine. */
export async function openMachineHost(kernel: string): Promise<MachineHost> {
  const folder = await mkdtemp(join(tmpdir(), "netns-host-"));
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
  const [, key = ""] = (await readFile(join(folder, "key.pub"), "utf8")).split(" ");
  const machine = await startMachine(kernel, key);
  const [bin, runtime, enter] = [join(folder, "bin"), join(folder, "run"), join(folder, "enter")];
  await mkdir(bin);
  await mkdir(runtime);
  await writeFile(
    join(folder, "config"),
    [
      ...["Host observed", `ControlPath ${folder}/observed`],
      ...["Host *", `ProxyCommand ${process.execPath} ${CONNECT} ${machine.socket}`, "User root"],
      ...[`IdentityFile ${folder}/key`, "IdentitiesOnly yes", "HostKeyAlias debian"],
      ...[
        `UserKnownHostsFile ${folder}/known_hosts`,
        "StrictHostKeyChecking accept-new",
        "LogLevel ERROR",
        "KexAlgorithms curve25519-sha256",
      ],
    ].join("\n"),
  );
  await script(join(bin, "ssh"), `exec /usr/bin/ssh -F ${folder}/config "$@"`);
  // ssh joins its arguments to one line, which the shell of the lab host interprets.
  await script(enter, `${QUOTE}\nexec /usr/bin/ssh -F ${folder}/config -T observed -- "$line"`);
  const master = spawn("/usr/bin/ssh", ["-F", join(folder, "config"), "-M", "-N", "-T", "observed"], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const exit = once(master, "exit");
  const stop = async () => {
    master.kill();
    await exit;
    await machine.stop();
    // The kernel of the machine reports errors there, such as a process that it killed for lack of memory.
    if (/Out of memory|BUG|Oops|Call Trace|segfault/.test(machine.console())) console.error(machine.console());
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 2400 && !existsSync(join(folder, "observed")); tries++) await sleep(50);
  if (!existsSync(join(folder, "observed"))) {
    await stop();
    throw new Error(`no ssh connection to the virtual machine:\n${machine.console()}`);
  }
  const env = { PATH: `${bin}:${process.env["PATH"]}`, XDG_RUNTIME_DIR: runtime };
  return { reached: { enter, name: "debian", env }, stop };
}

/** Quotes the words, so that no shell interprets them. */
const QUOTE = `line=
for word in "$@"; do line="$line '\${word//\\'/\\'\\\\\\'\\'}'"; done`;

const CONNECT = fileURLToPath(new URL("connect.ts", import.meta.url));

async function script(path: string, text: string): Promise<void> {
  await writeFile(path, `#!/bin/bash\n${text}\n`);
  await chmod(path, 0o755);
}
