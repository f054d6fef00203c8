import { spawn } from "node:child_process";
import { once } from "node:events";
import { linux } from "../../provider/kernel/client/linux.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";
import type { BedHost } from "./ssh-bed.ts";

/** Lab hosts in one sandbox, which commands enter without ssh. The sandbox may be in the virtual machine of the tests. */
export interface NearHosts extends AsyncDisposable {
  /** The sandbox, whose bridge `uplink` is the network between the lab hosts. */
  readonly box: Sandbox;
  host(name: string): NearHost;
  /** Returns the objects of each lab host, as text. */
  traces(): Promise<string[]>;
}

export interface NearHost extends Pick<BedHost, "name" | "address" | "run" | "ip"> {
  /** The words that enter it from the sandbox. */
  readonly enter: readonly string[];
  /** Returns a client of the kernel for a new provider process. */
  kernel(): KernelClient;
}

export async function openNearHosts(...names: readonly string[]): Promise<NearHosts> {
  const box = await sandbox();
  await box.run("ip", "link", "add", "uplink", "type", "bridge");
  await box.run("ip", "link", "set", "dev", "uplink", "up");
  const hosts = new Map<string, NearHost & Held>();
  for (const [index, name] of names.entries()) hosts.set(name, await openHost(box, name, `10.77.0.${11 + index}`));
  return {
    box,
    host(name) {
      const found = hosts.get(name);
      if (found === undefined) throw new Error(`no lab host ${name}`);
      return found;
    },
    traces: () => Promise.all([...hosts.values()].map(({ run }) => run("sh", "-c", TRACES))),
    async [Symbol.asyncDispose]() {
      await Promise.all([...hosts.values()].map(({ end }) => end()));
      await box[Symbol.asyncDispose]();
    },
  };
}

/** A lab host with the process that holds its namespaces. */
interface Held {
  end(): Promise<void>;
}

async function openHost(box: Sandbox, name: string, address: string): Promise<NearHost & Held> {
  const [program = "", ...words] = [...box.enter, "unshare", "--net", "--mount", "sh", "-c", HOLD];
  const holder = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
  const exit = once(holder, "exit");
  const [line] = (await holder.stdout.take(1).toArray()) as [unknown];
  const pid = /^\d+/.exec(String(line))?.[0];
  if (pid === undefined) throw new Error(`the lab host ${name} did not start: ${String(line)}`);
  const enter = ["nsenter", "--target", pid, "--net", "--mount", "--"];
  const run: NearHost["run"] = (...command) => box.run(...(enter as [string, ...string[]]), ...command);

  await box.run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", pid);
  await box.run("ip", "link", "set", "dev", name, "master", "uplink", "up");
  await run("ip", "address", "add", `${address}/24`, "dev", "eth0");
  // Without IPv6, whose addresses appear some time after the interface is up.
  await run("ip", "link", "set", "dev", "eth0", "addrgenmode", "none");
  await run("ip", "link", "set", "dev", "eth0", "up");
  return {
    ...{ name, address, enter, run, kernel: () => linux([...box.enter, ...enter]) },
    ip: async (...args) => JSON.parse((await run("ip", "-json", ...args)) || "[]") as unknown[],
    async end() {
      holder.stdin.end();
      await exit;
    },
  };
}

const HOLD = "mount -t tmpfs tmpfs /run && mkdir -p /run/netns && ip link set dev lo up && echo $$ && exec cat";

const TRACES = `
ls /run/netns; ip -brief link show; ip -brief address show; ip route show table all; nft list ruleset
sysctl net.ipv4.ip_forward; ls -R /run/pulumi-netns 2>&1; true`;
