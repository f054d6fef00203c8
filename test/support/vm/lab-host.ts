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

/** How processes of this machine reach a virtual machine. */
export interface ReachedMachine {
  /** The program that runs its words as a command there. It has an ssh connection of its own, apart from the code under test. */
  readonly enter: string;
  /** The name of the machine for ssh. */
  readonly name: string;
  /** The variables of processes for which `ssh` knows the machine by its name. */
  readonly env: { readonly PATH: string; readonly XDG_RUNTIME_DIR: string };
}

/** Starts a virtual machine as a lab host, on the kernel in a folder. No address of this machine leads to it. */
export async function openMachineHost(kernel: string): Promise<MachineHost> {
  const folder = await mkdtemp(join(tmpdir(), "netns-host-"));
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
  const [, key = ""] = (await readFile(join(folder, "key.pub"), "utf8")).split(" ");
  const machine = await startMachine(kernel, { channels: 2, key });
  const [bin, runtime, enter] = [join(folder, "bin"), join(folder, "run"), join(folder, "enter")];
  const [managed, seen] = [1, 2].map((number) => `${process.execPath} ${CONNECT} ${machine.folder}/channel${number}`);
  await mkdir(bin);
  await mkdir(runtime);
  await writeFile(
    join(folder, "config"),
    [
      ...["Host debian", `ProxyCommand ${managed}`],
      ...["Host observed", `ProxyCommand ${seen}`, `ControlPath ${folder}/observed`],
      ...["Host *", "User root", `IdentityFile ${folder}/key`, "IdentitiesOnly yes", "HostKeyAlias debian"],
      ...[
        `UserKnownHostsFile ${folder}/known_hosts`,
        "StrictHostKeyChecking accept-new",
        "LogLevel ERROR",
        "KexAlgorithms curve25519-sha256",
      ],
    ].join("\n"),
  );
  await script(join(bin, "ssh"), `exec /usr/bin/ssh -F ${folder}/config "$@"`);
  // ssh joins its words to one line for the shell of the lab host.
  await script(enter, `${QUOTE}\nexec /usr/bin/ssh -F ${folder}/config -T observed -- "$line"`);
  const master = spawn("/usr/bin/ssh", ["-F", join(folder, "config"), "-M", "-N", "-T", "observed"], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const exit = once(master, "exit");
  const stop = async () => {
    master.kill();
    await exit;
    await machine.stop();
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 600 && !existsSync(join(folder, "observed")); tries++) await sleep(50);
  if (!existsSync(join(folder, "observed"))) {
    await stop();
    throw new Error(`no ssh connection to the virtual machine:\n${machine.console()}`);
  }
  const env = { PATH: `${bin}:${process.env["PATH"]}`, XDG_RUNTIME_DIR: runtime };
  return { reached: { enter, name: "debian", env }, stop };
}

/** Builds the line in which the words are data to each shell. */
const QUOTE = `line=
for word in "$@"; do line="$line '\${word//\\'/\\'\\\\\\'\\'}'"; done`;

const CONNECT = fileURLToPath(new URL("connect.ts", import.meta.url));

async function script(path: string, text: string): Promise<void> {
  await writeFile(path, `#!/bin/bash\n${text}\n`);
  await chmod(path, 0o755);
}
