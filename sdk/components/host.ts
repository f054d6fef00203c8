import type * as pulumi from "@pulumi/pulumi";
import { LAB_NODE_ARGS, LabNode, type LabNodeArgs } from "./node.ts";

/** Arguments of a {@link Host}. */
export type HostArgs = LabNodeArgs;

/**
 * A host: a namespace that gets an interface, addresses and a default route from each {@link Lan} and {@link Link} that it is
 * connected to. An interface is named after its Lan or Link. If several LANs set a default route, the first one of each family
 * is used; a {@link Link} with a `gateway` must be the first.
 *
 * @example
 * const red = new Host("red");
 * const lan = new Lan("v-net-0", { networks: ["192.168.15.0/24"] });
 * lan.join(red);
 * new Route("backup", { namespace: red.namespace, destination: "10.0.0.0/8", via: "192.168.15.9" });
 */
export class Host extends LabNode {
  constructor(name: string, args: HostArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super("Host", name, args, opts, LAB_NODE_ARGS);
    this.publish({ namespace: this.namespace.name });
  }
}
