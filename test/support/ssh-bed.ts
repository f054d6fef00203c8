import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { setgroupsFilter } from "../../cli/setgroups-filter.ts";
import { PREPARE } from "../../sandbox/isolation.ts";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";

/** Lab hosts with a real sshd each, in one sandbox, and a management network from which ssh reaches them by their names. */
export interface SshBed extends AsyncDisposable {
  /** The sandbox in whose network ssh runs. */
  readonly management: Sandbox;
  /** The variables of processes that use this bed: with them, `ssh` is one that reaches the lab hosts. */
  readonly env: { readonly PATH: string; readonly XDG_RUNTIME_DIR: string };
  host(name: string): BedHost;
  /** Returns the ids of the ssh processes of this bed. */
  clients(): Promise<number[]>;
}

/** A lab host of a bed. */
export interface BedHost {
  readonly name: string;
  readonly address: string;
  /** Runs a command on the lab host, without ssh. Throws if it fails. */
  run(program: string, ...args: string[]): Promise<string>;
  ip(...args: string[]): Promise<any[]>;
  /** Starts sshd, with options in addition to those of the bed. */
  startSshd(...options: string[]): Promise<void>;
  /** Ends the listening sshd, so that no new connection succeeds. */
  stopSshd(): Promise<void>;
  /** Kills the sshd processes of all connections. */
  killSessions(): Promise<void>;
  /** Does some work while a tool is not installed on the lab host. */
  without<T>(tool: string, work: () => Promise<T>): Promise<T>;
  /** Returns all that a lab could leave behind, as text to compare. */
  traces(): Promise<string>;
}

export async function openSshBed(...names: string[]): Promise<SshBed> {
  const management = await sandbox();
  const folder = await mkdtemp(join(tmpdir(), "netns-ssh-"));
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
  await management.run("ip", "link", "add", "uplink", "type", "bridge");
  await management.run("ip", "address", "add", "10.77.0.1/24", "dev", "uplink");
  await management.run("ip", "link", "set", "uplink", "up");
  const hosts = new Map<string, BedHost>();
  for (const [index, name] of names.entries())
    hosts.set(name, await openHost(management, folder, name, `10.77.0.${11 + index}`));
  const entries = [...hosts.values()].map(({ name, address }) => `Host ${name}\n  HostName ${address}\n`);
  await writeFile(join(folder, "config"), `${entries.join("")}${clientOptions(folder)}`);
  const [bin, runtime] = [join(folder, "bin"), join(folder, "run")];
  await mkdir(bin);
  await mkdir(runtime);
  // A process in the sandbox, such as that of an engine, cannot enter it once more.
  const isInside = `[ /proc/self/ns/user -ef /proc/${management.pid}/ns/user ]`;
  await writeFile(
    join(bin, "ssh"),
    `#!/bin/sh\n${isInside} || exec ${management.enter.join(" ")} "$0" "$@"\nexec /usr/bin/ssh -F ${folder}/config "$@"\n`,
  );
  await chmod(join(bin, "ssh"), 0o755);
  return {
    management,
    env: { PATH: `${bin}:${process.env["PATH"]}`, XDG_RUNTIME_DIR: runtime },
    host(name) {
      const found = hosts.get(name);
      if (found === undefined) throw new Error(`no lab host ${name}`);
      return found;
    },
    async clients() {
      const { stdout } = await execa("pgrep", ["--full", `^/usr/bin/ssh -F ${folder}/config`], { reject: false });
      return stdout.split("\n").filter(Boolean).map(Number);
    },
    async [Symbol.asyncDispose]() {
      await management[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

const clientOptions = (folder: string): string => `Host *
  User root
  IdentityFile ${folder}/key
  IdentitiesOnly yes
  UserKnownHostsFile ${folder}/known_hosts
  StrictHostKeyChecking accept-new
  LogLevel ERROR
`;

async function openHost(management: Sandbox, folder: string, name: string, address: string): Promise<BedHost> {
  const [program = "", ...words] = [
    ...management.enter,
    "unshare",
    "--net",
    "--mount",
    "sh",
    "-c",
    FURNISH,
    "sh",
    folder,
  ];
  // The namespaces of the lab host last as long as this process. The sandbox kills it, and all that runs in them.
  const holder = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
  const [ready] = (await Promise.race([once(holder.stdout, "data"), once(holder, "exit")])) as [unknown];
  if (!String(ready).startsWith("ready")) throw new Error(`the lab host ${name} did not start: ${String(ready)}`);
  const enter = ["--target", String(holder.pid), "--user", "--preserve-credentials", "--net", "--mount", "--"];
  const run: BedHost["run"] = async (program, ...args) => (await execa("nsenter", [...enter, program, ...args])).stdout;

  await management.run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", String(holder.pid));
  await management.run("ip", "link", "set", name, "master", "uplink", "up");
  await run("ip", "address", "add", `${address}/24`, "dev", "eth0");
  // Without IPv6, whose addresses appear some time after the interface is up.
  await run("ip", "link", "set", "eth0", "addrgenmode", "none", "up");

  const host: BedHost = {
    name,
    address,
    run,
    ip: async (...args) => JSON.parse((await run("ip", "-json", ...args)) || "[]") as unknown[],
    async startSshd(...more) {
      const options = [`ListenAddress=${address}`, ...SSHD_OPTIONS, `AuthorizedKeysFile=${folder}/key.pub`, ...more];
      const filter = setgroupsFilter() ?? [];
      await run(
        ...([...filter, "/usr/sbin/sshd", "-f", "/dev/null", ...options.flatMap((one) => ["-o", one])] as [string]),
      );
    },
    async stopSshd() {
      await run("sh", "-c", STOP_SSHD);
    },
    async killSessions() {
      await run("sh", "-c", KILL_SESSIONS);
    },
    async without(tool, work) {
      await run("sh", "-c", HIDE, "sh", tool);
      try {
        return await work();
      } finally {
        await run("sh", "-c", SHOW);
      }
    },
    async traces() {
      const parts = [
        run("ls", "/run/netns"),
        run("ip", "-brief", "link", "show"),
        run("ip", "-brief", "address", "show"),
        run("ip", "route", "show", "table", "all"),
        run("nft", "list", "ruleset"),
        run("sysctl", "net.ipv4.ip_forward"),
        run("sh", "-c", "ls -R /etc/netns /run/pulumi-netns 2>&1 || true"),
      ];
      return (await Promise.all(parts)).join("\n--\n");
    },
  };
  await host.startSshd();
  return host;
}

// In a sandbox with one user, the account with which sshd gives up its rights must be that user.
const FURNISH = `
${PREPARE} && mkdir /run/sshd &&
sed "s#^sshd:.*#sshd:*:0:0::/run/sshd:/bin/false#; s#^root:.*#root:*:0:0:root:/run:/bin/sh#" /etc/passwd > /run/passwd &&
mount --bind /run/passwd /etc/passwd && echo "root:*:19000::::::" > /run/shadow && mount --bind /run/shadow /etc/shadow &&
ssh-keygen -q -t ed25519 -N "" -f /run/host_key && echo ready && exec cat`;

const SSHD_OPTIONS = [
  "HostKey=/run/host_key",
  "PidFile=/run/sshd.pid",
  "UsePAM=no",
  "StrictModes=no",
  "PermitRootLogin=yes",
  "PasswordAuthentication=no",
];

// The next sshd can listen only when this one has ended.
const STOP_SSHD = `
pid=$(cat /run/sshd.pid) && kill "$pid"
for round in $(seq 100); do [ -e "/proc/$pid" ] || break; sleep 0.05; done`;

const KILL_SESSIONS = `
for process in /proc/[0-9]*; do
  [ "$process/ns/net" -ef /proc/self/ns/net ] && [ "$(cat "$process/comm" 2>/dev/null)" = sshd ] || continue
  [ "\${process#/proc/}" = "$(cat /run/sshd.pid)" ] || kill -s KILL "\${process#/proc/}" 2>/dev/null
done
true`;

/** Hides a tool in all folders that have it, as if it were not installed. */
const HIDE = `
mkdir -p /run/tool && for file in $(which -a "$1"); do
  folder=$(readlink -f "$(dirname "$file")")
  grep -sqx "$folder" /run/tool/folders || {
    echo "$folder" >>/run/tool/folders && layers=/run/tool/$(basename "$folder")$(wc -l </run/tool/folders) && mkdir -p "$layers/upper" "$layers/work" &&
    mount -t overlay overlay -o "lowerdir=$folder,upperdir=$layers/upper,workdir=$layers/work" "$folder"
  }
  rm -f "$file"
done`;

const SHOW = 'while read -r folder; do umount -l "$folder"; done </run/tool/folders; rm -r /run/tool';
