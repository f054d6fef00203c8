import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";

/** A lab host with a real sshd and a real sudo, and a user who is not root: ada. */
export interface SudoBed extends AsyncDisposable {
  /** The lab host, which the machine's root user has created: in a user namespace, there is no other user than root. */
  readonly host: Sandbox;
  /** The variables of processes that use this bed: with them, `ssh lab1` is a connection to the lab host as ada. */
  readonly env: { readonly PATH: string; readonly XDG_RUNTIME_DIR: string };
  /** Sets the only line of sudoers about ada; an empty one for none. */
  sudoers(line: string): Promise<void>;
}

export async function openSudoBed(): Promise<SudoBed> {
  const host = await sandbox({ root: true });
  const folder = await mkdtemp(join(tmpdir(), "netns-sudo-"));
  const key = join(folder, "key");
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  await host.run("sh", "-ec", FURNISH, "sh", `${key}.pub`, String(USER));
  const [bin, runtime] = [join(folder, "bin"), join(folder, "run")];
  await Promise.all([mkdir(bin), mkdir(runtime)]);
  await writeFile(join(folder, "config"), clientOptions(folder));
  const enter = host.enter.join(" ");
  await writeFile(join(bin, "ssh"), `#!/bin/sh\nexec ${enter} /usr/bin/ssh -F ${folder}/config "$@"\n`);
  await chmod(join(bin, "ssh"), 0o755);
  return {
    host,
    env: { PATH: `${bin}:${process.env["PATH"]}`, XDG_RUNTIME_DIR: runtime },
    async sudoers(line) {
      await host.run("sh", "-ec", SUDOERS, "sh", line);
    },
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** An id that no user of the machine has. */
const USER = 54_321;

// Everything of the machine that it changes is a copy in the sandbox. A password field with an exclamation mark would lock the account.
const FURNISH = `
mkdir -m 755 /run/sshd /run/home
install -d -m 700 -o "$2" -g "$2" /run/home/ada
echo "ada:x:$2:$2::/run/home/ada:/bin/sh" >>/etc/passwd
echo "ada:x:$2:" >>/etc/group
echo "ada:*:19000::::::" >>/etc/shadow
rm -f /etc/sudoers.d/*
cp "$1" /run/authorized_keys && chmod 644 /run/authorized_keys
ssh-keygen -q -t ed25519 -N "" -f /run/host_key
/usr/sbin/sshd -f /dev/null -o ListenAddress=127.0.0.1 -o HostKey=/run/host_key -o PidFile=/run/sshd.pid -o UsePAM=no \
  -o StrictModes=no -o PasswordAuthentication=no -o AuthorizedKeysFile=/run/authorized_keys`;

const SUDOERS = `
rm -f /etc/sudoers.d/lab
echo "$1" >/run/line && install -m 440 /run/line /etc/sudoers.d/lab
visudo --check --quiet`;

const clientOptions = (folder: string): string => `Host lab1
  HostName 127.0.0.1
  User ada
  IdentityFile ${folder}/key
  IdentitiesOnly yes
  UserKnownHostsFile ${folder}/known_hosts
  StrictHostKeyChecking accept-new
  LogLevel ERROR
`;
