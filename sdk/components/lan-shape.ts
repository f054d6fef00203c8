import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { ip } from "../../provider/values.ts";
import { isBridge } from "./bridged.ts";
import {
  anything,
  described,
  flag,
  instance,
  listOf,
  objectOf,
  passedTo,
  plainText,
  required,
  type Shape,
  text,
} from "./component-args.ts";
import { labHost } from "./lab-host.ts";
import type { LanAddresses, LanArgs, LanMember } from "./lan-args.ts";
import { NETWORK_LIST, NETWORKS } from "./network.ts";
import { node } from "./node.ts";
import { trunk } from "./trunk.ts";

const BRIDGE = v.optional(instance("a Bridge or a Lan", isBridge, 'new Bridge("br0")'));
const LAB_HOST_ARG = labHost();
const TRUNK = v.optional(trunk());

const ADDRESSES = listOf(plainText(ip()), 'a list of addresses without prefix lengths, e.g. ["192.168.15.5"]');
const HOST_NAME = 'the name of the host, e.g. "web"';

const CABLE_ARGS: Shape<LanAddresses> = {
  ...{ addresses: ADDRESSES, interface: text, bridge: BRIDGE, netem: passedTo("Bridge", "netem"), dhcp: flag },
};
/** The types of the arguments with which a node joins. */
export const MEMBER_ARGS: Shape<LanMember> = { node: node(), trunk: TRUNK, ...CABLE_ARGS };
const HOST_ARGS = objectOf({ name: required(text, HOST_NAME), host: v.optional(LAB_HOST_ARG), ...CABLE_ARGS });
const EXISTING_HOST = v.custom(
  () => false,
  ({ input }) =>
    `${described(input)} exists already; hosts takes the names of hosts to create, and members takes existing ones, e.g. members: [gw]`,
);
const PAIR_ARGS = objectOf({ from: required(text, HOST_NAME), to: required(text, HOST_NAME), netem: anything });

/** The types of the arguments of a {@link Lan}. */
export const LAN_ARGS: Shape<LanArgs> = {
  networks: required(NETWORKS, NETWORK_LIST),
  ...{
    gateways: ADDRESSES,
    router: v.optional(node()),
    trunk: TRUNK,
    vlan: passedTo("Vlan", "vid"),
    bridge: BRIDGE,
  },
  ...{
    spans: listOf(LAB_HOST_ARG, "a list of lab hosts, e.g. [lab1, lab2]"),
    secure: flag,
    vni: passedTo("Vxlan", "vni"),
    mtu: passedTo("Bridge", "mtu"),
    netem: passedTo("Bridge", "netem"),
    pairs: listOf(PAIR_ARGS, 'a list of pairs, e.g. [{ from: "web", to: "db", netem: { delay: "20ms" } }]'),
  },
  hosts: listOf(v.lazy(hostShape), 'a list of hosts, e.g. ["web", "db"]'),
  members: listOf(
    v.lazy((input) => (isGroup(input) ? objectOf(MEMBER_ARGS) : node())),
    "a list of hosts and routers, e.g. [edge]",
  ),
};

function hostShape(given: unknown): v.GenericSchema {
  if (typeof given === "string") return text;
  return pulumi.Resource.isInstance(given) ? EXISTING_HOST : HOST_ARGS;
}

/** Returns whether a value is an object with arguments, and not one of a class. */
const isGroup = (given: unknown): boolean => typeof given === "object" && given?.constructor === Object;
