import type { ResourceView } from "../inspect/stack.ts";
import { isUnknown } from "../provider/schema.ts";

/** One line that tells of a resource: what it is about, and what it says. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** Tells of a resource that is no link, in the words of the tools that network people know. */
export function factOf(type: string, inputs: ResourceView["inputs"]): Fact {
  return (FACTS[type] ?? generic)(inputs, type);
}

/** What a program gave, as text; what only an `up` will tell is a question mark. */
export const text = (value: unknown): string =>
  value === undefined || value === null || isUnknown(value)
    ? "?"
    : typeof value === "string"
      ? value
      : JSON.stringify(value);

/** A value with a question mark for each part that only an `up` will tell. */
export function withoutUnknown(value: unknown): unknown {
  if (isUnknown(value)) return text(value);
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutUnknown(one)]));
}

const FACTS: Readonly<Record<string, (inputs: ResourceView["inputs"], type: string) => Fact>> = {
  Address: ({ address, peer }) => ({ label: "address", text: words([text(address)], ["peer", peer]) }),
  Route: ({ type = "unicast", destination, via, interface: link, source, metric = 0, table = 254 }) => ({
    label: "route",
    text: words(
      [type === "unicast" ? "" : text(type), text(destination)],
      ["via", via],
      ["dev", via === undefined ? link : undefined],
      ["src", source],
      ["metric", metric === 0 || metric === 1024 ? undefined : metric],
      ["table", table === 254 ? undefined : table],
    ),
  }),
  NatRule: (given) => ({
    label: "nat",
    text: words(
      [text(given["type"])],
      ["", given["protocol"]],
      ["from", endpoint(given["source"], given["sourcePort"])],
      ["to", endpoint(given["destination"], given["destinationPort"])],
      ["in", given["inInterface"]],
      ["out", given["outInterface"]],
      ["→", endpoint(given["toAddress"], given["toPort"])],
    ),
  }),
  Sysctl: ({ key, value }) => ({ label: "sysctl", text: `${text(key)} = ${text(value)}` }),
  Process: ({ command }) => ({ label: "process", text: list(command).join(" ") }),
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

/** A list, or all that is known of one: that it is a secret, or that only an up will tell. */
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(text) : [text(value)]);

/** A kind that the picture has no words for: its arguments as they are. */
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

function endpoint(address: unknown, port: unknown): string | undefined {
  const [, host = text(address)] = ONE_HOST.exec(text(address)) ?? [];
  if (port === undefined) return address === undefined ? undefined : host;
  return `${address === undefined ? "" : host.includes(":") ? `[${host}]` : host}:${text(port)}`;
}

/** A network of one is a host, and people write it without the length of its prefix. */
const ONE_HOST = /^([\d.]+(?=\/32$)|[\da-f:.]*:[\da-f:.]*(?=\/128$))/;
