import * as v from "valibot";
import type { Vlans } from "../../vlans.ts";
import type { VniRange } from "../../vnis.ts";
import type { Command } from "../command.ts";
import type { KernelClient } from "../kernel.ts";
import { queryJson } from "./ip.ts";

/** An entry of a forwarding database, as `bridge fdb show` shows it. */
export type FdbEntry = v.InferOutput<typeof ENTRY>;

/** Stands for broadcasts and frames to unknown addresses, in the database of a tunnel. Such an entry is one of several remote ends. */
export const ALL_ZERO = "00:00:00:00:00:00";

/** Returns the command for a change by `bridge` that concerns an interface, in a namespace or on the lab host. */
export const bridgeCommand = (
  namespace: string | undefined,
  link: string,
  ...words: readonly (string | number)[]
): Command => ({ tool: "bridge", namespace, args: words.map(String), subject: link });

/** Queries the entries of forwarding databases that lead to an interface; undefined if it or its namespace does not exist. */
export const showFdb = (
  kernel: KernelClient,
  namespace: string | undefined,
  link: string,
): Promise<FdbEntry[] | undefined> => queryJson(kernel, ENTRIES, queryOf(namespace, link, "fdb"));

/**
 * Queries the VLANs of a bridge port, or of a bridge itself; undefined if it or its namespace does not exist.
 *
 * @param isTunnelled Whether the port maps VLANs to identifiers of a tunnel.
 */
export async function showVlans(
  kernel: KernelClient,
  namespace: string | undefined,
  link: string,
  isTunnelled = false,
): Promise<Vlans | undefined> {
  const [ports, ids] = await Promise.all([
    queryJson(kernel, PORTS, queryOf(namespace, link, "vlan")),
    isTunnelled ? showTunnelIds(kernel, namespace, link) : undefined,
  ]);
  const [port] = ports ?? [];
  // A port without VLANs is not listed.
  return (
    ports &&
    new Map(port?.vlans.map(({ vlan, flags }) => [vlan, { ...flagsOf(flags), tunnelId: ids?.get(vlan) }] as const))
  );
}

/** Queries the identifiers that a VXLAN with `vnifilter` carries; undefined if it or its namespace does not exist. */
export async function showVnis(
  kernel: KernelClient,
  namespace: string | undefined,
  link: string,
): Promise<VniRange[] | undefined> {
  const tunnels = await queryJson(kernel, VNIS, queryOf(namespace, link, "vni"));
  return tunnels?.flatMap(({ vnis }) =>
    vnis.map(({ vni, vniEnd = vni, remote, group }) => ({ first: vni, last: vniEnd, to: endOf({ remote, group }) })),
  );
}

const endOf = (ends: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(ends).flatMap(([word, address]) => (address === undefined ? [] : [`${word} ${address}`]))[0] ?? "";

const queryOf = (namespace: string | undefined, link: string, object: "fdb" | "vlan" | "vni"): Command => ({
  ...bridgeCommand(namespace, link, "-json", object, "show", "dev", link),
  query: true,
});

/** Queries the identifiers of a tunnel to which a bridge port maps VLANs, by VLAN. */
export async function showTunnelIds(
  kernel: KernelClient,
  namespace: string | undefined,
  link: string,
): Promise<ReadonlyMap<number, number>> {
  const command = bridgeCommand(namespace, link, "-json", "vlan", "tunnelshow", "dev", link);
  const ranges = (await queryJson(kernel, TUNNELS, { ...command, query: true }))?.flatMap(({ tunnels }) => tunnels);
  return new Map(
    ranges?.flatMap(({ vlan, vlanEnd = vlan, tunid }) =>
      Array.from({ length: vlanEnd - vlan + 1 }, (_, index) => [vlan + index, tunid + index] as const),
    ),
  );
}

const flagsOf = (flags: readonly string[]) => ({
  pvid: flags.includes("PVID"),
  untagged: flags.includes("Egress Untagged"),
});

const PORTS = v.array(
  v.object({ vlans: v.array(v.object({ vlan: v.number(), flags: v.optional(v.array(v.string()), []) })) }),
);

const TUNNELS = v.array(
  v.object({ tunnels: v.array(v.object({ vlan: v.number(), vlanEnd: v.optional(v.number()), tunid: v.number() })) }),
);

const VNIS = v.array(
  v.object({
    vnis: v.array(
      v.object({
        vni: v.number(),
        vniEnd: v.optional(v.number()),
        remote: v.optional(v.string()),
        group: v.optional(v.string()),
      }),
    ),
  }),
);

const ENTRY = v.object({
  mac: v.string(),
  vlan: v.optional(v.number()),
  /** The bridge in whose database the entry is; absent for an entry of the interface's own. */
  master: v.optional(v.string()),
  /** The remote end of a tunnel, with its parameters where they differ from the tunnel's. */
  dst: v.optional(v.string()),
  port: v.optional(v.number()),
  vni: v.optional(v.number()),
  /** The identifier of the frames that the entry is for, in an external tunnel. */
  src_vni: v.optional(v.number()),
  viaIf: v.optional(v.string()),
  flags: v.optional(v.array(v.string()), []),
  /** `static` or `permanent`; empty for a learned entry. */
  state: v.optional(v.string()),
});
const ENTRIES = v.array(ENTRY);
