import type * as pulumi from "@pulumi/pulumi";
import { NatRule } from "../nat-rule.ts";
import { Sysctl } from "../sysctl.ts";
import type { VethEndArgs } from "../veth.ts";
import { LabNode, type LabNodeArgs, type PlugArgs } from "./node.ts";

/** Arguments of a {@link Router}. */
export interface RouterArgs extends LabNodeArgs {
  /**
   * Whether to masquerade traffic that leaves through a default route added by a {@link Lan} or {@link Link}. For other rules, use
   * {@link NatRule} with `namespace: router.namespace`.
   *
   * @default false
   */
  nat?: boolean;
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

  constructor(name: string, args: RouterArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super("Router", name, args, opts);
    this.#nat = args.nat ?? false;
    for (const [suffix, key] of FORWARDING) {
      new Sysctl(`${name}-${suffix}`, { namespace: this.namespace, key, value: "1" }, { parent: this });
    }
    this.registerOutputs({ namespace: this.namespace.name });
  }

  override plug(cable: PlugArgs): VethEndArgs {
    const end = super.plug(cable);
    if (this.#nat && end.gateways !== undefined) {
      const rule = { namespace: this.namespace, type: "masquerade", outInterface: end.name } as const;
      new NatRule(`${this.name}-nat-${cable.name}`, rule, { parent: this });
    }
    return end;
  }
}

const FORWARDING = [
  ["forwarding", "net.ipv4.ip_forward"],
  ["forwarding-v6", "net.ipv6.conf.all.forwarding"],
] as const;
