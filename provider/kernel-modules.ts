/** Returns the module of the kernel that has a kind of links, by the kind's name in `ip`. */
export const linkModule = (device: string): string => LINK_MODULES[device] ?? device;

/** Returns the module of the part of traffic control that a command of `tc` lacks; undefined if its answer names none. */
export const missingTcModule = (args: readonly string[], said: string): string | undefined =>
  MISSING_IN_TC.find(([pattern]) => pattern.test(said))?.[1](args);

/** The modules that the kinds of links need, by the name of the kind in `ip`; docs/kernel.md names the same. */
export const LINK_MODULES: Readonly<Record<string, string>> = {
  bond: "bonding",
  bridge: "bridge",
  dummy: "dummy",
  geneve: "geneve",
  gre: "ip_gre",
  gretap: "ip_gre",
  ifb: "ifb",
  ip6gre: "ip6_gre",
  ip6gretap: "ip6_gre",
  ip6tnl: "ip6_tunnel",
  ipip: "ipip",
  ipvlan: "ipvlan",
  macvlan: "macvlan",
  macvtap: "macvtap",
  sit: "sit",
  veth: "veth",
  vlan: "8021q",
  vrf: "vrf",
  vxlan: "vxlan",
  wireguard: "wireguard",
};

/** Errors of `tc` about a missing part of the kernel, with its module by the words of the command. */
const MISSING_IN_TC: readonly (readonly [RegExp, (args: readonly string[]) => string])[] = [
  [
    /qdisc kind is unknown/i,
    (args) => `sch_${args[args.includes("handle") ? args.indexOf("handle") + 2 : args.indexOf("root") + 1]}`,
  ],
  [/tc classifier not found/i, (args) => (args.includes("flower") ? "cls_flower" : "cls_u32")],
  [/failed to load tc action module/i, () => "act_mirred"],
];
