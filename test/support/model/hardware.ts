import type { Sandbox } from "../../../tools/sandbox.ts";
import type { Dice } from "./dice.ts";
import type { Facts } from "./fact-names.ts";
import type { Flat } from "./flat.ts";

/*
 * The interfaces of the lab host that programs move to namespaces. Taps take the place of hardware. Unlike hardware, the kernel deletes them
 * with their namespace, and deletes them by command.
 */

interface Hardware {
  readonly name: string;
  /** The commands with which it is set up on the lab host. */
  readonly setup: readonly string[];
  /** Whether the lab host uses it. */
  readonly inUse: boolean;
}

const ALL: readonly [Hardware, ...Hardware[]] = [
  {
    name: "nic0",
    setup: ["tuntap add dev nic0 mode tap", "link set dev nic0 address 02:00:00:00:aa:00"],
    inUse: false,
  },
  {
    name: "nic1",
    setup: [
      "tuntap add dev nic1 mode tap",
      "link set dev nic1 address 02:00:00:00:aa:01 mtu 1450 up",
      "link property add dev nic1 altname enp0s1",
      "link set dev nic1 alias to-the-provider",
    ],
    inUse: false,
  },
  {
    name: "nic2",
    setup: [
      "tuntap add dev nic2 mode tap",
      "link set dev nic2 address 02:00:00:00:aa:02 up",
      "address add 198.51.100.2/24 dev nic2",
      "address add 2001:db8::2/64 dev nic2 nodad",
      "route add default via 198.51.100.1 dev nic2 metric 4242",
    ],
    inUse: true,
  },
];

/** The names of the interfaces on the lab host. */
export const HARDWARE: readonly string[] = ALL.map(({ name }) => name);

/** The kind of link that takes the place of hardware, as `ip` names it. */
export const HARDWARE_KIND = "tun";

/** Sets up the interfaces of a lab host. */
export async function plugHardware(host: Sandbox): Promise<void> {
  for (const line of ALL.flatMap(({ setup }) => setup)) await host.run("ip", ...line.split(" "));
}

/** Returns the arguments of a Nic that name an interface, and that take it although the lab host uses it. */
export const hardwareArguments = (from: string): Readonly<Record<string, unknown>> => ({
  from,
  ...(isInUse(from) && { takeInUse: true }),
});

/** Returns the arguments of a Nic that name one of the interfaces. */
export const someHardware = (dice: Dice): Readonly<Record<string, unknown>> => hardwareArguments(dice.of(...ALL).name);

/** Returns the names of the interfaces that a lab has moved to namespaces. */
export const lentBy = ({ devices }: Flat): string[] =>
  devices.flatMap(({ own }) => (typeof own["from"] === "string" ? [own["from"]] : []));

/** Returns whether the lab host uses an interface, which is then moved only if the program says so. */
export const isInUse = (from: unknown): boolean => ALL.some(({ name, inUse }) => inUse && name === from);

/** Returns facts without those of the lab host's interfaces that are in namespaces. */
export const withoutLent = (facts: Facts, lent: readonly string[]): Map<string, string> =>
  new Map(
    [...facts].flatMap(([fact, text]): [string, string][] => {
      const isLent = (subject: string): boolean => lent.some((name) => subject.includes(name));
      if (fact !== "routes host") return isLent(fact) ? [] : [[fact, text]];
      const left = text.split("\n").filter((line) => !isLent(line));
      return left.length === 0 ? [] : [[fact, left.join("\n")]];
    }),
  );

/** Returns the alternative names that an interface has on the lab host, and keeps in a namespace. */
export const altnamesOf = (before: Facts, from: unknown): string[] =>
  [before.get(`altnames host/${String(from)}`) ?? NONE].filter((text) => text !== NONE);

const NONE = "none";
