import type * as pulumi from "@pulumi/pulumi";
import { type InterfaceRef, interfaceName } from "./interface.ts";
import { type Place, placeName, plainPlace } from "./place.ts";
import { program } from "./program.ts";
import { KernelResource, markFor } from "./resource.ts";

/** Arguments of a {@link NatRule}. */
export interface NatRuleArgs {
  /**
   * The namespace whose packets the rule acts on.
   *
   * @default the lab host
   */
  namespace?: Place;
  /**
   * What is done. `masquerade` gives leaving packets the address of the interface they leave by, `snat` a given one;
   * `dnat` sends arriving packets to a given address, `redirect` to the place itself.
   */
  type: pulumi.Input<"masquerade" | "snat" | "dnat" | "redirect">;
  /**
   * The family of the packets: `ip` for IPv4, `ip6` for IPv6, `inet` for both.
   *
   * @default that of the rule's addresses, or of `icmp` or `icmpv6`; without any, `inet`
   */
  family?: pulumi.Input<"ip" | "ip6" | "inet">;
  /** The packets' source: a network as `192.168.15.0/24`, or one address. */
  source?: pulumi.Input<string>;
  /** The packets' destination: a network, or one address. */
  destination?: pulumi.Input<string>;
  /** The protocol inside. Ports need `tcp`, `udp` or `sctp`. */
  protocol?: pulumi.Input<"tcp" | "udp" | "sctp" | "icmp" | "icmpv6">;
  /** The source port, or a range as `"8000-8099"`. */
  sourcePort?: pulumi.Input<number | string>;
  /** The destination port, or a range as `"8000-8099"`. */
  destinationPort?: pulumi.Input<number | string>;
  /** The interface that packets come in by, or the beginning of names and `*`. For `dnat` and `redirect`. */
  inInterface?: InterfaceRef;
  /** The interface that packets leave by, or the beginning of names and `*`. For `masquerade` and `snat`. */
  outInterface?: InterfaceRef;
  /** The address that `snat` and `dnat` put in. They need one; the others take none. */
  toAddress?: pulumi.Input<string>;
  /** The port that is put in, or a range to choose from. */
  toPort?: pulumi.Input<number | string>;
  /**
   * The priority of the chain that the rule is in, from -199. A lower one acts earlier; within one, rules act in the order of the
   * program, and the first that fits decides.
   *
   * @default 100 for masquerade and snat, -100 for dnat and redirect: nft's `srcnat` and `dstnat`
   */
  priority?: pulumi.Input<number>;
}

/**
 * A rule of network address translation, in an nftables table that holds only this stack's rules.
 *
 * The kernel asks rules about the first packet of a flow alone. The flows that a rule has translated are therefore ended when it is
 * changed or deleted, if `conntrack` is installed; on the lab host only where the rule's addresses tell them from others' flows.
 *
 * Equivalent to: `nft add rule inet TABLE postrouting ip saddr 192.168.15.0/24 masquerade`
 *
 * @example
 * new NatRule("lan-out", { type: "masquerade", source: "192.168.15.0/24" });
 */
export class NatRule extends KernelResource {
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly type: pulumi.Output<"masquerade" | "snat" | "dnat" | "redirect">;
  declare readonly family: pulumi.Output<"ip" | "ip6" | "inet">;
  declare readonly source: pulumi.Output<string | undefined>;
  declare readonly destination: pulumi.Output<string | undefined>;
  declare readonly protocol: pulumi.Output<"tcp" | "udp" | "sctp" | "icmp" | "icmpv6" | undefined>;
  declare readonly sourcePort: pulumi.Output<number | string | undefined>;
  declare readonly destinationPort: pulumi.Output<number | string | undefined>;
  declare readonly inInterface: pulumi.Output<string | undefined>;
  declare readonly outInterface: pulumi.Output<string | undefined>;
  declare readonly toAddress: pulumi.Output<string | undefined>;
  declare readonly toPort: pulumi.Output<number | string | undefined>;
  declare readonly priority: pulumi.Output<number>;
  /** The rule before this one: the NatRule of the same place that the program has declared before it. */
  declare readonly after: pulumi.Output<string | undefined>;

  constructor(name: string, args: NatRuleArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs = {
      ...args,
      namespace: placeName(args.namespace),
      inInterface: interfaceName(args.inInterface),
      outInterface: interfaceName(args.outInterface),
      after: noteRule(args.namespace, ruleName(name, opts)),
    };
    super("NatRule", name, inputs, opts);
  }
}

/** A rule as the next one names it, in {@link NatRule.after}. */
const ruleName = (name: string, { parent }: pulumi.CustomResourceOptions): pulumi.Output<string> =>
  markFor("NatRule", name, parent).apply((mark) => mark.split(":").at(-1) ?? mark);

/** Notes a rule of a place, and gives the name of the one that was noted before it. */
function noteRule(place: Place, rule: pulumi.Output<string>): pulumi.Output<string> | undefined {
  const last = lastRules.get(program()) ?? new Map<unknown, pulumi.Output<string>>();
  const key = plainPlace(place) ?? place;
  const before = last.get(key);
  lastRules.set(program(), last.set(key, rule));
  return before;
}

const lastRules = new WeakMap<object, Map<unknown, pulumi.Output<string>>>();
