import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { familyOf } from "../../provider/cidr.ts";
import { digest } from "../../provider/owner.ts";
import { WIREGUARD_HEADERS } from "../../provider/tunnel-headers.ts";
import { Command } from "../command.ts";
import { Namespace } from "../namespace.ts";
import { perProgram } from "../program.ts";
import { WireGuard } from "../wire-guard.ts";
import { Component } from "./component.ts";
import { type LabHost, SECURE_PORTS } from "./lab-host.ts";
import { interfaceNames } from "./names.ts";
import { addressAt, networkOf } from "./network.ts";
import type { ReachableHost } from "./reachable-host.ts";

/*
 * All networks of a program with `secure` share one WireGuard tunnel between each two lab hosts. On each lab host, the ends of the tunnels are in
 * a namespace of their own, the secure underlay, and only their encrypted packets are in the network stack of the lab host. The sockets of the
 * VXLANs are in the secure underlay as well, so that only packets from the tunnels arrive at them.
 */

/** The family of the addresses in the tunnels. */
export const SECURE_FAMILY = "inet";

/** Returns the namespace of a lab host in which the ends of its tunnels are. */
export const secureUnderlay = (host: LabHost): Namespace => underlayOf(host).namespace;

/** Returns the tunnel between two lab hosts, which the first call creates. */
export function secureTunnel(one: ReachableHost, other: ReachableHost): SecureTunnel {
  const [a, b] = one.host.name < other.host.name ? [one, other] : [other, one];
  const names = `${a.host.name} ${b.host.name}`;
  const known = tunnels().get(names) ?? new SecureTunnel(a, b);
  tunnels().set(names, known);
  return known;
}

/** A WireGuard tunnel between two lab hosts. */
class SecureTunnel {
  readonly #addresses: ReadonlyMap<LabHost, string>;

  constructor(a: ReachableHost, b: ReachableHost) {
    const slot = reserveSlot(a.host, b.host);
    const inner = networkOf(INNER, 1);
    const [ofA, ofB] = [addressAt(inner, BigInt(2 * slot)), addressAt(inner, BigInt(2 * slot + 1))];
    this.#addresses = new Map([
      [a.host, ofA],
      [b.host, ofB],
    ]);
    const mtu = Math.min(a.host.mtu, b.host.mtu) - WIREGUARD_HEADERS[familyOf(a.address)];
    for (const [own, far] of [
      [a, b],
      [b, a],
    ] as const)
      this.#createEnd(own, far, mtu, slot);
  }

  /** Returns the address of a lab host in the tunnel. */
  addressOf = (host: LabHost): string => this.#addresses.get(host) ?? "";

  #createEnd(own: ReachableHost, far: ReachableHost, mtu: number, slot: number): void {
    const [underlay, peer] = [underlayOf(own.host), underlayOf(far.host)];
    const endpoint = familyOf(far.address) === "inet" ? far.address : `[${far.address}]`;
    new WireGuard(
      `${own.host.name}-to-${far.host.name}`,
      {
        ...{ ...interfaceNames(far.host.name), namespace: underlay.namespace, underlay: own.host, mtu },
        ...{
          listenPort: own.host.firstSecurePort + slot,
          privateKey: underlay.privateKey,
          addresses: [`${this.addressOf(own.host)}/31`],
        },
        peers: [
          {
            publicKey: peer.publicKey,
            endpoint: `${endpoint}:${far.host.firstSecurePort + slot}`,
            allowedIps: [`${this.addressOf(far.host)}/32`],
          },
        ],
      },
      { parent: underlay },
    );
  }
}

/** A namespace on a lab host with the ends of the tunnels to the other lab hosts, and the key that they have. */
class SecureUnderlay extends Component<object> {
  readonly namespace: Namespace;
  readonly privateKey: pulumi.Output<string>;
  readonly publicKey: pulumi.Output<string>;
  /** The numbers of the tunnels that end here. */
  readonly slots = new Set<number>();

  constructor(host: LabHost) {
    super("SecureUnderlay", host.name, {});
    const name = `secure-${digest(stackName()).slice(0, 8)}`;
    this.namespace = new Namespace(`${host.name}-secure`, { name, host }, { parent: this });
    // Each end of a tunnel has the key of the other one as an argument, so a key that an end generates would come too late.
    const key = new Command(
      `${host.name}-secure-key`,
      { namespace: this.namespace, create: ["wg", "genkey"] },
      { parent: this, additionalSecretOutputs: ["stdout"] },
    );
    this.privateKey = key.stdout;
    this.publicKey = WireGuard.publicKeyOf(key.stdout);
    this.publish({});
  }
}

function underlayOf(host: LabHost): SecureUnderlay {
  const known = underlays().get(host) ?? new SecureUnderlay(host);
  underlays().set(host, known);
  return known;
}

const tunnels = perProgram(() => new Map<string, SecureTunnel>());
const underlays = perProgram(() => new Map<LabHost, SecureUnderlay>());

/** Reserves the number of a tunnel, from which its ports and addresses follow: one that no other tunnel of either lab host has. */
function reserveSlot(a: LabHost, b: LabHost): number {
  const used = [underlayOf(a).slots, underlayOf(b).slots];
  const text = `${stackName()} ${a.name} ${b.name}`;
  let slot = createHash("sha256").update(text).digest().readUInt32BE(0) % SECURE_PORTS;
  while (used.some((slots) => slots.has(slot))) slot = (slot + 1) % SECURE_PORTS;
  for (const slots of used) slots.add(slot);
  return slot;
}

/** The network of all addresses in the tunnels. Each secure underlay has nothing but tunnels, so the addresses may also be in the lab. */
const INNER = "169.254.0.0/16";

const stackName = (): string => `${pulumi.getProject()}/${pulumi.getStack()}`;
