import type { Headers } from "../provider/tunnel-headers.ts";
import type { Known } from "./known.ts";

/** How a link kind relates to other links. A standalone link, such as a dummy, has no properties here. */
export interface LinkTraits {
  /** The device type, as in `ip link add … type vxlan`. */
  readonly device: string;
  /** The arguments that name the parent link and its namespace. */
  readonly on?: { readonly link: string; readonly namespace: string };
  /**
   * The driver that receives the frames of the parent. An interface has one receiver: a driver of such links, a bridge or a bond. The kernel
   * puts a link on a link of the same driver on the parent of that one.
   */
  readonly receiver?: string;
  /** A program receives its frames, so that no bridge, bond or driver can. */
  readonly feedsProgram?: true;
  /** Returns true if the kernel takes it up only while its parent is up. */
  readonly needsParentUp?: (args: Readonly<Record<string, unknown>>) => boolean;
  /** The LAN of the link: that of its parent, or one VLAN of it; `vlan` names the argument with the VLAN ID. */
  readonly lan?: "parent" | { readonly vlan: string };
  /**
   * Its far end is not a link of the lab, so it may reach any other tunnel. The place of its underlay is its argument `underlay`, and
   * its parent the argument `dev` there.
   */
  readonly isTunnel?: true;
  /** The arguments that all ends of one network of tunnels have in common. */
  readonly network?: readonly string[];
  /** The size of the header that a tunnel adds. */
  readonly headers?: Headers | ((args: Readonly<Record<string, unknown>>) => Headers);
  /** Returns the MTU that the kernel gives a link without one, if it does not follow from other links. */
  readonly usualMtu?: (args: Readonly<Record<string, unknown>>) => number | undefined;
  /** The word for the links that have it as master; without one, no link can. */
  readonly members?: "port" | "member";
  /** The links that have it as master remain separate LANs, like those of a VRF. */
  readonly separates?: true;
  /** Returns true if its packets have no Ethernet header, so that it cannot be a bridge port. */
  readonly lacksEthernet?: (args: Readonly<Record<string, unknown>>) => boolean;
  /** Returns the destinations of the routes over it that its arguments add. */
  readonly destinations?: (args: Readonly<Record<string, unknown>>) => readonly Known<string>[];
  /** The arguments that a picture shows. */
  readonly shows?: readonly string[];
}
