import * as v from "valibot";
import { faultOfHost } from "../address-faults.ts";
import { isHost, parseIp } from "../cidr.ts";
import { formatValue } from "../format-value.ts";
import { faultOfListInText } from "../list-in-text.ts";
import { isUnknown } from "../schema.ts";
import { ip, value } from "../values.ts";

/** The texts of the two files for name resolution. */
export interface HostsFiles {
  readonly hosts?: string | undefined;
  readonly "resolv.conf"?: string | undefined;
}

/** Host names, each with one or more addresses. */
export type AddressBook = Readonly<Record<string, string | readonly string[]>>;

/** Declares the addresses of hosts by name, in normal form: a single address is not a list. */
export const addressBook = () =>
  value(
    {
      what: "a map from host names to addresses",
      rules: `, e.g. { "web": "10.0.0.80", "db": ["10.0.0.5", "fd00::5"] }`,
      fault: (given) => (isMap(given) ? faultOfBook(given) : undefined),
    },
    (given) => {
      if (!isMap(given)) return undefined;
      const entries = Object.entries(given).map(([name, addresses]) => [name, oneOrMore(addresses)] as const);
      const right = entries.every(([name, addresses]) => isHostName(name) && addresses !== undefined);
      return right ? (Object.fromEntries(entries) as AddressBook) : undefined;
    },
  );

/** Declares a list of host addresses; an empty list counts as absent. */
export const addressList = () =>
  v.pipe(
    value(
      {
        what: "a list of name server addresses",
        rules: `, e.g. ["10.0.0.1", "fd00::1"]`,
        fault: (given) => (Array.isArray(given) ? faultOfAddresses(given) : faultOfListInText(given, ip())),
      },
      (given) => {
        const list = Array.isArray(given) ? given.map(hostAddress) : [undefined];
        return list.every((address) => address !== undefined) ? list : undefined;
      },
    ),
    v.transform((list) => (list.length === 0 ? undefined : list)),
  );

/** Returns why a map is not one from host names to addresses, by its first entry that is wrong. */
function faultOfBook(given: Readonly<Record<string, unknown>>): string | undefined {
  const faults = Object.entries(given).map(([name, addresses]) => {
    if (!isHostName(name)) return `${formatValue(name)} is not a host name`;
    if (!Array.isArray(addresses)) return faultOfAddresses([addresses], ` of ${name}`);
    return addresses.length === 0 ? `${name} has no address; leave it out` : faultOfAddresses(addresses, ` of ${name}`);
  });
  return faults.find((fault) => fault !== undefined);
}

/** Returns why the first wrong one of several values is not a host address. */
function faultOfAddresses(all: readonly unknown[], ofName = ""): string | undefined {
  const at = all.findIndex((given) => hostAddress(given) === undefined);
  if (at === -1) return undefined;
  const given = all[at];
  const list = faultOfListInText(given, ip());
  if (list !== undefined) return list;
  const why = typeof given === "string" ? faultOfHost(given) : undefined;
  return `${formatValue(given)}${ofName} is not a host address${why === undefined ? "" : `: ${why}`}`;
}

const isMap = (given: unknown): given is Readonly<Record<string, unknown>> =>
  typeof given === "object" && given !== null && !Array.isArray(given);

function oneOrMore(addresses: unknown): string | readonly string[] | undefined {
  const list = (Array.isArray(addresses) ? addresses : [addresses]).map(hostAddress);
  const [first] = list;
  if (!list.every((address) => address !== undefined) || first === undefined) return undefined;
  return list.length === 1 ? first : list;
}

function hostAddress(given: unknown): string | undefined {
  if (typeof given !== "string" || isUnknown(given)) return isUnknown(given) ? String(given) : undefined;
  const address = parseIp(given);
  return address !== undefined && isHost(address) ? address : undefined;
}

const isHostName = (name: string): boolean =>
  name.length <= 253 && /^[A-Za-z0-9_](?:[\w-]{0,61}\w)?(?:\.[A-Za-z0-9_](?:[\w-]{0,61}\w)?)*$/.test(name);

/** Returns the wanted texts of the files; undefined for a file that should not exist. */
export function spell(
  { addresses, nameservers }: { addresses?: AddressBook | undefined; nameservers?: readonly string[] | undefined },
  mark: string,
): HostsFiles {
  const lines = Object.entries(addresses ?? {}).flatMap(([name, its]) =>
    [its].flat().map((address) => `${address}\t${name}`),
  );
  return {
    hosts: addresses && fileOf(mark, [...LOOPBACK, ...lines]),
    "resolv.conf":
      nameservers &&
      fileOf(
        mark,
        nameservers.map((address) => `nameserver ${address}`),
      ),
  };
}

/** Returns the mark in the first line of a file; undefined if there is none. */
export const markIn = (text: string | undefined): string | undefined =>
  /^# (pulumi-netns:\S+)$/m.exec(text?.split("\n")[0] ?? "")?.[1];

/** Parses a hosts file, without the lines that every hosts file has. */
export function parseHosts(text: string): AddressBook {
  const book = new Map<string, string[]>();
  for (const line of linesOf(text).filter((line) => !LOOPBACK.includes(line))) {
    const [address = "", ...names] = line.split(/\s+/);
    for (const name of names) book.set(name, [...(book.get(name) ?? []), address]);
  }
  return Object.fromEntries([...book].map(([name, addresses]) => [name, oneOrMore(addresses) ?? addresses]));
}

/** Parses the name servers in a resolv.conf. */
export const parseServers = (text: string): string[] =>
  linesOf(text).flatMap((line) => /^nameserver\s+(\S+)/.exec(line)?.[1] ?? []);

const fileOf = (mark: string, lines: readonly string[]): string => `${[`# ${mark}`, ...lines].join("\n")}\n`;

const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "");

/** The lines for localhost, which every hosts file has. */
const LOOPBACK = ["127.0.0.1\tlocalhost", "::1\tlocalhost"];
