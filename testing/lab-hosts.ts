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
 * program under test reaches them by `ssh`, which is a script that enters them. They end with the sandbox.
 */
export async function openTestedLabHosts(
  box: Sandbox,
  given: readonly (string | TestedLabHost)[],
): Promise<TestedLabHosts> {
  await box.run("ip", "link", "add", BRIDGE, "type", "bridge");
  await box.run("ip", "link", "set", "dev", BRIDGE, "up");
  const hosts = await Promise.all(
    given.map(async (one, index) => {
      const {
        name,
        ssh = name,
        address = `10.77.0.${FIRST + index}/24`,
      } = typeof one === "string" ? { name: one } : one;
      return { name, ssh, pid: await openTestedLabHost(box, index, address) };
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

/** The bridge of the sandbox that connects its lab hosts. */
const BRIDGE = "lab-hosts";

/** The last number of the first address. */
const FIRST = 11;

/** Opens one lab host and returns the process that holds it. */
async function openTestedLabHost(box: Sandbox, index: number, address: string): Promise<number> {
  // The lab host lasts as long as this process. The sandbox kills it, and all that runs there.
  const { pid } = await startHolder([...box.enter, "unshare", "--net", "--mount", "sh", "-c", FURNISH]);
  const cable = `lab-host-${index + 1}`;
  await box.run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", String(pid));
  await box.run("ip", "link", "set", "dev", cable, "master", BRIDGE, "up");
  const { run } = labHost(enterSandbox(pid));
  for (const command of [`address add ${address} dev eth0`, "link set dev eth0 addrgenmode none up"]) {
    const { code, stderr } = await run(undefined, "ip", ...command.split(" "));
    if (code !== 0) throw new Error(`ip ${command}: ${stderr}`);
  }
  return pid;
}

const FURNISH = `${PREPARE} && echo ready && exec cat`;

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
