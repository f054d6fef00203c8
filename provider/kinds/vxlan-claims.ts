import { familyName, familyOf } from "../cidr.ts";
import type { Claim } from "../claims.ts";
import { placeId } from "../kind.ts";
import { vnisOf } from "../vnis.ts";
import { type TunnelPlace, underlayOf } from "./link-underlay.ts";
import { NO_ADDRESS } from "./tunnel-address.ts";

/** What decides which VXLANs the kernel allows beside one another. */
interface ClaimingVxlan extends TunnelPlace {
  readonly vni?: number | undefined;
  readonly external?: boolean | undefined;
  readonly vnifilter?: boolean | undefined;
  readonly vnis?: readonly string[] | undefined;
  readonly dstport?: number | undefined;
  readonly local?: string | undefined;
  readonly remote?: string | undefined;
  readonly group?: string | undefined;
}

/** Returns the claims of a VXLAN: its identifiers, and the way in which the socket of its port hands frames on. */
export function vxlanClaims(link: ClaimingVxlan): Claim[] {
  const port = `udp port ${placeId(underlayOf(link), String(link.dstport))}`;
  return link.external ? externalClaims(link, port) : ownClaims(link, port);
}

function ownClaims({ vni, local, remote, group }: ClaimingVxlan, port: string): Claim[] {
  if (vni === undefined) return [];
  // A socket is for one family.
  const family = familyName(familyOf(local ?? remote ?? group ?? NO_ADDRESS));
  return [
    { name: `VXLAN identifier ${vni} on ${port} (${family})`, property: "vni" },
    { name: `VXLAN socket on ${port} (${family})`, sharedValue: "vni", property: "dstport" },
  ];
}

/** An external VXLAN has a socket of each family. */
function externalClaims({ vnifilter = false, vnis = [] }: ClaimingVxlan, port: string): Claim[] {
  const sharedValue = vnifilter ? "vnifilter" : "external";
  const ranges = vnisOf(vnis);
  // The kernel finds the duplicates among more identifiers than a bridge has VLANs.
  const isShort = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0) <= 4094;
  const all = ranges.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
  return [
    ...["IPv4", "IPv6"].map((family) => ({
      ...{ name: `VXLAN socket on ${port} (${family})`, sharedValue, property: "external" },
    })),
    ...(vnifilter ? [] : [{ name: `external VXLAN on ${port}`, property: "external" }]),
    ...(isShort ? all : []).map((vni) => ({ name: `VXLAN identifier ${vni} on ${port}`, property: "vnis" })),
  ];
}
