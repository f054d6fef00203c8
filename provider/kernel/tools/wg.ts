import type { Command } from "../command.ts";
import type { KernelClient } from "../kernel.ts";
import { runQuery } from "../query.ts";

/*
 * The keys of a WireGuard interface are passed on standard input and never on a command line, and no error or plan shows them.
 */

/** A WireGuard interface as `wg show … dump` prints it. Keys that are not set are undefined. */
export interface WireGuardDump {
  readonly privateKey: string | undefined;
  readonly listenPort: number;
  readonly fwmark: number;
  readonly peers: readonly PeerDump[];
}

/** A peer as `wg show … dump` prints it. */
export interface PeerDump {
  readonly publicKey: string;
  readonly presharedKey: string | undefined;
  readonly endpoint: string | undefined;
  readonly allowedIps: readonly string[];
  readonly persistentKeepalive: number;
}

/** Queries the keys and peers of a WireGuard interface; undefined if the interface does not exist. */
export async function showWireGuard(
  kernel: KernelClient,
  namespace: string | undefined,
  name: string,
): Promise<WireGuardDump | undefined> {
  const text = await runQuery(kernel, {
    tool: "wg",
    namespace,
    args: ["show", name, "dump"],
    query: true,
    subject: name,
  });
  return text === undefined ? undefined : parseDump(text);
}

/** Sets the keys and peers of a WireGuard interface, from a file in the format of wg(8). The sessions of unchanged peers go on. */
export const syncWireGuard = (namespace: string | undefined, name: string, file: string): Command => ({
  tool: "wg",
  namespace,
  args: ["syncconf", name, STANDARD_INPUT],
  stdin: file,
  display: `${namespace === undefined ? "" : `ip netns exec ${namespace} `}wg syncconf ${name} /dev/stdin # keys and peers on standard input`,
  subject: name,
});

/** Removes a peer of a WireGuard interface. */
export const removePeer = (namespace: string | undefined, name: string, publicKey: string): Command => ({
  tool: "wg",
  namespace,
  args: ["set", name, "peer", publicKey, "remove"],
  subject: name,
});

// /dev/stdin does not exist in every sandbox.
const STANDARD_INPUT = "/proc/self/fd/0";

function parseDump(text: string): WireGuardDump {
  const [own = "", ...peers] = text.trimEnd().split("\n");
  const [privateKey, , listenPort, fwmark] = own.split("\t");
  return {
    privateKey: given(privateKey),
    listenPort: Number(listenPort),
    fwmark: fwmark === "off" ? 0 : Number(fwmark),
    peers: peers.map(parsePeer),
  };
}

function parsePeer(line: string): PeerDump {
  const [publicKey = "", presharedKey, endpoint, allowedIps, , , , keepalive] = line.split("\t");
  return {
    publicKey,
    presharedKey: given(presharedKey),
    endpoint: given(endpoint),
    allowedIps: given(allowedIps)?.split(",") ?? [],
    persistentKeepalive: keepalive === "off" ? 0 : Number(keepalive),
  };
}

const given = (field: string | undefined): string | undefined =>
  field === undefined || field === "(none)" ? undefined : field;
