import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LabHost, labHost } from "../inspect/lab-host.ts";
import { together } from "../inspect/lab-hosts.ts";
import { shellWords } from "../provider/kernel/command.ts";
import { enterSandbox, PREPARE } from "../sandbox/isolation.ts";
import { type Sandbox, startHolder } from "./sandbox.ts";

/** A `LabHost` of the program under test, which is a part of the sandbox. */
export interface TestedLabHost {
  /** The name of the `LabHost` in the program. */
  readonly name: string;
  /** Its `ssh` in the program. @default the name */
  readonly ssh?: string;
  /** The IPv4 address at which the other lab hosts reach it, on its interface eth0. @default 10.77.0.11/24, 10.77.0.12/24 and so on */
  readonly address?: string;
}

/** The lab hosts in a sandbox. */
export interface TestedLabHosts extends AsyncDisposable {
  /** The sandbox and all lab hosts as one, whose places have the name of their lab host. */
  readonly all: LabHost;
  /** The PATH of `pulumi`, with an `ssh` that enters the lab hosts. */
  readonly path: string;
}

/**
 * Opens lab hosts in a sandbox: each has its own network stack, /run and /etc, and an interface eth0 on a bridge that connects all of them. The
 * bridge has a network stack of its own, since a kernel with br_netfilter applies the filters of a stack to the packets of its bridges. The
 * program under test reaches the lab hosts by `ssh`, which is a script that enters them. They end with the sandbox.
 */
export async function openTestedLabHosts(
  box: Sandbox,
  given: readonly (string | TestedLabHost)[],
): Promise<TestedLabHosts> {
  const network = await openNetwork(box);
  const hosts = await Promise.all(
    given.map(async (one, index) => {
      const {
        name,
        ssh = name,
        address = `10.77.0.${FIRST + index}/24`,
      } = typeof one === "string" ? { name: one } : one;
      return { name, ssh, pid: await openTestedLabHost(box, network, index, address) };
    }),
  );
  const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-hosts-"));
  const bin = await writeScripts(folder, hosts);
  const reached = new Map<string | undefined, LabHost>([
    [undefined, labHost(box.enter)],
    ...hosts.map(({ name, pid }) => [name, labHost(enterSandbox(pid))] as const),
  ]);
  return {
    all: together(reached),
    path: `${bin}:${process.env["PATH"] ?? ""}`,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** The last number of the first address. */
const FIRST = 11;

/** Runs `ip` in the network stack of the bridge that connects the lab hosts. */
type Network = (...args: readonly string[]) => Promise<unknown>;

async function openNetwork(box: Sandbox): Promise<Network> {
  const { pid } = await startHolder([...box.enter, "unshare", "--net", "sh", "-c", HOLD]);
  const network: Network = (...args) => box.run("nsenter", `--net=/proc/${pid}/ns/net`, "ip", ...args);
  await network("link", "add", BRIDGE, "type", "bridge");
  await network("link", "set", "dev", BRIDGE, "up");
  return network;
}

const BRIDGE = "br0";

/** The process lasts as long as this one. The sandbox kills it, and all that runs there. */
const HOLD = "echo ready && exec cat";

/** Opens one lab host and returns the process that holds it. */
async function openTestedLabHost(box: Sandbox, network: Network, index: number, address: string): Promise<number> {
  const { pid } = await startHolder([...box.enter, "unshare", "--net", "--mount", "sh", "-c", `${PREPARE} && ${HOLD}`]);
  const cable = `lab-host-${index + 1}`;
  await network("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", String(pid));
  await network("link", "set", "dev", cable, "master", BRIDGE, "up");
  const { run } = labHost(enterSandbox(pid));
  for (const command of [`address add ${address} dev eth0`, "link set dev eth0 addrgenmode none up"]) {
    const { code, stderr } = await run(undefined, "ip", ...command.split(" "));
    if (code !== 0) throw new Error(`ip ${command}: ${stderr}`);
  }
  return pid;
}

/** Writes the scripts that stand for `ssh`, and on the lab hosts for `sudo`, and returns the folder of `ssh`. */
async function writeScripts(
  folder: string,
  hosts: readonly { readonly ssh: string; readonly pid: number }[],
): Promise<string> {
  const [bin, inside] = [join(folder, "bin"), join(folder, "inside")];
  await Promise.all([mkdir(bin), mkdir(inside)]);
  const cases = hosts.map(({ ssh, pid }) => `${shellWords([ssh])}) pid=${pid} ;;`);
  await writeFile(
    join(bin, "ssh"),
    ENTER.replace("CASES", () => cases.join("\n  ")),
    { mode: 0o755 },
  );
  await writeFile(join(inside, "sudo"), `#!/bin/sh\nshift\nexec "$@"\n`, { mode: 0o755 });
  return bin;
}

const ENTER = `#!/bin/sh
while [ "$1" != -- ]; do shift; done
case $2 in
  CASES
  *) echo "ssh: this lab has no host with the destination $2" >&2; exit 255 ;;
esac
PATH=$(dirname "$0")/../inside:$PATH
export PATH
exec nsenter --target "$pid" --net --mount -- sh -c "$3"
`;
