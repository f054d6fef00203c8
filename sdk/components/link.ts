import * as pulumi from "@pulumi/pulumi";
import type { LinkNetemArgs } from "../netem.ts";
import { Veth, type VethEnd, type VethEndArgs } from "../veth.ts";
import type { Vlan } from "../vlan.ts";
import { Vxlan } from "../vxlan.ts";
import { Component } from "./component.ts";
import { partOf } from "./component-errors.ts";
import type { LinkArgs, LinkOutputs } from "./link-args.ts";
import { type Across, isTagged, type LinkPlan, perSide, planLink } from "./link-plan.ts";
import type { PerEnd } from "./network.ts";
import type { ReachableHost } from "./reachable-host.ts";
import { Trunk } from "./trunk.ts";

/**
 * A veth pair between two hosts or routers, with addresses at both ends. By default both interfaces have the name of the link. If the
 * nodes are on different lab hosts, a {@link Vxlan} in each of their namespaces takes the place of the pair.
 *
 * It is an error if a network is invalid or has fewer than two addresses, if the gateway has no address or the other end already has a
 * default route, or if a {@link LabHost} of a link across lab hosts has no `address`.
 *
 * @example
 * const [left, right] = [new Router("left"), new Router("right")];
 * const link = new Link("left-right", { a: left, b: right, networks: ["10.0.0.0/31"] });
 * new Route("back", { namespace: right.namespace, destination: "10.1.0.0/24", via: link.addresses.a[0]! });
 */
export class Link extends Component<LinkOutputs> {
  /** The interface at the end `a`. */
  readonly a: VethEnd | Vlan | Vxlan;
  /** The interface at the end `b`. */
  readonly b: VethEnd | Vlan | Vxlan;
  /** The addresses of both ends, without prefix lengths. The addresses from `networks` come first. */
  readonly addresses: PerEnd<string[]>;
  readonly #name: string;

  constructor(name: string, args: LinkArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("Link", name, opts);
    this.#name = name;
    const plan = partOf(this, () => planLink(this, name, args));
    this.addresses = plan.withoutLengths;
    const cable = partOf(this, () => this.#create(plan, args));
    this.a = cable.a;
    this.b = cable.b;
    this.publish({
      addresses: this.addresses,
      interfaces: pulumi.all([cable.a.name, cable.b.name]).apply(([a, b]) => ({ a, b })),
    });
  }

  /** Creates the resources of the link. */
  #create({ across, mtu, addresses, interfaces, gateways }: LinkPlan, args: LinkArgs): PerEnd<VethEnd | Vlan | Vxlan> {
    const netem = perEnd(args.netem);
    const ends = perSide((end) => {
      const plug = {
        name: interfaces[end],
        addresses: addresses[end],
        gateways: gateways[end],
        mtu,
        netem: netem[end],
      };
      return args[end].plug(plug);
    });
    if (across !== undefined) return this.#tunnel(across, ends);
    return isTagged(args) ? this.#addVlans(args, ends) : new Veth(this.#name, ends, { parent: this });
  }

  /** Creates the VLAN interfaces of both ends on a trunk. */
  #addVlans({ a, b, vlan, mtu, ...args }: LinkArgs, ends: PerEnd<VethEndArgs>): PerEnd<Vlan> {
    const own = { a, b, vlans: vlan === undefined ? [] : [vlan], ...(mtu !== undefined && { mtu }) };
    const trunk = args.trunk ?? new Trunk(`${this.#name}-trunk`, own, { parent: this });
    return {
      a: trunk.addVlan(`${this.#name}-a`, a, vlan, ends.a, this),
      b: trunk.addVlan(`${this.#name}-b`, b, vlan, ends.b, this),
    };
  }

  /** Creates the two ends of a link across lab hosts. */
  #tunnel({ overlay, a, b }: Across, ends: PerEnd<VethEndArgs>): PerEnd<Vxlan> {
    const end = (name: keyof PerEnd<unknown>, own: ReachableHost): Vxlan => {
      const [remote = ""] = overlay.remotesOf(own);
      // Without learning, all frames go to the other end, also after its address has changed.
      const fixed = { ...overlay.endOn(own), remote, learning: false, mac: overlay.macOf(name) };
      return new Vxlan(overlay.nameOn(own), { ...ends[name], ...fixed }, { parent: this });
    };
    return { a: end("a", a), b: end("b", b) };
  }
}

/** Returns the netem of each end. */
const perEnd = (netem: LinkArgs["netem"]): Partial<PerEnd<LinkNetemArgs>> =>
  netem === undefined || "a" in netem || "b" in netem
    ? (netem ?? {})
    : { a: netem as LinkNetemArgs, b: netem as LinkNetemArgs };
