import type * as pulumi from "@pulumi/pulumi";
import { withHelp } from "../../provider/message.ts";
import { Bridge, type BridgeArgs } from "../bridge.ts";
import type { BridgePortArgs } from "../bridge-port.ts";
import { placeOn } from "../interface.ts";
import { hostOf, hostText } from "../place.ts";
import { Vxlan } from "../vxlan.ts";
import { bridgeOf } from "./bridged.ts";
import { defaultHost, type LabHost } from "./lab-host.ts";
import type { LanArgs, Unfilled } from "./lan-args.ts";
import { interfaceNames } from "./names.ts";
import type { LabNode } from "./node.ts";
import { Overlay } from "./overlay.ts";
import { isSameHost, type ReachableHost, reachable } from "./reachable-host.ts";

/** The lab hosts that a {@link Lan} spans, with its bridge on each. */
export class LanSpan {
  /** The first of them; undefined for this machine. */
  readonly first: LabHost | undefined;
  readonly #lan: string;
  /** The bridge that the LAN shares with others. */
  readonly #shared: Bridge | undefined;
  /** The lab hosts with their addresses, if there are several. */
  readonly #joined: readonly ReachableHost[];
  readonly #overlay: Overlay;
  readonly #bridges = new Map<string | undefined, Bridge>();

  /** @throws Error if the list is empty, names a lab host twice, or has lab hosts that cannot be in one network. */
  constructor(
    lan: string,
    { spans, router, bridge, ...args }: Unfilled<Pick<LanArgs, "spans" | "router" | "bridge" | "vni" | "secure">>,
  ) {
    if (spans?.length === 0) throw new Error("the list is empty; omit it for a LAN on one lab host");
    if (spans !== undefined && bridge !== undefined) throw new Error(NOT_SHARED);
    const twice = spans?.find((host, index) => spans.indexOf(host) !== index);
    if (twice !== undefined) throw new Error(`${twice.name} is listed twice`);
    this.#lan = lan;
    this.#shared = bridge && bridgeOf(bridge);
    this.first = spans === undefined ? this.#usual(router) : spans[0];
    this.#joined = spans === undefined || spans.length === 1 ? [] : spans.map(reachable);
    this.#overlay = new Overlay("Lan", lan, this.#joined, args);
  }

  /** Returns the lab host of a LAN that does not say which ones it spans. */
  #usual(router: LabNode | undefined): LabHost | undefined {
    if (this.#shared !== undefined) return hostOf(placeOn(this.#shared, undefined));
    return router === undefined ? defaultHost() : router.host;
  }

  /**
   * Returns the MTU of all interfaces of the LAN; undefined for that of the kernel.
   *
   * @throws Error if the lab hosts cannot exchange packets of this size.
   */
  mtu(wanted: pulumi.Input<number> | undefined): pulumi.Input<number> | undefined {
    return this.#joined.length === 0 ? wanted : this.#overlay.mtu(wanted);
  }

  /** @throws Error if an object is on a lab host that the LAN does not span. */
  check(name: string, host: LabHost | undefined): void {
    const hosts = this.#joined.length === 0 ? [this.first] : this.#joined.map((one) => one.host);
    if (hosts.some((one) => isSameHost(one, host))) return;
    throw new Error(
      withHelp(
        `${name} is on ${hostText(host)}, and the LAN ${this.#lan} spans only ${hosts.map(hostText).join(", ")}`,
        "add the lab host to spans; the first one has the gateway addresses",
      ),
    );
  }

  /**
   * Creates the bridges, and joins them. Returns the first one, which is the shared one of a LAN that creates none.
   *
   * @param own The addresses of the first one.
   */
  create(own: AddressArgs, all: SegmentArgs, opts: pulumi.CustomResourceOptions): Bridge {
    const first = this.#shared ?? this.#createBridge(this.#lan, this.first, own, all, opts);
    this.#bridges.set(this.first?.name, first);
    for (const { host } of this.#joined.slice(1))
      this.#bridges.set(host.name, this.#createBridge(`${this.#lan}-${host.name}`, host, {}, all, opts));
    for (const one of this.#joined) this.#join(one, all, opts);
    return first;
  }

  /**
   * Returns the bridge on a lab host.
   *
   * @throws Error if the LAN does not span it.
   */
  bridgeOn(host: LabHost | undefined): Bridge {
    const bridge = this.#bridges.get(host?.name);
    if (bridge === undefined) throw new Error(`the LAN ${this.#lan} has no bridge on ${hostText(host)}`);
    return bridge;
  }

  /** Creates a bridge, in whose only VLAN its own addresses are. */
  #createBridge(
    name: string,
    host: LabHost | undefined,
    own: AddressArgs,
    { mtu, vlan }: SegmentArgs,
    opts: pulumi.CustomResourceOptions,
  ): Bridge {
    const inVlan = own.addresses && { vlans: [`${vlan} pvid untagged`] };
    const filtering = vlan !== undefined && { vlanFiltering: true, vlanDefaultPvid: 0, ...inVlan };
    const args = { ...interfaceNames(this.#lan), namespace: host, ...own, ...filtering };
    return new Bridge(name, { ...args, ...(mtu !== undefined && { mtu }) }, opts);
  }

  /** Creates the Vxlan that connects the bridge of a lab host with those of all others. */
  #join(own: ReachableHost, { mtu, vlan }: SegmentArgs, opts: pulumi.CustomResourceOptions): void {
    const args = { ...interfaceNames(`${this.#lan}-vxlan`), namespace: own.host, ...(mtu !== undefined && { mtu }) };
    const port = { master: this.bridgeOn(own.host), ...portArgs(vlan) };
    const tunnel = { ...this.#overlay.endOn(own), flood: this.#overlay.remotesOf(own) };
    new Vxlan(this.#overlay.nameOn(own), { ...args, ...port, ...tunnel }, opts);
  }
}

/** The properties that all bridges and ports of a LAN share. */
interface SegmentArgs {
  readonly mtu?: pulumi.Input<number>;
  readonly vlan: number | undefined;
}

type AddressArgs = Pick<BridgeArgs, "addresses">;

/** Returns the settings of a bridge port whose frames without tags belong to the VLAN of a LAN. */
export const portArgs = (vlan: number | undefined): { readonly port?: BridgePortArgs } =>
  vlan === undefined ? {} : { port: { vlans: [`${vlan} pvid untagged`] } };

const NOT_SHARED = withHelp(
  "a LAN on the bridge of another one is on the lab host of that bridge",
  "remove bridge, so that the LAN has a bridge of its own on each lab host",
);
