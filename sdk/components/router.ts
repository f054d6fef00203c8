import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { withHelp } from "../../provider/message.ts";
import { FilterChain } from "../filter-chain.ts";
import { NatRule, type NatRuleArgs } from "../nat-rule.ts";
import { Sysctl } from "../sysctl.ts";
import type { VethEndArgs } from "../veth.ts";
import { described, flag, listOf, objectOf, passedTo, required, type Shape, word } from "./component-args.ts";
import { partOf } from "./component-errors.ts";
import { firewallChains, type RouterFirewall } from "./firewall.ts";
import { LAB_NODE_ARGS, LabNode, type LabNodeArgs, type PlugArgs } from "./node.ts";
import {
  acceptRules,
  forwardName,
  forwardRules,
  hairpinRules,
  type PortForward,
  refuseTwoServers,
} from "./port-forward.ts";
import { warnAtEnd } from "./warn-at-end.ts";

/** Arguments of a {@link Router}. */
export interface RouterArgs extends LabNodeArgs {
  /**
   * Whether to masquerade traffic that leaves towards the outside: through the interfaces to each {@link Lan} or {@link Link} on which
   * another node is the gateway, also where the router keeps the default route of another one. For other rules, use {@link NatRule} with
   * `namespace: router.namespace`.
   *
   * @default false
   */
  nat?: boolean;
  /**
   * The firewall towards the outside: the interfaces to each {@link Lan} or {@link Link} on which another node is the gateway. `stateful`
   * accepts from there only answers to connections from inside and, to the router itself, pings and IPv6 neighbor discovery, and drops all
   * other packets. An object does the same with your own rules before the last one, such as
   * `{ forward: [{ action: "accept", protocol: "tcp", destinationPort: 80 }] }`. The rules are {@link FilterChain} resources, two for
   * each such interface, with the priority 0, and 1 and so on for further interfaces. Packets from all other interfaces pass.
   *
   * @default no firewall
   */
  firewall?: "stateful" | RouterFirewall;
  /**
   * Ports of the router's addresses towards the outside that are forwarded to servers behind it. Clients behind the router reach the
   * servers by these addresses, too (hairpin NAT, which requires Linux 5.7), and a `firewall` lets the forwarded packets through. Where a
   * client and the server are behind one interface of the router that neither a {@link Lan} nor a {@link Link} has created, this requires a
   * {@link NatRule} of type `masquerade` with this interface as `inInterface` and `outInterface`. Clients behind another interface than the
   * server require that the server answers through the router.
   *
   * @default none
   */
  portForwards?: readonly PortForward[];
}

/**
 * A router: a host that forwards IPv4 and IPv6. It is the gateway of a {@link Lan} that names it as its `router`. In a LAN that it
 * joins, it is an ordinary host.
 *
 * @example
 * const edge = new Router("edge", { nat: true });
 * const office = new Lan("office", { networks: ["10.1.0.0/24"], router: edge, hosts: ["anna", "ben"] });
 * const internet = new Lan("internet", { networks: ["203.0.113.0/24"] });
 * internet.join(edge);
 */
export class Router extends LabNode {
  readonly #nat: boolean;
  readonly #firewall: RouterArgs["firewall"];
  readonly #portForwards: readonly PortForward[];
  #outsides = 0;

  constructor(name: string, args: RouterArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super("Router", name, args, opts, ROUTER_ARGS, (checks) => {
      const own: RouterArgs = checks.args;
      checks.at("portForwards", () => refuseTwoServers(own.portForwards ?? []));
    });
    const { nat = false, firewall, portForwards = [] } = partOf(this, () => args);
    this.#nat = nat;
    this.#firewall = firewall;
    this.#portForwards = portForwards;
    const unused = [
      this.#nat && "nat",
      this.#firewall !== undefined && "firewall",
      this.#portForwards.length > 0 && "portForwards",
    ].filter((argument) => argument !== false);
    if (unused.length > 0) warnAtEnd(this, () => (this.#outsides > 0 ? undefined : noOutside(name, unused)));
    partOf(this, () => {
      for (const [suffix, key] of FORWARDING)
        new Sysctl(`${name}-${suffix}`, { namespace: this.namespace, key, value: "1" }, { parent: this });
    });
    this.publish({ namespace: this.namespace.name });
  }

  override plug(cable: PlugArgs): VethEndArgs {
    const end = super.plug(cable);
    const isOutside = (cable.gateways ?? []).length > 0 || cable.dhcp === true;
    if (cable.dhcp && this.#portForwards.length > 0)
      throw new pulumi.ResourceError(`portForwards: ${NO_OWN_ADDRESS(cable.name)}`, this, true);
    const inside = { name: end.name, addresses: cable.addresses };
    for (const forward of this.#portForwards) {
      if (isOutside) this.#translate(`forward-${forwardName(forward)}`, cable, forwardRules(forward, cable.addresses));
      else this.#translate(`hairpin-${forwardName(forward)}`, cable, hairpinRules(forward, inside));
    }
    if (isOutside) this.#addFirewall(end.name, cable.name);
    if (isOutside) this.#outsides += 1;
    if (isOutside && this.#nat) this.#translate("nat", cable, [{ type: "masquerade", outInterface: end.name }]);
    return end;
  }

  /** Creates NAT rules for a link. */
  #translate(purpose: string, { name: link }: PlugArgs, rules: readonly NatRuleArgs[]): void {
    for (const [index, rule] of rules.entries()) {
      const name = [this.name, purpose, link, ...(index === 0 ? [] : [index + 1])].join("-");
      new NatRule(name, { namespace: this.namespace, ...rule }, { parent: this });
    }
  }

  #addFirewall(inInterface: VethEndArgs["name"], link: string): void {
    if (this.#firewall === undefined) return;
    const { forward = [], input = [] } = this.#firewall === "stateful" ? {} : this.#firewall;
    const firewall = { forward: [...acceptRules(this.#portForwards), ...forward], input };
    for (const chain of firewallChains(inInterface, this.#outsides, firewall)) {
      const args = { namespace: this.namespace, ...chain };
      new FilterChain(`${this.name}-${chain.chain}-${link}`, args, { parent: this });
    }
  }
}

const FIREWALL = objectOf({ forward: passedTo("FilterChain", "rules"), input: passedTo("FilterChain", "rules") });

const STATEFUL = v.literal(
  "stateful",
  ({ input }) =>
    `${described(input)} is not "stateful" or an object with forward and input, e.g. { forward: [{ action: "accept", … }] }`,
);

const ROUTER_ARGS: Shape<RouterArgs> = {
  ...LAB_NODE_ARGS,
  nat: flag,
  firewall: v.optional(v.lazy((input) => (typeof input === "object" ? FIREWALL : STATEFUL))),
  portForwards: listOf(
    objectOf({
      protocol: word("tcp", "udp", "sctp"),
      port: required(passedTo("NatRule", "destinationPort"), "a port, e.g. 80"),
      to: required(passedTo("Route", "via"), 'an address, e.g. "10.0.0.80"'),
      toPort: passedTo("NatRule", "toPort"),
    }),
    'a list of port forwards, e.g. [{ port: 80, to: "10.0.0.80" }]',
  ),
};

const NO_OWN_ADDRESS = (link: string): string =>
  `a port forward requires an address that the program declares, but ${link} has dhcp: true. Give the router an address there`;

const noOutside = (name: string, unused: readonly string[]): string =>
  withHelp(
    `${unused.join(", ")}: without effect, because the router ${name} has no interface towards the outside, which is one to a Lan or Link ` +
      "on which another node is the gateway",
    "join a Lan that has another router, or connect a Link with the other end as its gateway",
  );

const FORWARDING = [
  ["forwarding", "net.ipv4.ip_forward"],
  ["forwarding-v6", "net.ipv6.conf.all.forwarding"],
] as const;
