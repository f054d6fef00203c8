import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { areOfOneFamily, familyOf } from "../../provider/cidr.ts";
import { withHelp } from "../../provider/message.ts";
import { VXLAN_HEADERS, WIREGUARD_HEADERS } from "../../provider/tunnel-headers.ts";
import { MAX_VNI } from "../../provider/values.ts";
import type { Place } from "../place.ts";
import type { ReachableHost } from "./reachable-host.ts";
import { SECURE_FAMILY, secureTunnel, secureUnderlay } from "./secure-tunnel.ts";

/** The arguments of a component that may have an {@link Overlay}. */
export interface OverlayArgs {
  readonly vni?: number | undefined;
  readonly secure?: boolean | undefined;
}

/** The arguments that a {@link Vxlan} of an {@link Overlay} has besides its interface and the other ends. */
export interface OverlayEnd {
  readonly vni: number;
  readonly dstport: number;
  readonly underlay: Place;
  readonly local?: string;
}

/**
 * A network across lab hosts: a VXLAN network with one {@link Vxlan} on each of them. The list of the other lab hosts is static, and a Vxlan
 * sends nothing back that arrived through it, so the network has no loops. If it is secure, WireGuard carries the packets of the Vxlans.
 */
export class Overlay {
  readonly #name: string;
  /** The stack, the kind of the component and its name. */
  readonly #identity: string;
  readonly #hosts: readonly ReachableHost[];
  readonly #vni: number;
  readonly #secure: boolean;

  /** @throws Error if two lab hosts have the same address, or addresses of different families. */
  constructor(kind: string, name: string, hosts: readonly ReachableHost[], { vni, secure = false }: OverlayArgs) {
    checkTogether(hosts);
    this.#name = name;
    this.#identity = `${pulumi.getProject()}/${pulumi.getStack()} ${kind} ${name}`;
    this.#hosts = hosts;
    this.#vni = vni ?? vniFrom(this.#identity);
    this.#secure = secure;
  }

  /**
   * Returns the MTU of all interfaces of the network.
   *
   * @param wanted The MTU in the program; undefined for the largest possible one.
   * @throws Error if the lab hosts cannot exchange packets of this size.
   */
  mtu(wanted: pulumi.Input<number> | undefined): pulumi.Input<number> {
    const limits = this.#hosts.map((one) => one.host.mtu - this.#headers(one));
    const largest = Math.min(...limits);
    const narrow = this.#hosts[limits.indexOf(largest)]?.host;
    if (narrow !== undefined && typeof wanted === "number" && wanted > largest) {
      const adds = this.#secure ? "VXLAN and WireGuard add" : "VXLAN adds";
      throw new Error(
        withHelp(
          `${wanted} is more than ${largest}: ${adds} ${narrow.mtu - largest} bytes, and the lab host ${narrow.name} has an MTU of ${narrow.mtu}`,
          `set mtu to ${largest} or less, or the mtu of the LabHost if the network between the lab hosts carries larger packets`,
        ),
      );
    }
    return wanted ?? largest;
  }

  #headers({ address }: ReachableHost): number {
    const family = familyOf(address);
    return this.#secure ? WIREGUARD_HEADERS[family] + VXLAN_HEADERS[SECURE_FAMILY] : VXLAN_HEADERS[family];
  }

  /** Returns the name of the Vxlan on a lab host. It follows from the lab host alone, so each keeps its own if others come. */
  nameOn = ({ host }: ReachableHost): string => `${this.#name}-${host.name}`;

  /**
   * Returns the MAC address of the interface at an end. It does not follow from the lab host: if a node moves to another one, the neighbour
   * table at the other end of the network remains valid.
   */
  macOf(end: string): string {
    const bytes = createHash("sha256").update(`${this.#identity} ${end}`).digest("hex").slice(0, 10).match(/../g) ?? [];
    // The first byte means: locally administered, unicast.
    return ["02", ...bytes].join(":");
  }

  /** Returns the arguments of the Vxlan on a lab host, whose packets leave from the lab host and not from a namespace of the lab. */
  endOn(own: ReachableHost): OverlayEnd {
    const fixed = { vni: this.#vni, dstport: PORT };
    // An end in a secure underlay has an address for each of the other ends, between which its routes choose.
    return this.#secure
      ? { ...fixed, underlay: secureUnderlay(own.host) }
      : { ...fixed, underlay: own.host, local: own.address };
  }

  /** Returns the addresses at which the Vxlan on a lab host reaches all others. */
  remotesOf(own: ReachableHost): string[] {
    const others = this.#hosts.filter((one) => one !== own);
    return others.map((far) => (this.#secure ? secureTunnel(own, far).addressOf(far.host) : far.address));
  }
}

function checkTogether(hosts: readonly ReachableHost[]): void {
  for (const [index, { host, address }] of hosts.entries()) {
    for (const other of hosts.slice(0, index)) {
      if (other.address === address)
        throw new Error(
          withHelp(
            `the lab hosts ${other.host.name} and ${host.name} have the same address ${address}`,
            "give each of them the address at which the others reach it",
          ),
        );
      if (!areOfOneFamily(other.address, address))
        throw new Error(
          withHelp(
            `the lab host ${other.host.name} has the address ${other.address}, and ${host.name} has ${address}`,
            "give both of them an IPv4 address, or both an IPv6 address",
          ),
        );
    }
  }
}

/** Many networks block or rewrite packets to the port assigned by IANA, and some network cards corrupt them. */
const PORT = 14_789;

/** Returns the VXLAN identifier that follows from the identity of a network. */
const vniFrom = (identity: string): number =>
  1 + (createHash("sha256").update(identity).digest().readUInt32BE(0) % MAX_VNI);
