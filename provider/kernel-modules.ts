/** Returns the module of the kernel that has a kind of links, by the kind's name in `ip`. */
export const linkModule = (device: string): string => LINK_MODULES[device] ?? device;

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
