import { areOfOneFamily, isLinkLocal } from "../cidr.ts";
import { hasUnknown, isUnknown, rule } from "../schema.ts";
import { endsOfVnis, vnisOf } from "../vnis.ts";
import { NO_ADDRESS } from "./tunnel-address.ts";

interface Identified {
  readonly vni?: number | undefined;
  readonly external: boolean;
  readonly vnifilter: boolean;
  readonly vnis?: readonly string[] | undefined;
}

interface Ended extends Identified {
  readonly local?: string | undefined;
  readonly remote?: string | undefined;
  readonly group?: string | undefined;
  readonly dev?: string | undefined;
  readonly flood?: readonly string[] | undefined;
}

/** Declares the rules on the identifiers of a VXLAN: its own one, or those of its frames. */
export const identifierRules = <Args extends Identified>() => [
  rule<Args, "vni" | "external">(["vni", "external"], ({ vni, external }) =>
    external === (vni === undefined)
      ? undefined
      : external
        ? { at: "vni", why: `${vni} cannot be used with external: each frame has an identifier of its own` }
        : {
            at: "vni",
            why: "missing required argument: the identifier of the VXLAN, e.g. 42; or external: true, for frames that have their own",
          },
  ),
  rule<Args, "vnifilter" | "external">(["vnifilter", "external"], ({ vnifilter, external }) =>
    vnifilter && !external
      ? { at: "vnifilter", why: "true cannot be used without external: a VXLAN with a vni carries no other" }
      : undefined,
  ),
  rule<Args, "vnis" | "vnifilter">(["vnis", "vnifilter"], ({ vnis, vnifilter }) =>
    vnis !== undefined && !vnifilter
      ? { at: "vnis", why: "cannot be used without external: true and vnifilter: true, which limits a VXLAN to them" }
      : undefined,
  ),
];

/** Declares the rules on the remote ends of a VXLAN. */
export const endRules = <Args extends Ended>() => [
  rule<Args, "flood" | "external">(["flood", "external"], ({ flood, external }) =>
    flood !== undefined && external
      ? {
          at: "flood",
          why: 'cannot be used with external: the ends differ between identifiers. Declare an FdbEntry of lladdr "00:00:00:00:00:00" with srcVni for each of them',
        }
      : undefined,
  ),
  ...(["remote", "group"] as const).map((at) =>
    rule<Args, typeof at | "external" | "vnifilter">(
      [at, "external", "vnifilter"],
      ({ external, vnifilter, ...ends }) =>
        ends[at] !== undefined && external && !vnifilter
          ? {
              at,
              why: `"${ends[at]}" cannot be used with external but without vnifilter: it is the end of the identifiers that vnis lists`,
            }
          : undefined,
    ),
  ),
  rule<Args, "flood" | "remote" | "group">(["flood", "remote", "group"], ({ flood, remote, group }) =>
    flood !== undefined && (remote ?? group) !== undefined
      ? { at: "flood", why: "cannot be used with remote or group: flood names all remote ends" }
      : undefined,
  ),
  rule<Args, "flood" | "local">(["flood", "local"], ({ flood, local = NO_ADDRESS }) => {
    const other = flood?.find((end) => !isUnknown(end) && !areOfOneFamily(end, local));
    return other === undefined
      ? undefined
      : { at: "flood", why: `"${other}" must be of the family of local, which is IPv4 if it is omitted` };
  }),
  rule<Args, "vnis" | "local" | "dev">(["vnis", "local", "dev"], ({ vnis, local = NO_ADDRESS, dev }) => {
    if (vnis === undefined || hasUnknown(vnis)) return undefined;
    const ends = endsOfVnis(vnisOf(vnis));
    const other = ends.find(({ address }) => !areOfOneFamily(address, local));
    if (other !== undefined)
      return { at: "vnis", why: `"${other.address}" must be of the family of local, which is IPv4 if it is omitted` };
    return dev === undefined && ends.some(({ word }) => word === "group")
      ? { at: "dev", why: "missing: a group in vnis requires the interface that joins the multicast group" }
      : undefined;
  }),
  rule<Args, "remote" | "group">(["remote", "group"], ({ remote, group }) =>
    remote !== undefined && group !== undefined
      ? {
          at: "group",
          why: `"${group}" cannot be used with remote: a tunnel has either one remote or one multicast group`,
        }
      : undefined,
  ),
  rule<Args, "group" | "dev">(["group", "dev"], ({ group, dev }) =>
    group !== undefined && dev === undefined
      ? { at: "dev", why: "missing: group requires the interface that joins the multicast group" }
      : undefined,
  ),
  rule<Args, "local" | "remote" | "dev">(["local", "remote", "dev"], ({ local, remote, dev }) => {
    const bound = [remote, local].find((end) => end !== undefined && isLinkLocal(end));
    return bound !== undefined && dev === undefined
      ? { at: "dev", why: `missing: the link-local address "${bound}" requires the interface whose link it is on` }
      : undefined;
  }),
  rule<Args, "local" | "remote" | "group">(["local", "remote", "group"], ({ local, remote, group }) => {
    const other = remote ?? group;
    return local !== undefined && other !== undefined && !areOfOneFamily(local, other)
      ? { at: "local", why: `"${local}" and "${other}" must be of the same family` }
      : undefined;
  }),
];
