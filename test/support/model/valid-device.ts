import { IPV6_MTU } from "../../../provider/generations.ts";
import { deviceKind } from "./devices.ts";
import { type Flat, type FlatDevice, linkAt, partsOf } from "./flat.ts";
import { isInUse } from "./hardware.ts";

/** Checks that a link fits the links that it refers to, and that its own arguments are valid. */
export function deviceFault(device: FlatDevice, flat: Flat): string | undefined {
  const { at, name, type, own, parent, refs, master, mtu, up, mac, gateways } = device;
  const kind = deviceKind(type);
  const { lab, namespace } = partsOf(at);
  const common = {
    ...(namespace !== undefined && { namespace }),
    ...(mac !== undefined && { mac }),
    ...(mtu !== undefined && { mtu }),
  };
  if (!kind.accepts(own, Object.keys(refs), common)) return `${name} has arguments that are refused`;
  if (master !== undefined && !isEthernet(device)) return `${name} cannot be a port`;
  // The kernel looks for the gateway in the table of the VRF.
  if (type === "Vrf" && gateways.length > 0) return `${name} has gateways in another table`;
  if (type === "Nic" && (lab !== undefined || device.retained))
    return `${name} is on another machine, or is not moved back`;
  if (isInUse(own["from"]) && own["takeInUse"] !== true) return `${name} is in use`;
  if (parent !== undefined && master !== undefined) return `${name} is on a link, and a port`;
  if (mtu !== undefined && (parent !== undefined || Object.keys(refs).length > 0))
    return `${name} has an MTU that depends on another link's`;
  // Without a name, the lab host cannot be the other place of a child.
  if (parent !== undefined && partsOf(at).namespace === undefined && parent.at !== at) return `${name} is out of reach`;
  if (parent !== undefined && partsOf(parent.at).lab !== partsOf(at).lab) return `${name} is on another lab host`;
  if (Object.values(refs).some((ref) => ref.at !== at || ref.name === name)) return `${name} refers to another place`;
  // The kernel subtracts the header from the MTU of that link, and has no IPv6 on a link with an MTU below 1280.
  if (Object.values(refs).some((ref) => (linkAt(flat, ref)?.mtu ?? 1500) < IPV6_MTU + LARGEST_HEADER))
    return `${name} is too small for IPv6`;
  const below = parent && linkAt(flat, parent);
  if (parent === undefined) return undefined;
  const siblings = flat.devices.filter((one) => one.parent?.at === parent.at && one.parent?.name === parent.name);
  const sharing = siblings.filter((one) => ["Ipvlan", "Macvlan", "Macvtap"].includes(one.type));
  if (sharing.length > 1 && sharing.some((one) => one.type === "Ipvlan" || one.own["mode"] === "passthru"))
    return `${name} shares its parent`;
  if (below === undefined || ("type" in below && below.type !== "Nic")) return `${name} is on a link that takes none`;
  return below.master !== undefined || (up && !below.up)
    ? `${name} is on a port, or on a link that is down`
    : undefined;
}

/** The bytes that a VXLAN over IPv6 adds to a packet. */
const LARGEST_HEADER = 70;

/** Returns true if a link carries Ethernet frames, and so can be a port of a bridge. */
export const isEthernet = ({ type, own }: Pick<FlatDevice, "type" | "own">): boolean =>
  type === "Tunnel" ? String(own["mode"]).endsWith("tap") : !["Ipvlan", "Tun", "Vrf", "WireGuard"].includes(type);
