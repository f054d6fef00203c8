import * as v from "valibot";
import { everyKind } from "../every-kind.ts";
import { lackedByTests } from "../vm/features.ts";
import type { Dice } from "./dice.ts";
import { someHardware } from "./hardware.ts";

/*
 * The kinds whose object is one link, except bridges. All that the model knows of them comes from their schemas and samples.
 */

/** A new kind joins with its name, if the rules of the kernel for its links are in valid.ts. */
const JOINED = [
  ...[
    "Bond",
    "Dummy",
    "Geneve",
    "Ifb",
    "Ipvlan",
    "Macvlan",
    "Macvtap",
    "Nic",
    "Tap",
    "Tun",
    "Tunnel",
    "Vlan",
    "Vrf",
    "Vxlan",
  ],
  "WireGuard",
];

/** A kind whose object is one link. */
export interface DeviceKind {
  /** The class in the SDK. */
  readonly type: string;
  /** Whether a link of the kind is created on a parent link. */
  readonly isChild: boolean;
  readonly hasMac: boolean;
  /** The kind's own arguments that refer to another link of the same place. */
  readonly refs: readonly string[];
  /** The kind's own arguments that distinguish it from others in the same place, such as a VNI. */
  readonly keys: readonly string[];
  /** Returns values for the kind's own arguments, without references. */
  own(dice: Dice): Own;
  /** Returns true if the values, with these references and these arguments of every link, are valid. */
  accepts(own: Own, refs: readonly string[], common: Own): boolean;
}

export type Own = Readonly<Record<string, unknown>>;

/** The arguments of every link; a child has the two others too, which the model gives as a reference to the parent. */
const COMMON = [
  "name",
  "namespace",
  "mac",
  "mtu",
  "master",
  "port",
  "up",
  "altname",
  "addresses",
  "gateways",
  "gatewayTable",
];
const PARENT = ["link", "linkNamespace"];
/** An argument that names a namespace, for which the model has no kind of reference. */
const PLACE = ["underlay"];

/** An argument that names a member of the link. The member is created after the link. */
const MEMBER = ["primary"];

/** Accounts of the lab host. */
const ACCOUNT = ["user", "group"];

/** An argument that names an interface of the lab host's hardware. */
const HARDWARE_NAME = "from";

/** Settings that need a module which the running kernel may lack; the tests of netem run in the virtual machine. */
const MODULES = ["netem"];

/** Arguments with a port that only one link of a place can have. */
const PORTS = ["listenPort"];

const lacking = lackedByTests();

/** The kinds that the kernel of the tests has. */
export const DEVICES: readonly DeviceKind[] = everyKind
  .filter(({ type }) => JOINED.includes(type) && !lacking.includes(type.toLowerCase()))
  .map(({ type, kind, args, required }) => {
    const entries: Readonly<Record<string, v.GenericSchema>> = kind.schema.entries;
    const own = Object.keys(entries).filter(
      (name) => ![...COMMON, ...PARENT, ...PLACE, ...MEMBER, ...ACCOUNT, ...MODULES].includes(name),
    );
    const refs = own.filter((name) => name !== HARDWARE_NAME && isInterface(entries[name]!));
    const values = own.filter((name) => !refs.includes(name));
    const isChild = "link" in entries;
    return {
      ...{ type, isChild, refs, hasMac: "mac" in entries },
      keys: [...required, ...PORTS].filter((name) => values.includes(name)),
      own: (dice) => ({
        ...Object.fromEntries(Object.entries(dice.generate(args)).filter(([name]) => values.includes(name))),
        ...(entries[HARDWARE_NAME] && someHardware(dice)),
      }),
      accepts: (given, referring, common) =>
        v.is(kind.schema, {
          ...{ name: "x", ...(isChild && { link: "y" }), ...given, ...common },
          ...Object.fromEntries(referring.map((name) => [name, "y"])),
        }),
    };
  });

export const deviceKind = (type: string): DeviceKind => {
  const found = DEVICES.find((kind) => kind.type === type);
  if (found === undefined) throw new Error(`${type} is no kind of a single link`);
  return found;
};

/** Returns true if an argument takes the name of an interface: it refuses a longer one. */
function isInterface(entry: v.GenericSchema): boolean {
  const { issues = [] } = v.safeParse(entry, "x".repeat(16));
  return issues.some(({ message }) => message.includes("is not an interface name"));
}
