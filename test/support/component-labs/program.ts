import {
  Address,
  Bridge,
  Host,
  Lan,
  type LanHost,
  Link,
  NatRule,
  Route,
  Router,
  type RouterArgs,
  Sysctl,
  Trunk,
} from "../../../sdk/index.ts";
import type { ComponentLab, Extra, LabNodeOf, LanOf, LinkOf } from "./lab.ts";

/**
 * Declares the resources of a lab.
 *
 * @param isFull Whether the kernel has VLANs and netem.
 */
export function declare({ nodes, lans, links, extras }: ComponentLab, isFull: boolean): void {
  const all = new Map(nodes.map((node) => [node.name, nodeOf(node)]));
  const bridge =
    isFull && lans.some(({ tag }) => tag !== undefined) ? new Bridge("shared", { vlanFiltering: true }) : undefined;
  for (const lan of lans) addLan(lan, all, bridge, isFull);
  const trunkOf = trunks();
  for (const link of links) {
    const [a, b] = link.ends.map((name) => all.get(name));
    if (a === undefined || b === undefined) continue;
    const isFirst = isFirstWay(link, lans, links);
    const cable = addLink(isFirst ? link : { ...link, gateway: undefined }, [a, b], isFull ? trunkOf : undefined);
    for (const [index, extra] of extras.entries()) {
      if (extra.link !== link.number) continue;
      const node = { a, b }[extra.end];
      const others = links.filter(({ number, ends }) => number === extra.value && !ends.includes(node.name));
      const elsewhere = others.map(({ number }) => `10.9.${number}.0/30`).at(0);
      addExtra(`extra${index}`, extra, { node, link: cable, elsewhere });
    }
  }
}

/** Returns whether no LAN, and no link before, gives the other end of a link's gateway a default route: that would be an error. */
function isFirstWay(link: LinkOf, lans: readonly LanOf[], links: readonly LinkOf[]): boolean {
  const routed = ({ ends, gateway }: LinkOf) => gateway && ends[gateway === "a" ? 1 : 0];
  const node = routed(link);
  const before = links.slice(0, links.indexOf(link));
  return (
    !lans.some(({ members }) => members.some((name) => name === node)) && !before.some((one) => routed(one) === node)
  );
}

type Node = Host | Router;

function nodeOf({ name, namespace, router }: LabNodeOf): Node {
  const args: RouterArgs = { ...(namespace !== undefined && { name: namespace }), ...router };
  return router === undefined ? new Host(name, args) : new Router(name, args);
}

function addLan(lan: LanOf, all: ReadonlyMap<string, Node>, bridge: Bridge | undefined, isFull: boolean): void {
  const { number, networks, gateways, hosts, members, mtu, tag, netem, isPaired } = lan;
  const router = all.get(lan.router ?? "");
  const [first, second] = hosts.map(({ name }) => `${name}-${number}`);
  new Lan(`lan${number}`, {
    networks: networks.map(
      (network) => [`10.${number}.0.0/24`, `fd00:${number}::/64`, `10.${number}.8.0/24`][network] ?? "",
    ),
    ...(gateways === "none" && { gateways: [] }),
    ...(gateways === "last" && {
      gateways: networks.map(
        (network) => [`10.${number}.0.254`, `fd00:${number}::fe`, `10.${number}.8.254`][network] ?? "",
      ),
    }),
    ...(router instanceof Router && { router }),
    hosts: hosts.map(
      ({ name, address, interface: link }): LanHost => ({
        name: `${name}-${number}`,
        ...(address !== undefined && networks.includes(0) && { addresses: [`10.${number}.0.${address}`] }),
        ...(link !== undefined && { interface: link }),
      }),
    ),
    members: members.flatMap((name) => (name === lan.router ? [] : (all.get(name) ?? []))),
    ...(mtu !== undefined && { mtu }),
    ...(bridge !== undefined && tag !== undefined && { bridge, vlan: tag }),
    ...(isFull && netemOf(netem)),
    ...(isFull &&
      isPaired &&
      networks.includes(0) &&
      first !== undefined &&
      second !== undefined && { pairs: [{ from: first, to: second, netem: { delay: 30 } }] }),
  });
}

function addLink(link: LinkOf, [a, b]: readonly [Node, Node], trunkOf: ReturnType<typeof trunks> | undefined): Link {
  const { number, networks, gateway, isNamed, hasAddresses, mtu, tag, isOnTrunk, netem, isOneWay } = link;
  const isTagged = trunkOf !== undefined && tag !== undefined;
  const { netem: impaired } = netemOf(trunkOf === undefined ? 0 : netem);
  return new Link(`link${number}`, {
    ...{ a, b },
    networks: networks.map(
      (network) => [`10.9.${number}.0/30`, `fd00:9:${number}::/64`, `10.99.${number}.0/31`][network] ?? "",
    ),
    ...(gateway !== undefined && networks.length > 0 && { gateway }),
    ...(isNamed && { interfaces: { a: `if${number}`, b: `if${number}` } }),
    ...(hasAddresses && { addresses: { a: [`172.16.${number}.1/24`], b: [`172.16.${number}.2/24`] } }),
    ...(mtu !== undefined && { mtu }),
    ...(isTagged && { vlan: tag, ...(isOnTrunk && { trunk: trunkOf(a, b) }) }),
    ...(impaired && { netem: isOneWay ? { a: impaired } : impaired }),
  });
}

const netemOf = (number: number) =>
  [{}, { netem: { delay: 5 } }, { netem: { delay: 10, jitter: 2, loss: 1 } }, { netem: { rate: "10mbit" } }][number] ??
  {};

/** Returns a function that returns the trunk between two nodes, which it creates when it is first asked for. */
function trunks(): (a: Node, b: Node) => Trunk {
  const known = new Map<string, Trunk>();
  return (a, b) => {
    const name = ["trunk", ...[a.name, b.name].sort()].join("-");
    const trunk = known.get(name) ?? new Trunk(name, { a, b, vlans: ["10-25"] });
    known.set(name, trunk);
    return trunk;
  };
}

/** The place of an {@link Extra}, and the network of a link that does not end there. */
interface Site {
  readonly node: Node;
  readonly link: Link;
  readonly elsewhere: string | undefined;
}

function addExtra(name: string, { kind, end, value }: Extra, { node, link, elsewhere }: Site): void {
  const { namespace } = node;
  const at = { namespace, interface: link[end] };
  const key = [
    "net.ipv4.conf.{interface}.proxy_arp",
    "net.ipv4.conf.{interface}.rp_filter",
    "net.ipv6.conf.{interface}.accept_ra",
  ];
  const keyOfAll = ["net.ipv4.conf.all.arp_filter", "net.ipv4.conf.all.log_martians", "net.ipv4.conf.all.shared_media"];
  const kinds: Readonly<Record<Extra["kind"], () => unknown>> = {
    address: () => new Address(name, { ...at, address: `10.5${name.at(-1)}.${value}.1/24` }),
    nat: () =>
      new NatRule(name, { namespace, type: "masquerade", outInterface: link[end].name, priority: 100 + value }),
    // In another program, the network may be that of a link here: the kernel's route to it is in the way until the link is deleted.
    route: () => new Route(name, { ...at, destination: elsewhere ?? `10.60.${value}.0/24` }),
    sysctl: () => new Sysctl(name, { ...at, key: key[value] ?? "", value: 1 }),
    "sysctl of all": () => new Sysctl(name, { namespace, key: keyOfAll[value] ?? "", value: 1 }),
  };
  kinds[kind]();
}
