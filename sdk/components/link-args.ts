import type * as pulumi from "@pulumi/pulumi";
import type { LinkNetemArgs } from "../netem.ts";
import type { PerEnd } from "./network.ts";
import type { LabNode } from "./node.ts";
import type { Trunk } from "./trunk.ts";

/** Arguments of a {@link Link}. */
export interface LinkArgs {
  /** The node at the first end: a {@link Host} or a {@link Router}. */
  a: LabNode;
  /** The node at the second end: a {@link Host} or a {@link Router}. */
  b: LabNode;
  /**
   * Networks in which `a` gets the first address and `b` the second, for example `["10.0.0.0/31", "fd00:0:0:1::/64"]`. A `/31` or
   * `/127` has only these two addresses; in a larger network they are numbers 1 and 2.
   *
   * @default none
   */
  networks?: readonly string[];
  /**
   * Additional addresses of the two ends, with prefix lengths.
   *
   * @default none
   */
  addresses?: PerEnd<readonly string[]>;
  /**
   * The names of the two interfaces, for example `{ a: "eth1", b: "swp1" }`.
   *
   * @default the name of the link, at both ends
   */
  interfaces?: PerEnd<string>;
  /**
   * The end that is the default gateway of the other end. It is an error if the other end already has a default route of the same family;
   * a second one is a {@link Route} with another metric or table.
   *
   * @default none: no default route
   */
  gateway?: "a" | "b";
  /**
   * The MTU of both interfaces, in bytes.
   *
   * @default 1500; across lab hosts, the smaller `mtu` of the two {@link LabHost}s less the headers of VXLAN, usually 1450, or 1390 with
   *   `secure`
   */
  mtu?: pulumi.Input<number>;
  /**
   * The VXLAN identifier of a link across lab hosts, from 1 to 16777215. On one lab host, it has no effect.
   *
   * @default derived from the names of the stack and the link
   */
  vni?: number;
  /**
   * Whether a link across lab hosts is encrypted: WireGuard carries its packets. On one lab host, it has no effect.
   *
   * @default false
   */
  secure?: boolean;
  /**
   * Delay, jitter, loss and rate of the link, for each of its two directions: a ping takes the delay twice. For one end alone, or different
   * ones, give them by end, for example `{ a: { rate: "10mbit" }, b: { rate: "1mbit" } }`: each is for the packets that the end sends.
   *
   * @default none
   */
  netem?: LinkNetemArgs | Partial<PerEnd<LinkNetemArgs>>;
  /**
   * The ID of a VLAN, from 1 to 4094: the two interfaces are VLAN interfaces, and frames on the cable have its tag.
   *
   * @default none
   */
  vlan?: number;
  /**
   * The trunk between the two nodes whose cable a link with a `vlan` uses.
   *
   * @default a cable of its own, named after the link with `-trunk` appended
   */
  trunk?: Trunk;
}

/** Outputs of a {@link Link}. */
export interface LinkOutputs {
  /** The addresses of both ends, without prefix lengths. The addresses from `networks` come first. */
  addresses: PerEnd<string[]>;
  /** The names of both interfaces. */
  interfaces: PerEnd<string>;
}
