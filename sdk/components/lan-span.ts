import type * as pulumi from "@pulumi/pulumi";
import { withHelp } from "../../provider/message.ts";
import { Bridge, type BridgeArgs } from "../bridge.ts";
import { Vxlan } from "../vxlan.ts";
import { defaultHost, type LabHost } from "./lab-host.ts";
import type { LanArgs } from "./lan-args.ts";
import { interfaceNames } from "./names.ts";
import {
  checkTogether,
  isSameHost,
  overlayArgs,
  overlayMtu,
  overlayName,
  type ReachableHost,
  reachable,
  vniOf,
} from "./overlay.ts";

/** The lab hosts that a {@link Lan} spans, with a bridge on each. */
export class LanSpan {
  /** The first of them; undefined for this machine. */
  readonly first: LabHost | undefined;
  readonly #lan: string;
  /** The lab hosts with their addresses, if there are several. */
  readonly #joined: readonly ReachableHost[];
  readonly #bridges = new Map<string | undefined, Bridge>();

  /** @throws Error if the list is empty, names a lab host twice, or has lab hosts that cannot be in one network. */
  constructor(lan: string, { spans, router, bridge, vlan }: Pick<LanArgs, "spans" | "router" | "bridge" | "vlan">) {
    if (spans?.length === 0) throw new Error("the list is empty; omit it for a LAN on one lab host");
    const twice = spans?.find((host, index) => spans.indexOf(host) !== index);
    if (twice !== undefined) throw new Error(`${twice.name} is listed twice`);
    if (spans !== undefined && spans.length > 1 && (bridge !== undefined || vlan !== undefined))
      throw new Error(
        withHelp(
          `a LAN across ${spans.map(({ name }) => name).join(", ")} has its own bridges without VLANs`,
          "remove bridge and vlan, or use the LAN on one lab host",
        ),
      );
    this.#lan = lan;
    this.first = spans === undefined ? (router === undefined ? defaultHost() : router.host) : spans[0];
    this.#joined = spans === undefined || spans.length === 1 ? [] : spans.map(reachable);
    checkTogether(this.#joined);
  }

  /**
   * Returns the MTU of all interfaces of the LAN; undefined for that of the kernel.
   *
   * @throws Error if the lab hosts cannot exchange packets of this size.
   */
  mtu(wanted: pulumi.Input<number> | undefined): pulumi.Input<number> | undefined {
    return this.#joined.length === 0 ? wanted : overlayMtu(this.#joined, wanted);
  }

  /** @throws Error if an object is on a lab host that the LAN does not span. */
  check(name: string, host: LabHost | undefined): void {
    const hosts = this.#joined.length === 0 ? [this.first] : this.#joined.map((one) => one.host);
    if (hosts.some((one) => isSameHost(one, host))) return;
    throw new Error(
      withHelp(
        `${name} is on ${describe(host)}, and the LAN ${this.#lan} spans only ${hosts.map(describe).join(", ")}`,
        "add the lab host to spans; the first one has the gateway addresses",
      ),
    );
  }

  /**
   * Creates the bridges, and joins them. Returns the first one.
   *
   * @param own The arguments of the first one.
   * @param all The arguments of all interfaces.
   */
  create(own: BridgeArgs, all: MtuArgs, vni: number | undefined, opts: pulumi.CustomResourceOptions): Bridge {
    const common = { ...interfaceNames(this.#lan), ...all };
    const first = new Bridge(this.#lan, { ...common, namespace: this.first, ...own }, opts);
    this.#bridges.set(this.first?.name, first);
    for (const { host } of this.#joined.slice(1))
      this.#bridges.set(host.name, new Bridge(`${this.#lan}-${host.name}`, { ...common, namespace: host }, opts));
    for (const one of this.#joined) this.#join(one, all, vni, opts);
    return first;
  }

  /** Uses the bridge of other LANs in place of one of its own, and returns it. */
  use(bridge: Bridge): Bridge {
    this.#bridges.set(this.first?.name, bridge);
    return bridge;
  }

  /**
   * Returns the bridge on a lab host.
   *
   * @throws Error if the LAN does not span it.
   */
  bridgeOn(host: LabHost | undefined): Bridge {
    const bridge = this.#bridges.get(host?.name);
    if (bridge === undefined) throw new Error(`the LAN ${this.#lan} has no bridge on ${describe(host)}`);
    return bridge;
  }

  /** Creates the Vxlan that connects the bridge of a lab host with those of all others. */
  #join(own: ReachableHost, all: BridgeArgs, vni = vniOf("Lan", this.#lan), opts: pulumi.CustomResourceOptions): void {
    const flood = this.#joined.filter((other) => other !== own).map(({ address }) => address);
    const args = { ...interfaceNames(`${this.#lan}-vxlan`), ...all, namespace: own.host };
    const tunnel = { ...overlayArgs(vni, own), master: this.bridgeOn(own.host), flood };
    new Vxlan(overlayName(this.#lan, own), { ...args, ...tunnel }, opts);
  }
}

type MtuArgs = Pick<BridgeArgs, "mtu">;

const describe = (host: LabHost | undefined): string =>
  host === undefined ? "this machine" : `the lab host ${host.name}`;
