import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { isBridge } from "./bridged.ts";
import {
  anything,
  described,
  flag,
  instance,
  listOf,
  objectOf,
  passedTo,
  required,
  type Shape,
  text,
} from "./component-args.ts";
import { LabHost } from "./lab-host.ts";
import type { LanAddresses, LanArgs, LanMember } from "./lan-args.ts";
import { node } from "./node.ts";
import { Trunk } from "./trunk.ts";

const BRIDGE = v.optional(instance("a Bridge or a Lan", isBridge));
const LAB_HOST_ARG = instance("a LabHost", (value) => value instanceof LabHost);
const TRUNK = v.optional(instance("a Trunk", (value) => value instanceof Trunk));

const CABLE_ARGS: Shape<LanAddresses> = {
  ...{ addresses: listOf(anything), interface: text, bridge: BRIDGE, netem: passedTo("Bridge", "netem"), dhcp: flag },
};
/** The types of the arguments with which a node joins. */
export const MEMBER_ARGS: Shape<LanMember> = { node: node(), trunk: TRUNK, ...CABLE_ARGS };
const HOST_ARGS = objectOf({ name: required(text), host: v.optional(LAB_HOST_ARG), ...CABLE_ARGS });
const EXISTING_HOST = v.custom(
  () => false,
  ({ input }) =>
    `${described(input)} exists already; hosts takes the names of hosts to create, and members takes existing ones, e.g. members: [gw]`,
);
const PAIR_ARGS = objectOf({ from: required(text), to: required(text), netem: anything });

/** The types of the arguments of a {@link Lan}. */
export const LAN_ARGS: Shape<LanArgs> = {
  // The plan of the addresses has the error with an example.
  networks: required(v.any()),
  ...{
    gateways: listOf(anything),
    router: v.optional(node()),
    trunk: TRUNK,
    vlan: passedTo("Vlan", "vid"),
    bridge: BRIDGE,
  },
  ...{
    spans: listOf(LAB_HOST_ARG),
    secure: flag,
    vni: passedTo("Vxlan", "vni"),
    mtu: passedTo("Bridge", "mtu"),
    netem: passedTo("Bridge", "netem"),
    pairs: listOf(PAIR_ARGS),
  },
  hosts: listOf(v.lazy(hostShape)),
  members: listOf(v.lazy((input) => (isGroup(input) ? objectOf(MEMBER_ARGS) : node()))),
};

function hostShape(given: unknown): v.GenericSchema {
  if (typeof given === "string") return text;
  return pulumi.Resource.isInstance(given) ? EXISTING_HOST : HOST_ARGS;
}

/** Returns whether a value is an object with arguments, and not one of a class. */
const isGroup = (given: unknown): boolean => typeof given === "object" && given?.constructor === Object;
