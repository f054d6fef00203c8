import type * as pulumi from "@pulumi/pulumi";
import { givenArgs } from "./given-args.ts";
import type { InterfaceRef } from "./interface.ts";
import { interfacesAt } from "./interfaces-at.ts";
import { hostOf, type Place, placeName } from "./place.ts";
import { isGiven } from "./plain-args.ts";
import { type Adoptable, KernelResource } from "./resource.ts";

/** Arguments of a {@link FilterChain}. */
export interface FilterChainArgs extends Adoptable {
  /**
   * The namespace whose packets the chain filters.
   *
   * @default the lab host
   */
  namespace?: Place;
  /**
   * The packets that the chain filters: `prerouting` all that arrive, before their route is looked up, `input` those that the place
   * itself receives, `forward` those that it forwards, `output` those that it sends itself.
   */
  chain: pulumi.Input<"prerouting" | "input" | "forward" | "output">;
  /**
   * The decision about packets that no rule decides.
   *
   * @default accept
   */
  policy?: pulumi.Input<"accept" | "drop">;
  /**
   * The priority. Chains of a place for the same packets run in ascending order of their priorities. A packet passes if all of them
   * accept it; the first one that drops it decides. A `prerouting` chain below -100 sees destinations as they are before a NatRule
   * translates them; one at or below -200 sees no connections, so it cannot use their states and marks.
   *
   * @default 0
   */
  priority?: pulumi.Input<number>;
  /** The rules, in their order: the first rule that matches a packet and whose action is not `continue` decides. */
  rules?: readonly FilterRuleArgs[];
}

/**
 * A rule of a {@link FilterChain}. It matches the packets to which all of its arguments apply. Where an argument is a list, each of
 * its values matches.
 */
export interface FilterRuleArgs {
  /**
   * The decision about matching packets. `reject` drops a packet and answers it with an error, `return` ends the chain and leaves the
   * decision to the policy, `continue` only counts, logs or marks the packet.
   */
  action: pulumi.Input<"accept" | "drop" | "reject" | "return" | "continue">;
  /**
   * The answer of `reject`: an ICMP error, or with `tcp reset` the end of the TCP connection.
   *
   * @default port-unreachable
   */
  rejectWith?: pulumi.Input<"port-unreachable" | "admin-prohibited" | "host-unreachable" | "tcp reset">;
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
  /**
   * The protocol of matching packets, by name or number, or a list. With a port it must be `tcp`, `udp` or `sctp`, or a list of
   * these.
   */
  protocol?: pulumi.Input<FilterProtocol | pulumi.Input<FilterProtocol>[]>;
  /** The source port of matching packets, a range such as `"8000-8099"`, or a list of these. */
  sourcePort?: pulumi.Input<number | string | pulumi.Input<number | string>[]>;
  /** The destination port of matching packets, a range such as `"8000-8099"`, or a list of these. */
  destinationPort?: pulumi.Input<number | string | pulumi.Input<number | string>[]>;
  /** The type of matching ICMP messages, or a list. It requires the `protocol` `icmp` or `icmpv6`. */
  icmpType?: pulumi.Input<IcmpType | pulumi.Input<IcmpType>[]>;
  /** The incoming interface of matching packets, a list of interfaces, or a name prefix with `*`. Not for the chain `output`. */
  inInterface?: InterfaceRef | readonly InterfaceRef[];
  /**
   * The outgoing interface of matching packets, a list of interfaces, or a name prefix with `*`. Not for the chains `prerouting` and
   * `input`.
   */
  outInterface?: InterfaceRef | readonly InterfaceRef[];
  /** The state of the packet's connection, or a list: `new`, `established`, `related`, `invalid`, `untracked`. */
  ctState?: pulumi.Input<ConnectionState | pulumi.Input<ConnectionState>[]>;
  /** The mark of matching packets, as another rule or a program has set it (`meta mark 16`). */
  mark?: pulumi.Input<number>;
  /** The mark of the packet's connection, as another rule has set it with `setCtMark` (`ct mark 16`). */
  ctMark?: pulumi.Input<number>;
  /** The rate up to which packets match, such as `10/second` or `5/minute burst 20 packets`. */
  limit?: pulumi.Input<string>;
  /**
   * Whether the rule counts its packets, for `nft list ruleset`. A change of the chain's rules resets the counters.
   *
   * @default false
   */
  counter?: pulumi.Input<boolean>;
  /**
   * The prefix of the line that the kernel logs for each matching packet. It logs those of a namespace only if the machine's sysctl
   * `net.netfilter.nf_log_all_netns` is 1.
   */
  log?: pulumi.Input<string>;
  /**
   * The mark that matching packets get (`meta mark set 16`); `"ct mark"` for that of their connection (`meta mark set ct mark`). A
   * RoutingRule with `fwmark` sees the marks that a `prerouting` chain sets; in the other chains, packets have their route already. A
   * packet keeps its mark until it leaves the place.
   */
  setMark?: pulumi.Input<number | "ct mark">;
  /**
   * The mark that the connections of matching packets get (`ct mark set 16`); `"meta mark"` for that of the packet (`ct mark set meta
   * mark`). All packets of a connection, in both directions, have it.
   */
  setCtMark?: pulumi.Input<number | "meta mark">;
}

/** The state of a connection. */
export type ConnectionState = "invalid" | "established" | "related" | "new" | "untracked";

/** A protocol that a {@link FilterRuleArgs} matches; one without a name here by its number. */
export type FilterProtocol =
  | "icmp"
  | "igmp"
  | "tcp"
  | "udp"
  | "gre"
  | "esp"
  | "ah"
  | "icmpv6"
  | "ospf"
  | "vrrp"
  | "sctp"
  | number;

/** The type of an ICMP message. */
export type IcmpType =
  | "echo-request"
  | "echo-reply"
  | "destination-unreachable"
  | "time-exceeded"
  | "parameter-problem"
  | "redirect"
  | "router-advertisement"
  | "router-solicitation"
  | "timestamp-request"
  | "timestamp-reply"
  | "packet-too-big"
  | "nd-router-solicit"
  | "nd-router-advert"
  | "nd-neighbor-solicit"
  | "nd-neighbor-advert"
  | "nd-redirect"
  | "mld-listener-query"
  | "mld-listener-report"
  | "mld-listener-done"
  | "mld2-listener-report";

/** A rule of a {@link FilterChain} in its normal form: lists are sorted and merged, and a list of one value is the value. */
export interface FilterRule {
  action: "accept" | "drop" | "reject" | "return" | "continue";
  rejectWith?: "port-unreachable" | "admin-prohibited" | "host-unreachable" | "tcp reset" | undefined;
  family?: "ip" | "ip6" | "inet" | undefined;
  source?: string | string[] | undefined;
  destination?: string | string[] | undefined;
  protocol?: FilterProtocol | FilterProtocol[] | undefined;
  sourcePort?: number | string | (number | string)[] | undefined;
  destinationPort?: number | string | (number | string)[] | undefined;
  icmpType?: IcmpType | IcmpType[] | undefined;
  inInterface?: string | string[] | undefined;
  outInterface?: string | string[] | undefined;
  ctState?: ConnectionState | ConnectionState[] | undefined;
  mark?: number | undefined;
  ctMark?: number | undefined;
  limit?: string | undefined;
  counter?: boolean | undefined;
  log?: string | undefined;
  setMark?: number | "ct mark" | undefined;
  setCtMark?: number | "meta mark" | undefined;
  /** After a refresh: the nft text of a rule that was added by hand and that arguments cannot express. */
  nft?: string | undefined;
}

/**
 * A filter chain of the firewall of a namespace or of the lab host: a policy, and rules in the order in which they are written. A
 * change replaces all rules in one transaction, so at no time does a packet meet a part of them. The chain is in the same nftables
 * table as the stack's NAT rules; its last rule only counts the packets that the policy decides, and names the resource.
 *
 * Rules that were added, removed, edited or moved by hand are drift: a refresh shows the rules as they are, and an up restores them.
 * On the lab host, a chain applies to all packets of the machine, also to those of your own connection to it.
 *
 * With `adopt`, an equal chain in a table of its own, such as one that was typed by hand, is deleted in the transaction that creates this
 * one. Comments of its rules are no difference.
 *
 * Equivalent to: `nft add chain inet TABLE forward '{ type filter hook forward priority 0; policy drop; }'` and `nft add rule inet
 * TABLE forward ct state established,related accept`
 *
 * @example
 * new FilterChain("red-forward", {
 *   namespace: red,
 *   chain: "forward",
 *   policy: "drop",
 *   rules: [
 *     { action: "accept", ctState: ["established", "related"] },
 *     { action: "accept", inInterface: "lan0" },
 *     { action: "accept", destination: "10.1.0.80", protocol: "tcp", destinationPort: [80, 443] },
 *   ],
 * });
 */
export class FilterChain extends KernelResource {
  declare readonly namespace: pulumi.Output<string | undefined>;
  declare readonly chain: pulumi.Output<"prerouting" | "input" | "forward" | "output">;
  declare readonly policy: pulumi.Output<"accept" | "drop">;
  declare readonly priority: pulumi.Output<number>;
  declare readonly rules: pulumi.Output<FilterRule[] | undefined>;

  constructor(name: string, args: FilterChainArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { adopt, namespace, rules, ...more } = givenArgs("FilterChain", name, args);
    const named = Array.isArray(rules) ? rules.map((rule: FilterRuleArgs) => withNames(rule, namespace)) : rules;
    super("FilterChain", name, { ...more, namespace: placeName(namespace), rules: named }, opts, {
      host: hostOf(namespace),
      adopt,
    });
  }
}

/** Returns a rule with the names of its interfaces. A program without types may pass any value. */
const withNames = (rule: FilterRuleArgs, place: Place): pulumi.Inputs =>
  isGiven(rule)
    ? {
        ...rule,
        inInterface: interfacesAt(rule.inInterface, place),
        outInterface: interfacesAt(rule.outInterface, place),
      }
    : rule;
