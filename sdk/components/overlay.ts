import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { areOfOneFamily, familyOf } from "../../provider/cidr.ts";
import { withHelp } from "../../provider/message.ts";
import { VXLAN_HEADERS } from "../../provider/vxlan-headers.ts";
import type { LabHost } from "./lab-host.ts";

/*
 * A Link or a Lan across lab hosts is a VXLAN network with one Vxlan on each of them. The list of the other lab hosts is static, and a
 * Vxlan sends nothing back that arrived through it, so the network has no loops.
 */

/** A lab host whose address the other lab hosts know. */
export interface ReachableHost {
  readonly host: LabHost;
  readonly address: string;
}

/**
 * Returns a lab host with its address.
 *
 * @throws Error for this machine, and for a lab host without an address.
 */
export function reachable(host: LabHost | undefined): ReachableHost {
  if (host === undefined) throw new Error(ON_THIS_MACHINE);
  if (host.address === undefined) throw new Error(withoutAddress(host));
  return { host, address: host.address };
}

const ON_THIS_MACHINE = withHelp(
  "it is on this machine, which has no name and no address for the lab hosts on the other side",
  'give this machine a LabHost as well, for example new LabHost("lab1", { ssh: "localhost", address: "192.168.1.11" })',
);

const withoutAddress = ({ name }: LabHost): string =>
  withHelp(
    `the lab host ${name} has no address at which the other lab hosts reach it`,
    `set address, for example new LabHost("${name}", { address: "192.168.1.12" })`,
  );

/**
 * Checks that lab hosts can be in one network.
 *
 * @throws Error if two of them have the same address, or addresses of different families.
 */
export function checkTogether(hosts: readonly ReachableHost[]): void {
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

/**
 * Returns the MTU of all interfaces of a network across lab hosts.
 *
 * @param wanted The MTU in the program; undefined for the largest possible one.
 * @throws Error if the lab hosts cannot exchange packets of this size.
 */
export function overlayMtu(
  hosts: readonly ReachableHost[],
  wanted: pulumi.Input<number> | undefined,
): pulumi.Input<number> {
  const limits = hosts.map(({ host, address }) => host.mtu - VXLAN_HEADERS[familyOf(address)]);
  const largest = Math.min(...limits);
  const narrow = hosts[limits.indexOf(largest)]?.host;
  if (narrow !== undefined && typeof wanted === "number" && wanted > largest)
    throw new Error(
      withHelp(
        `${wanted} is more than ${largest}: VXLAN adds ${narrow.mtu - largest} bytes, and the lab host ${narrow.name} has an MTU of ${narrow.mtu}`,
        `set mtu to ${largest} or less, or the mtu of the LabHost if the network between the lab hosts carries larger packets`,
      ),
    );
  return wanted ?? largest;
}

/** Returns the arguments that all Vxlans of a network have, with the address of the own lab host. */
export const overlayArgs = (vni: number, { address }: ReachableHost) => ({ vni, dstport: PORT, local: address });

/** Many networks block or rewrite packets to the port assigned by IANA, and some network cards corrupt them. */
const PORT = 14_789;

/** Returns the VXLAN identifier of a network, which follows from the stack, the kind of the component and its name. */
export function vniOf(kind: string, name: string): number {
  const text = `${pulumi.getProject()}/${pulumi.getStack()} ${kind} ${name}`;
  return 1 + (createHash("sha256").update(text).digest().readUInt32BE(0) % LARGEST_VNI);
}

const LARGEST_VNI = 16_777_215;

/** Returns the name of the Vxlan of a network on a lab host. It follows from the lab host alone, so each keeps its own if others come. */
export const overlayName = (network: string, { host }: ReachableHost): string => `${network}-${host.name}`;

/** Returns whether two places are on one lab host. */
export const isSameHost = (one: LabHost | undefined, other: LabHost | undefined): boolean => one?.name === other?.name;
