import { familyOf } from "../../../provider/cidr.ts";
import type { FlatFilter, FlatNeighbor, FlatNexthop, FlatPolicy, FlatRule, FlatShaper } from "./flat.ts";

export const filterText = ({ policy, ports }: Pick<FlatFilter, "policy" | "ports">): string =>
  [`policy ${policy}`, ...ports.map((port) => `drop tcp ${port}`)].join("\n");

export const policyText = ({ priority, from, table }: Omit<FlatPolicy, "at">): string =>
  `${familyOf(from)} ${priority}: from ${from} lookup ${table}`;

export const neighborText = ({ address, lladdr }: Pick<FlatNeighbor, "address" | "lladdr">): string =>
  `${address} ${lladdr}`;

export const nexthopText = ({ nhid, via, link, blackhole, members }: Omit<FlatNexthop, "at">): string =>
  [
    ...[`id ${nhid}`, ...(via === undefined ? [] : [`via ${via}`]), ...(link === undefined ? [] : [`dev ${link}`])],
    ...(blackhole ? ["blackhole"] : []),
    ...(members === undefined ? [] : [`group ${members.map((one) => `${one.nhid},${one.weight}`).join("/")}`]),
  ].join(" ");

/** The qdisc of each kind, as `tc` names it. */
export const QDISCS: Readonly<Record<FlatShaper["type"], string>> = {
  Tbf: "tbf",
  Netem: "netem",
  FqCodel: "fq_codel",
};

export const hookOf = ({ type }: Pick<FlatRule, "type">): string => (type === "dnat" ? "prerouting" : "postrouting");

export const ruleText = ({ type, source, destination, outInterface }: Omit<FlatRule, "at">): string =>
  [
    ...(outInterface === undefined ? [] : [`out ${outInterface}`]),
    ...(source === undefined ? [] : [`from ${[source].flat().join(",")}`]),
    // nft shows a network with a single host as that host.
    ...(destination === undefined ? [] : [`to ${destination.replace(/\/32$/, "")}`]),
    type,
  ].join(" ");

/** Keys that are one setting in the kernel. */
const ALIASES = [["net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding"]];

export const sysctlNames = (name: string): readonly string[] => ALIASES.find((names) => names.includes(name)) ?? [name];

export const hostsText = (
  addresses: Readonly<Record<string, string>> | undefined,
  nameservers: readonly string[] | undefined,
): string =>
  [
    // The engine stores names in its own order.
    ...(addresses === undefined
      ? []
      : [
          "hosts:",
          ...Object.entries(addresses)
            .map(([name, at]) => `${at} ${name}`)
            .sort(),
        ]),
    ...(nameservers === undefined ? [] : ["resolv.conf:", ...nameservers]),
  ].join("\n");
