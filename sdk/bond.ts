import type * as pulumi from "@pulumi/pulumi";
import { type LinkArgs, LinkResource } from "./link-resource.ts";

/** The modes of a bond, which decide which members carry a packet. */
type BondMode =
  | "balance-rr"
  | "active-backup"
  | "balance-xor"
  | "broadcast"
  | "802.3ad"
  | "balance-tlb"
  | "balance-alb";

/** The fields of a packet that decide which member carries it. */
type BondHashPolicy = "layer2" | "layer2+3" | "layer3+4" | "encap2+3" | "encap3+4" | "vlan+srcmac";

/** Arguments of a {@link Bond}. */
export interface BondArgs extends LinkArgs {
  /** How the bond uses its members: `active-backup` sends through one at a time, `802.3ad` is LACP. */
  mode: pulumi.Input<BondMode>;
  /**
   * The interval at which the bond checks the carrier of its members, in milliseconds. The kernel's default is 0: it never checks.
   *
   * @default 100, or 0 with `arpInterval`
   */
  miimon?: pulumi.Input<number>;
  /**
   * The time from the return of a member's carrier to its use, in milliseconds: a multiple of `miimon`.
   *
   * @default 0
   */
  updelay?: pulumi.Input<number>;
  /**
   * The time from the loss of a member's carrier to the end of its use, in milliseconds: a multiple of `miimon`.
   *
   * @default 0
   */
  downdelay?: pulumi.Input<number>;
  /**
   * The number of members with carrier that the bond needs to have carrier itself.
   *
   * @default 0
   */
  minLinks?: pulumi.Input<number>;
  /**
   * The fields of a packet that decide which member carries it, in the modes `balance-xor` and `802.3ad`.
   *
   * @default layer2
   */
  xmitHashPolicy?: pulumi.Input<BondHashPolicy>;
  /**
   * How often the partner sends LACP packets in mode `802.3ad`: every second, or every 30 seconds.
   *
   * @default slow, in mode `802.3ad`
   */
  lacpRate?: pulumi.Input<"slow" | "fast">;
  /**
   * Whether the bond in mode `802.3ad` sends LACP packets periodically, and not only as answers to those of its partner.
   *
   * @default true, in mode `802.3ad`
   */
  lacpActive?: pulumi.Input<boolean>;
  /**
   * When the bond in mode `802.3ad` chooses another group of members: when the current one has no member left (`stable`), or when a
   * member changes, by the sum of speeds (`bandwidth`) or by the number of members (`count`).
   *
   * @default stable, in mode `802.3ad`
   */
  adSelect?: pulumi.Input<"stable" | "bandwidth" | "count">;
  /**
   * The interval at which the bond sends ARP requests for `arpIpTarget` through its members, in milliseconds. It detects failures behind
   * the other end of a cable, which `miimon` does not. It replaces `miimon`, in the modes `balance-rr`, `active-backup`, `balance-xor` and
   * `broadcast`.
   *
   * @default none
   */
  arpInterval?: pulumi.Input<number>;
  /**
   * The IPv4 addresses for which the bond sends ARP requests with `arpInterval`, at most 16. Each is in a network of the bond's addresses.
   *
   * @default none
   */
  arpIpTarget?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The members that count as working only if they receive ARP packets of the monitoring; any received packet is enough for the others.
   *
   * @default none
   */
  arpValidate?: pulumi.Input<"none" | "active" | "backup" | "all">;
  /**
   * When `primary` becomes active again after a failure: always, if it is faster than the active member (`better`), or only if the active
   * member fails (`failure`).
   *
   * @default always
   */
  primaryReselect?: pulumi.Input<"always" | "better" | "failure">;
  /**
   * The MAC addresses in mode `active-backup`: all members have that of the bond (`none`), the bond has that of its active member (`active`;
   * its `mac` counts only while it has no active member), or only the active member has that of the bond (`follow`). Needed for members
   * that cannot have the same address, such as virtual functions.
   *
   * @default none
   */
  failOverMac?: pulumi.Input<"none" | "active" | "follow">;
  /**
   * The name of the member that is active whenever it has carrier, in the modes `active-backup`, `balance-tlb` and `balance-alb`.
   *
   * @default none
   */
  primary?: pulumi.Input<string>;
}

/**
 * A bond: several links that act as one. A link becomes a member by its `master`. A member has no addresses of its own; the bond's MAC
 * address and MTU apply to all members.
 *
 * Equivalent to: `ip link add bond0 type bond mode active-backup miimon 100 && ip link set bond0 up`
 *
 * @example
 * const uplink = new Bond("bond0", { mode: "active-backup", namespace: red, addresses: ["10.0.0.2/24"] });
 * new Veth("cable1", { a: { name: "eth1", namespace: red, master: uplink }, b: { name: "port1", master: lan } });
 * new Veth("cable2", { a: { name: "eth2", namespace: red, master: uplink }, b: { name: "port2", master: lan } });
 */
export class Bond extends LinkResource {
  declare readonly mac: pulumi.Output<string>;
  declare readonly mode: pulumi.Output<BondMode>;
  declare readonly miimon: pulumi.Output<number>;
  declare readonly updelay: pulumi.Output<number>;
  declare readonly downdelay: pulumi.Output<number>;
  declare readonly minLinks: pulumi.Output<number>;
  declare readonly xmitHashPolicy: pulumi.Output<BondHashPolicy>;
  declare readonly lacpRate: pulumi.Output<"slow" | "fast" | undefined>;
  declare readonly lacpActive: pulumi.Output<boolean | undefined>;
  declare readonly adSelect: pulumi.Output<"stable" | "bandwidth" | "count" | undefined>;
  declare readonly arpInterval: pulumi.Output<number | undefined>;
  declare readonly arpIpTarget: pulumi.Output<string[] | undefined>;
  declare readonly arpValidate: pulumi.Output<"none" | "active" | "backup" | "all">;
  declare readonly failOverMac: pulumi.Output<"none" | "active" | "follow">;
  declare readonly primaryReselect: pulumi.Output<"always" | "better" | "failure">;
  declare readonly primary: pulumi.Output<string | undefined>;

  constructor(name: string, args: BondArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("Bond", name, args, opts, { isMaster: true });
  }
}
