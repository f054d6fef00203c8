import * as v from "valibot";
import { exclusiveClaims } from "../claims.ts";
import type { Command } from "../kernel/command.ts";
import { ALL_ZERO, bridgeCommand, type FdbEntry, showFdb } from "../kernel/tools/bridge.ts";
import { type Link, showLink } from "../kernel/tools/ip.ts";
import { type Kind, type Observed, onInterface, placeId } from "../kind.ts";
import { args, changes, field, rule } from "../schema.ts";
import { flag, integer, interfaceName, ip as ipAddress, mac, namespaceName, vxlanIdentifier } from "../values.ts";
import { linkMark } from "./link.ts";

const isFlood = ({ lladdr }: { readonly lladdr?: string }): boolean => lladdr === ALL_ZERO;

const fields = args({
  interface: field(interfaceName(), { replaces: true }),
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  lladdr: field(
    v.lazy((given) => (given === ALL_ZERO ? v.literal(ALL_ZERO) : mac()) as ReturnType<typeof mac>),
    { replaces: true },
  ),
  vlan: v.optional(field(integer("a VLAN ID", 1, 4094, 10), { replaces: true })),
  sticky: v.optional(field(flag()), false),
  // With a remote end, the entry is in the database of a tunnel, and else in that of a bridge.
  dst: v.optional(
    field(ipAddress(), {
      replaces: (old, now, wanted) => (old === undefined) !== (now === undefined) || isFlood(wanted),
    }),
  ),
  srcVni: v.optional(field(vxlanIdentifier(), { replaces: true })),
  port: v.optional(field(integer("a UDP port", 1, 65_535, 4789))),
  vni: v.optional(field(vxlanIdentifier())),
  via: v.optional(field(interfaceName())),
});

type FdbArgs = v.InferOutput<typeof fields>;

const onlyOfBridge = (at: "vlan" | "sticky") =>
  rule<FdbArgs, "dst" | typeof at>(["dst", at], ({ dst, ...given }) =>
    dst !== undefined && given[at] !== undefined && given[at] !== false
      ? { at, why: `${given[at]} cannot be used with dst: it applies to a port of a bridge` }
      : undefined,
  );

const onlyOfTunnel = (at: "srcVni" | "port" | "vni" | "via") =>
  rule<FdbArgs, "dst" | typeof at>(["dst", at], ({ dst, ...given }) =>
    dst === undefined && given[at] !== undefined
      ? { at: "dst", why: `missing: ${at} applies to the remote end of a tunnel` }
      : undefined,
  );

const floodOfExternal = () =>
  rule<FdbArgs, "lladdr" | "srcVni">(["lladdr", "srcVni"], ({ lladdr, srcVni }) =>
    lladdr === ALL_ZERO && srcVni === undefined
      ? {
          at: "srcVni",
          why: `missing: lladdr "${ALL_ZERO}" is for the frames of one identifier of an external Vxlan. The remote ends of another Vxlan are its flood`,
        }
      : undefined,
  );

interface ObservedEntry extends Observed<FdbArgs> {
  /** Whether the entry was learned, so that it gives way. */
  readonly isLearned: boolean;
}

export const fdbEntry: Kind<FdbArgs, ObservedEntry> = {
  type: "FdbEntry",
  schema: v.pipe(
    fields,
    onlyOfBridge("vlan"),
    onlyOfBridge("sticky"),
    floodOfExternal(),
    onlyOfTunnel("srcVni"),
    onlyOfTunnel("port"),
    onlyOfTunnel("vni"),
    onlyOfTunnel("via"),
  ),
  ownership: "state",
  createOptimistically: () => true,
  id: ({ namespace, interface: link, lladdr, vlan, srcVni, dst }) =>
    [
      placeId(namespace, link),
      lladdr,
      ...(vlan === undefined ? [] : ["vlan", vlan]),
      ...(dst === undefined ? [] : ["self"]),
      ...(srcVni === undefined ? [] : ["src_vni", srcVni]),
      ...(dst !== undefined && lladdr === ALL_ZERO ? ["dst", dst] : []),
    ].join("/"),
  argsOfImport,
  claims: (args) => exclusiveClaims(`fdb entry ${fdbEntry.id(args, "")}`),

  async observe(kernel, wanted, mark) {
    const { namespace, interface: name } = wanted;
    const [entries = [], link] = await Promise.all([
      showFdb(kernel, namespace, name),
      showLink(kernel, namespace, name),
    ]);
    const entry = entries.find((one) => isOf(one, wanted));
    if (entry === undefined || link === undefined) return undefined;
    if (isLearned(entry)) return { state: undefined, mark, isLearned: true };
    // An entry cannot store a mark, but it belongs to the stack that has created its link.
    const owner = linkMark({ namespace, name }, link, mark);
    const isLocal = wanted.dst === undefined && entry.state === "permanent";
    return {
      state: isLocal ? undefined : stateOf(entry, wanted, link),
      mark: isLocal ? undefined : owner,
      isLearned: false,
    };
  },

  plan({ seen, desired }) {
    if (desired === undefined) {
      return seen?.state === undefined
        ? []
        : [{ run: fdbCommand("del", seen.state), tolerate: ["absent", "unsupported"] }];
    }
    if (seen === undefined) return [{ run: fdbCommand("add", desired), undo: fdbCommand("del", desired) }];
    if (seen.state !== undefined && changes(fields, seen.state, desired).length === 0) return [];
    if (!isFlood(desired)) return [{ run: fdbCommand("replace", desired) }];
    // The kernel replaces none of several remote ends.
    const former =
      seen.state === undefined ? [] : [{ run: fdbCommand("del", seen.state), tolerate: ["absent"] as const }];
    return [...former, { run: fdbCommand("add", desired) }];
  },
};

function argsOfImport(id: string): FdbArgs | undefined {
  const [, place = "", lladdr, vlan, self, srcVni, dst = "0.0.0.0"] = ID.exec(id) ?? [];
  if (lladdr === undefined) return undefined;
  return {
    ...onInterface(place),
    lladdr,
    ...(vlan !== undefined && { vlan: Number(vlan) }),
    sticky: false,
    // The id of an entry for one station has no remote end; the entry then shows it.
    ...(self !== undefined && { dst }),
    ...(srcVni !== undefined && { srcVni: Number(srcVni) }),
  };
}

const ID = /^(.+?)\/((?:[\da-f]{2}:){5}[\da-f]{2})(?:\/vlan\/(\d+))?(\/self)?(?:\/src_vni\/(\d+))?(?:\/dst\/(.+))?$/;

/** Returns whether an entry is the one that arguments name, in the database of the tunnel or of the bridge. */
const isOf = ({ mac, vlan, src_vni: srcVni, dst, master }: FdbEntry, wanted: FdbArgs): boolean =>
  mac === wanted.lladdr &&
  vlan === wanted.vlan &&
  srcVni === wanted.srcVni &&
  (wanted.dst === undefined ? master !== undefined : isFlood(wanted) ? dst === wanted.dst : dst !== undefined);

const isLearned = ({ state }: FdbEntry): boolean => state !== "static" && state !== "permanent";

function fdbCommand(verb: "add" | "replace" | "del", given: FdbArgs): Command {
  const { namespace, interface: link, lladdr, vlan, sticky, dst, srcVni, port, vni, via } = given;
  const ofBridge = ["static", ...(sticky ? ["sticky"] : [])];
  const ofTunnel = [
    ...["permanent", "dst", dst ?? ""],
    ...(port === undefined ? [] : ["port", port]),
    ...(vni === undefined ? [] : ["vni", vni]),
    ...(via === undefined ? [] : ["via", via]),
  ];
  const details = dst === undefined ? ofBridge : ofTunnel;
  // Only the remote end tells one entry of several from the others.
  const isNamed = verb !== "del" || isFlood(given);
  return bridgeCommand(
    namespace,
    link,
    ...["fdb", verb === "add" && isFlood(given) ? "append" : verb, lladdr, "dev", link],
    ...[dst === undefined ? "master" : "self", ...(isNamed ? details : [])],
    ...(vlan === undefined ? [] : ["vlan", vlan]),
    ...(srcVni === undefined ? [] : ["src_vni", srcVni]),
  );
}

/** Returns an entry in terms of arguments. A port or a VNI that is the tunnel's own is not shown. */
function stateOf(entry: FdbEntry, { namespace, interface: link, ...wanted }: FdbArgs, { linkinfo }: Link): FdbArgs {
  const { info_data: tunnel = {} } = linkinfo ?? {};
  const port = entry.port ?? (wanted.port === tunnel["port"] ? wanted.port : undefined);
  const vni = entry.vni ?? (wanted.vni === tunnel["id"] ? wanted.vni : undefined);
  return {
    interface: link,
    ...(namespace !== undefined && { namespace }),
    lladdr: entry.mac,
    ...(entry.vlan !== undefined && { vlan: entry.vlan }),
    sticky: entry.flags.includes("sticky"),
    ...(entry.dst !== undefined && { dst: entry.dst }),
    ...(entry.src_vni !== undefined && { srcVni: entry.src_vni }),
    ...(port !== undefined && { port }),
    ...(vni !== undefined && { vni }),
    ...(entry.viaIf !== undefined && { via: entry.viaIf }),
  };
}
