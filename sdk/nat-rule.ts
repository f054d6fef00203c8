import type * as pulumi from "@pulumi/pulumi";
import { usesPlugin } from "./door.ts";
import { givenArgs } from "./given-args.ts";
import type { InterfaceRef } from "./interface.ts";
import { interfacesAt } from "./interfaces-at.ts";
import { hostOf, namespaceOf, type Place, placeKey, placeName } from "./place.ts";
import { perProgram } from "./program.ts";
import { type Adoptable, KernelResource, markFor } from "./resource.ts";

/** Arguments of a {@link NatRule}. */
export interface NatRuleArgs extends Adoptable {
  /**
   * The namespace in which the rule applies.
   *
   * @default the lab host
   */
  namespace?: Place;
  /**
   * The kind of translation. `masquerade` replaces the source address of outgoing packets with the address of the outgoing
   * interface, `snat` with `toAddress`. `dnat` replaces the destination address of incoming packets with `toAddress`, `redirect` with
   * a local address.
   */
  type: pulumi.Input<"masquerade" | "snat" | "dnat" | "redirect">;
  /**
   * The family of the packets: `ip` for IPv4, `ip6` for IPv6, `inet` for both.
   *
   * @default the family of the rule's addresses, or of `icmp` or `icmpv6`; otherwise `inet`
   */
  family?: pulumi.Input<"ip" | "ip6" | "inet">;
  /** The source of matching packets: a network such as `192.168.15.0/24`, one address, or a list of these. */
  source?: pulumi.Input<string | pulumi.Input<string>[]>;
  /** The destination of matching packets: a network, one address, or a list of these. */
  destination?: pulumi.Input<string | pulumi.Input<string>[]>;
  /** The protocol of matching packets, or a list. With a port it must be `tcp`, `udp` or `sctp`, or a list of these. */
  protocol?: pulumi.Input<NatProtocol | pulumi.Input<NatProtocol>[]>;
  /** The source port of matching packets, a range such as `"8000-8099"`, or a list of these. */
  sourcePort?: pulumi.Input<number | string | pulumi.Input<number | string>[]>;
  /** The destination port of matching packets, a range such as `"8000-8099"`, or a list of these. */
  destinationPort?: pulumi.Input<number | string | pulumi.Input<number | string>[]>;
  /**
   * The incoming interface of matching packets, a list of interfaces, or a name prefix with `*`. For `masquerade` and `snat`, it requires
   * Linux 5.7.
   */
  inInterface?: InterfaceRef | readonly InterfaceRef[];
  /** The outgoing interface of matching packets, a list of interfaces, or a name prefix with `*`. For `masquerade` and `snat`. */
  outInterface?: InterfaceRef | readonly InterfaceRef[];
  /**
   * The new address, or a range of addresses such as `"203.0.113.1-203.0.113.9"` or `"203.0.113.0/28"`, from which the kernel chooses
   * one for each flow. Required for `snat` and `dnat`, not allowed for the other types.
   */
  toAddress?: pulumi.Input<string>;
  /** The new port, or a range such as `"8000-8099"` from which the kernel chooses one. */
  toPort?: pulumi.Input<number | string>;
  /**
   * Whether matching packets are not translated: the rules after this one, in its chain, do not apply to them. The type, `snat` or
   * `dnat`, says for which direction (`accept` of nft).
   *
   * @default false
   */
  exclude?: pulumi.Input<boolean>;
  /**
   * Whether the kernel chooses the translated port by a hash with a random seed, instead of keeping the packet's port if possible.
   *
   * @default false
   */
  random?: pulumi.Input<boolean>;
  /**
   * Whether the kernel chooses the translated port at random for each flow (`fully-random` of nft).
   *
   * @default false
   */
  fullyRandom?: pulumi.Input<boolean>;
  /**
   * Whether all flows of a client get the same address of a range.
   *
   * @default false
   */
  persistent?: pulumi.Input<boolean>;
  /**
   * The priority of the rule's chain, -199 or higher. Chains with lower priority run first. Within a chain, rules run in the order of
   * the program, and the first matching rule decides.
   *
   * @default 100 for masquerade and snat, -100 for dnat and redirect (`srcnat` and `dstnat` of nft)
   */
  priority?: pulumi.Input<number>;
}

/** A protocol that a {@link NatRule} matches. */
export type NatProtocol = "tcp" | "udp" | "sctp" | "icmp" | "icmpv6";

/**
 * A network address translation (NAT) rule, in an nftables table that contains only this stack's rules. It matches the packets to which all of its
 * arguments apply; where an argument is a list, each of its values matches.
 *
 * The kernel evaluates the rules only for the first packet of a flow. When a rule is changed or deleted, the flows that it translated
 * are therefore ended, if `conntrack` is installed. On the lab host this applies only to rules with addresses, which distinguish their
 * flows from those of other software.
 *
 * With `adopt`, an equal rule in a table of its own, such as one that was typed by hand, is deleted in the transaction that creates this
 * one. A counter and a comment of that rule are no difference.
 *
 * Equivalent to: `nft add rule inet TABLE postrouting ip saddr 192.168.15.0/24 masquerade`, and with lists, as sets: `ip saddr {
 * 192.168.15.0/24, 192.168.16.0/24 }`
 *
 * @example
 * new NatRule("vpn-direct", { type: "snat", source: "192.168.15.0/24", destination: "10.8.0.0/16", exclude: true });
 * new NatRule("lan-out", { type: "masquerade", source: ["192.168.15.0/24", "192.168.16.0/24"] });
 */
export class NatRule extends KernelResource {
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly type: pulumi.Output<"masquerade" | "snat" | "dnat" | "redirect">;
  declare readonly family: pulumi.Output<"ip" | "ip6" | "inet">;
  declare readonly source: pulumi.Output<string | string[] | undefined>;
  declare readonly destination: pulumi.Output<string | string[] | undefined>;
  declare readonly protocol: pulumi.Output<NatProtocol | NatProtocol[] | undefined>;
  declare readonly sourcePort: pulumi.Output<number | string | (number | string)[] | undefined>;
  declare readonly destinationPort: pulumi.Output<number | string | (number | string)[] | undefined>;
  declare readonly inInterface: pulumi.Output<string | string[] | undefined>;
  declare readonly outInterface: pulumi.Output<string | string[] | undefined>;
  declare readonly toAddress: pulumi.Output<string | undefined>;
  declare readonly toPort: pulumi.Output<number | string | undefined>;
  declare readonly exclude: pulumi.Output<boolean>;
  declare readonly random: pulumi.Output<boolean>;
  declare readonly fullyRandom: pulumi.Output<boolean>;
  declare readonly persistent: pulumi.Output<boolean>;
  declare readonly priority: pulumi.Output<number>;
  /** The preceding rule: the NatRule that the program declared before this one in the same namespace. */
  declare readonly after: pulumi.Output<string | undefined>;
  /**
   * The number of copies of the rule in the stack's table, if a refresh has found some, as after a saved ruleset was loaded again; the next
   * `up` deletes them.
   */
  declare readonly copies: pulumi.Output<string | undefined>;
  /** The policy of the rule's chain, if a refresh has found one that was changed by hand; the next `up` restores it. */
  declare readonly policy: pulumi.Output<string | undefined>;

  constructor(name: string, given: NatRuleArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { adopt, ...args } = givenArgs("NatRule", name, given);
    const inputs = {
      ...args,
      namespace: placeName(args.namespace),
      inInterface: interfacesAt(args.inInterface, args.namespace),
      outInterface: interfacesAt(args.outInterface, args.namespace),
      // Pulumi creates the components of a program in another language in any order.
      after: usesPlugin() ? undefined : noteRule(args.namespace, ruleName(name, opts)),
    };
    super("NatRule", name, inputs, opts, { host: hostOf(args.namespace), adopt });
  }
}

/** Returns the name of a rule for {@link NatRule.after} of the next one. */
const ruleName = (name: string, { parent }: pulumi.CustomResourceOptions): pulumi.Output<string> =>
  markFor("NatRule", name, parent, undefined).apply((mark) => mark.split(":").at(-1) ?? mark);

/** Records a rule of a namespace and returns the name of the one that was recorded before it. */
function noteRule(place: Place, rule: pulumi.Output<string>): pulumi.Output<string> | undefined {
  const key = placeKey(place) ?? namespaceOf(place);
  const before = lastRules().get(key);
  lastRules().set(key, rule);
  return before;
}

const lastRules = perProgram(() => new Map<unknown, pulumi.Output<string>>());
