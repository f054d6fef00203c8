import { familyOf } from "../../../provider/cidr.ts";
import type { Dice } from "./dice.ts";
import { type At, type Flat, type FlatPolicy, linksOf, partsOf } from "./flat.ts";

/** Returns commands that damage a lab, as if by hand. */
export function damageTo(dice: Dice, flat: Flat): string[][] {
  return dice.shuffle(damages(dice, flat)).slice(0, 1 + dice.below(2));
}

function damages(dice: Dice, flat: Flat): string[][] {
  const link = dice.pick(linksOf(flat));
  const isHardware = flat.devices.some((one) => one === link && one.type === "Nic");
  const namespace = dice.pick(flat.namespaces);
  const port = dice.pick(linksOf(flat).filter(({ master }) => master !== undefined));
  const ruled = dice.pick([...flat.rules, ...flat.filters]);
  const policy = dice.pick(flat.policies);
  const neighbor = dice.pick(flat.neighbors);
  const shaped = dice.pick(flat.shapers);
  const hop = dice.pick(flat.nexthops);
  const setting = dice.pick(flat.sysctls.filter(({ name }) => !name.includes("ttl")));
  return [
    ...(namespace === undefined ? [] : [deletionOf(namespace.name, flat)]),
    ...(link === undefined
      ? []
      : [
          ...(isHardware ? [] : [deleteLink(link.at, link.name)]),
          ipAt(link.at, "link", "set", "dev", link.name, "mtu", "1280"),
          ipAt(link.at, "link", "set", "dev", link.name, "down"),
          ipAt(link.at, "address", "flush", "dev", link.name),
          ipAt(link.at, "route", "flush", "proto", "201"),
          ipAt(link.at, "link", "set", "dev", link.name, "address", "02:00:00:00:00:77"),
          ...(link.altname === undefined
            ? []
            : [ipAt(link.at, "link", "property", "del", "dev", link.name, "altname", link.altname)]),
        ]),
    ...(port === undefined ? [] : [ipAt(port.at, "link", "set", "dev", port.name, "nomaster")]),
    ...(ruled === undefined ? [] : [inPlace(ruled.at, "nft", "flush", "ruleset")]),
    ...(policy === undefined ? [] : [deletePolicy(policy)]),
    ...(neighbor === undefined ? [] : [ipAt(neighbor.at, "neigh", "del", neighbor.address, "dev", neighbor.link)]),
    ...(hop === undefined ? [] : [ipAt(hop.at, "nexthop", "del", "id", String(hop.nhid))]),
    ...(shaped === undefined
      ? []
      : [
          tc(shaped.at, "qdisc", "del", "dev", shaped.link, "root"),
          tc(shaped.at, ..."qdisc replace dev".split(" "), shaped.link, ..."root handle 1: tbf".split(" "), ...SLOW),
        ]),
    ...(setting === undefined
      ? []
      : [inPlace(setting.at, "sysctl", "-qw", `${setting.name}=${setting.value === "1" ? "0" : "1"}`)]),
  ];
}

/** Returns the command that deletes a namespace. The kernel moves hardware back to the lab host, down and with its name in the namespace. */
function deletionOf(at: string, { devices }: Flat): string[] {
  const lent = devices.filter((one) => one.type === "Nic" && one.at === at).map(({ name }) => name);
  return lent.length === 0 ? deleteNamespace(at) : ["sh", "-c", DELETE, "sh", at, ...lent];
}

const DELETE = `at=$1; shift
for link; do
  for name in "$link" dev77 dev78 dev79; do
    ip -n "$at" link set dev "$link" name "$name" down nomaster netns $$ && break
  done
done
ip netns delete "$at"`;

const deletePolicy = ({ at, priority, from, table }: FlatPolicy): string[] =>
  ipAt(
    at,
    ...(familyOf(from) === "inet6" ? ["-6"] : []),
    "rule",
    "del",
    "priority",
    String(priority),
    "from",
    from,
    "lookup",
    String(table),
  );

/** Returns the command of `ip` in a place. */
export const ipAt = (at: At, ...words: string[]): string[] => withOption(at, "ip", words);

const tc = (at: At, ...words: string[]): string[] => withOption(at, "tc", words);

function withOption(at: At, program: string, words: readonly string[]): string[] {
  const { lab, namespace } = partsOf(at);
  return onLabHost(lab, [program, ...(namespace === undefined ? [] : ["-n", namespace]), ...words]);
}

const SLOW = "rate 77mbit burst 400kb latency 50ms".split(" ");

/** Returns the command that runs a program in a place. */
export function inPlace(at: At, ...words: string[]): string[] {
  const { lab, namespace } = partsOf(at);
  return onLabHost(lab, [...(namespace === undefined ? [] : ["ip", "netns", "exec", namespace]), ...words]);
}

/** Returns the command that deletes a namespace, which is given as a place. */
export function deleteNamespace(at: At): string[] {
  const { lab, namespace = "" } = partsOf(at);
  return onLabHost(lab, ["ip", "netns", "delete", namespace]);
}

export const deleteLink = (at: At, name: string): string[] => ipAt(at, "link", "delete", "dev", name);

const onLabHost = (lab: string | undefined, words: readonly string[]): string[] => [
  ...(lab === undefined ? [] : ["ssh", lab]),
  ...words,
];
