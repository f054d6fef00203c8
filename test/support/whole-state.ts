import type { Sandbox } from "../../tools/sandbox.ts";

/**
 * Returns the network state of a sandbox as lines, to compare it with that of another one: links, addresses, routes, rules, permanent
 * neighbours, nft rules, VLANs, queueing disciplines and the settings of interfaces, in all namespaces. It leaves out values that differ
 * between two equal labs, such as MAC addresses and indexes.
 */
export async function wholeState(host: Sandbox): Promise<readonly string[]> {
  const names = (await host.run("ls", "/run/netns")).split("\n").filter(Boolean).sort();
  const states = [undefined, ...names].map(async (name) =>
    (await placeState(host, name)).map((line) => `${name ?? "the lab host"}: ${line}`),
  );
  return (await Promise.all(states)).flat();
}

async function placeState(host: Sandbox, name: string | undefined): Promise<readonly string[]> {
  const within = name === undefined ? [] : ["ip", "netns", "exec", name];
  const [program = "", ...words] = [...within, "sh", "-c", SHOW];
  const [links, addresses, routes, routes6, rules, rules6, neighbors, texts = "", sysctls = ""] = (
    await host.run(program, ...words)
  ).split("\n--\n");
  const all = {
    link: parsed(links).map(linkState),
    addresses: parsed(addresses).map(addressesState),
    route: [...parsed(routes), ...parsed(routes6)].filter(isOfProgram).map(routeState),
    rule: [...parsed(rules), ...parsed(rules6)],
    neighbor: parsed(neighbors),
    // The order of rules is part of the state.
    text: [texts.replaceAll(/qdisc (\w+) [0-9a-f]+:/g, "qdisc $1")],
    sysctl: sysctls.trim().split("\n"),
  };
  return Object.entries(all)
    .flatMap(([title, values]) => values.map((value) => `${title} ${JSON.stringify(value)}`))
    .toSorted();
}

// `nft --stateless` leaves out the counters.
const SHOW = `
ip -json -details link show; echo; echo --
ip -json address show; echo; echo --
ip -json -4 route show table all; echo; echo --
ip -json -6 route show table all; echo; echo --
ip -json -4 rule show; echo; echo --
ip -json -6 rule show; echo; echo --
ip -json neigh show nud permanent; echo; echo --
nft --stateless list ruleset; bridge vlan show; tc qdisc show; echo; echo --
sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding net.ipv4.conf.all
for folder in /proc/sys/net/ipv[46]/conf/*; do
  for key in proxy_arp rp_filter forwarding promote_secondaries disable_ipv6 accept_ra mtu; do
    [ -f "$folder/$key" ] && echo "$folder/$key = $(cat "$folder/$key")"
  done
done
true`;

const parsed = (text = ""): any[] => JSON.parse(text.trim() || "[]") as any[];

const linkState = ({ ifname, mtu, flags, master, operstate, ifalias, altnames, group, linkinfo, link }: any) => ({
  ...{ ifname, mtu, flags, master, operstate, ifalias, altnames, group, link, kind: linkinfo?.info_kind },
  data: settingsIn(linkinfo?.info_data),
  port: settingsIn(linkinfo?.info_slave_data),
});

/** Leaves out what follows from MAC addresses, indexes and the time. */
const settingsIn = (data: Readonly<Record<string, unknown>> = {}) =>
  Object.fromEntries(Object.entries(data).filter(([key]) => !/timer|id$|^root|^no$|state|port_no|topology/.test(key)));

const addressesState = ({ ifname, addr_info }: any) => ({
  ifname,
  addresses: addr_info
    .filter(({ scope, family }: any) => scope !== "link" || family === "inet")
    .map(({ valid_life_time: _valid, preferred_life_time: _preferred, ...address }: any) => address),
});

/** Leaves out the routes of link-local addresses, which follow from MAC addresses. */
const isOfProgram = ({ dst, type }: any): boolean => !/^fe80|^ff00/.test(dst) && type !== "multicast";

const routeState = ({ flags, ...route }: any) => ({ ...route, flags: flags.toSorted() });
