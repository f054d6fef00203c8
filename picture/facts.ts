import type { ResourceView } from "../inspect/stack.ts";
import { destinationTexts, impairmentText } from "../lab/impairment-text.ts";
import { isUnknown } from "../provider/schema.ts";
import type { Icon } from "./icon.ts";

/** A line of text about a resource: its subject and its description. */
export interface Fact {
  readonly label: string;
  readonly text: string;
  readonly icon?: Icon | undefined;
}

/** The kinds that a picture shows by the names of their resources, because their descriptions are long. */
export const SHOWN_BY_NAME: readonly string[] = ["Process", "Command"];

/** Describes a resource that is not a link, in the terms of common network tools. */
export function factOf(type: string, inputs: ResourceView["inputs"]): Fact {
  return (FACTS[type] ?? generic)(inputs, type);
}

/** Returns an argument as text; a value that only an `up` determines becomes a question mark. */
export const text = (value: unknown): string =>
  value === undefined || value === null || isUnknown(value)
    ? "?"
    : typeof value === "string"
      ? value
      : JSON.stringify(value);

/** Returns a value with a question mark for each part that only an `up` determines. */
export function withoutUnknown(value: unknown): unknown {
  if (isUnknown(value)) return text(value);
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutUnknown(one)]));
}

const FACTS: Readonly<Record<string, (inputs: ResourceView["inputs"], type: string) => Fact>> = {
  Address: ({ address, peer }) => ({ label: "address", text: words([text(address)], ["peer", peer]) }),
  Route: ({
    type = "unicast",
    destination,
    via,
    interface: link,
    nexthops,
    nhid,
    source,
    metric = 0,
    table = 254,
  }) => ({
    label: "route",
    text: words(
      [type === "unicast" ? "" : text(type), text(destination)],
      ["", hop({ via, interface: link })],
      ["", Array.isArray(nexthops) ? nexthops.map(hop).join(", ") : nexthops],
      ["nhid", nhid],
      ["src", source],
      ["metric", metric === 0 || metric === 1024 ? undefined : metric],
      ["table", table === 254 ? undefined : table],
    ),
  }),
  Nexthop: ({ nhid, via, interface: link, blackhole, group }) => ({
    label: "nexthop",
    text: words(
      [text(nhid), blackhole === true ? "blackhole" : ""],
      ["via", via],
      ["dev", link],
      ["group", Array.isArray(group) ? group.map((member: { nhid?: unknown }) => text(member.nhid)).join("/") : group],
    ),
  }),
  RoutingRule: ({ priority, not, from, to, iif, oif, fwmark, fwmask, type = "unicast", table, ...more }) => ({
    label: "rule",
    text: words(
      [`${text(priority)}:`, not === true ? "not" : ""],
      ["from", from],
      ["to", to],
      ["iif", iif],
      ["oif", oif],
      ["fwmark", fwmask === undefined ? fwmark : `${text(fwmark)}/${text(fwmask)}`],
      ["ipproto", more["ipproto"]],
      ["sport", more["sport"]],
      ["dport", more["dport"]],
      ["uidrange", more["uidrange"]],
      type === "unicast" ? ["table", table] : ["", type],
      ["suppress_prefixlength", more["suppressPrefixlength"]],
    ),
  }),
  NatRule: (given) => ({
    label: "nat",
    text: words(
      [given["exclude"] === true ? `no ${text(given["type"])}` : text(given["type"])],
      ["", joined(given["protocol"])],
      ["from", endpoint(given["source"], given["sourcePort"])],
      ["to", endpoint(given["destination"], given["destinationPort"])],
      ["in", joined(given["inInterface"])],
      ["out", joined(given["outInterface"])],
      ["→", endpoint(given["toAddress"], given["toPort"])],
    ),
  }),
  Neighbor: ({ address, interface: link, lladdr, proxy }) => ({
    label: "neighbour",
    text: words([text(address)], ["dev", link], ["lladdr", lladdr], ["", proxy === true ? "proxy" : undefined]),
  }),
  FdbEntry: ({ lladdr, interface: link, vlan, dst, srcVni }) => ({
    label: "fdb",
    text: words([text(lladdr)], ["dev", link], ["vlan", vlan], ["dst", dst], ["src_vni", srcVni]),
  }),
  Netem: impairment("netem"),
  Tbf: impairment("tbf"),
  FqCodel: ({ interface: link, limit, target, flows }) => ({
    label: "fq_codel",
    text: words([`${text(link)}:`], ["limit", limit], ["target", target], ["flows", flows]),
  }),
  FilterChain: ({ chain, policy = "accept", priority = 0, rules = [] }) => ({
    label: "filter",
    icon: "shield",
    text: `${words([text(chain)], ["priority", priority === 0 ? undefined : priority])}: ${[...(Array.isArray(rules) ? [`${rules.length} rule${rules.length === 1 ? "" : "s"}`] : [text(rules)]), `then ${text(policy)}`].join(", ")}`,
  }),
  Sysctl: ({ key, value }) => ({ label: "sysctl", text: `${text(key)} = ${text(value)}` }),
  Process: ({ command }) => ({ label: "process", text: list(command).join(" ") }),
  Command: ({ create }) => ({ label: "command", text: list(create).join(" ") }),
  Hosts: ({ addresses = {}, nameservers }) => ({
    label: "hosts",
    text: [
      ...(typeof addresses === "object"
        ? Object.entries(addresses ?? {}).map(([name, given]) => [name, ...list(given)].join(" "))
        : [text(addresses)]),
      ...(nameservers === undefined ? [] : [["nameserver", ...list(nameservers)].join(" ")]),
    ].join(", "),
  }),
};

/** Returns the impairments of the packets of an interface as text: of all packets, then of those to some destinations. */
export function impairmentLine(options: object): string | undefined {
  const [all, others] = [impairmentText({ ...options }), destinationTexts({ ...options })];
  const parts = [
    ...(all === undefined ? [] : [all]),
    ...others.flatMap(({ to, text: what }) => {
      const hosts = to.map((network) => endpoint(network, undefined) ?? "").join(", ");
      return what === undefined ? [] : [`${what} to ${hosts}`];
    }),
  ];
  return parts.length === 0 ? undefined : parts.join("; ");
}

/** Describes a resource of a queueing discipline that impairs the packets of an interface. */
function impairment(label: string): (inputs: ResourceView["inputs"]) => Fact {
  return ({ interface: link, direction, ...options }) => {
    const where = direction === "ingress" ? `${text(link)} in` : text(link);
    return { label, icon: "funnel", text: `${where}: ${impairmentLine(options) ?? "nothing"}` };
  };
}

/** Returns a next hop as text: its gateway, or its interface without one. */
function hop(given: unknown): string {
  if (typeof given !== "object" || given === null) return text(given);
  const { via, interface: link, weight }: { via?: unknown; interface?: unknown; weight?: unknown } = given;
  return words(
    [],
    ["via", via],
    ["dev", via === undefined ? link : undefined],
    ["weight", weight === 1 ? undefined : weight],
  );
}

/** Returns the items of a list as text; a list that is secret or unknown as a whole becomes one item. */
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(text) : [text(value)]);

/** Returns the fact of a kind without a description of its own: its arguments, unchanged. */
const generic = (inputs: ResourceView["inputs"], type: string): Fact => ({
  label: type.toLowerCase(),
  text: Object.entries(inputs)
    .filter(([key]) => !key.startsWith("__") && key !== "namespace")
    .map(([key, value]) => `${key} ${text(value)}`)
    .join(", "),
});

function words(first: readonly string[], ...rest: readonly (readonly [string, unknown])[]): string {
  const given = rest.flatMap(([word, value]) => (value === undefined ? [] : [word, text(value)]));
  return [...first, ...given].filter((word) => word !== "").join(" ");
}

/** Returns an argument that is one value or a list of them as text, with commas; undefined if it is omitted. */
const joined = (value: unknown): string | undefined => (value === undefined ? undefined : list(value).join(","));

/** Returns addresses and ports as text; undefined without both. */
function endpoint(address: unknown, port: unknown): string | undefined {
  const hosts = address === undefined ? [] : list(address).map((one) => ONE_HOST.exec(one)?.[1] ?? one);
  if (port === undefined) return address === undefined ? undefined : hosts.join(",");
  return `${hosts.map((host) => (host.includes(":") ? `[${host}]` : host)).join(",")}:${joined(port)}`;
}

/** A network with a single address is a host, usually written without its prefix length. */
const ONE_HOST = /^([\d.]+(?=\/32$)|[\da-f:.]*:[\da-f:.]*(?=\/128$))/;
