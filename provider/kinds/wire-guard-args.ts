import * as v from "valibot";
import { parseIp } from "../cidr.ts";
import { field, group, groups, isUnknown, list } from "../schema.ts";
import { text } from "../value.ts";
import { destination, flag, hostOrNetwork, integer } from "../values.ts";
import { clamped } from "../wire-guard-key.ts";

/** The options of a WireGuard interface that `wg` sets. */
export const wireGuardFields = {
  privateKey: v.optional(field(privateKey(), { secret: true })),
  listenPort: v.optional(field(integer("a UDP port", 1, 65_535, 51_820), { computed: true })),
  fwmark: v.optional(field(integer("a firewall mark", 0, 4_294_967_295, 51_820)), 0),
  peers: v.optional(
    groups(peer(), `a list of peers, e.g. [{ publicKey: other.publicKey, allowedIps: ["10.0.0.2/32"] }]`),
  ),
  routes: v.optional(field(flag()), false),
};

export type WireGuardPeer = v.InferOutput<ReturnType<typeof peer>>;

/** Returns the known networks behind peers, as destinations of routes. */
export const networksOf = (peers: readonly WireGuardPeer[] = []): string[] =>
  peers
    .flatMap(({ allowedIps = [] }) => allowedIps)
    .flatMap((network) => (isUnknown(network) ? [] : v.parse(destination(), network)));

/** Returns why peers cannot be those of one interface; undefined if they can. The kernel would accept them, and keep the last one. */
export function faultOfPeers(peers: readonly WireGuardPeer[]): string | undefined {
  const twice = repeated(peers.map(({ publicKey }) => [publicKey]));
  if (twice !== undefined) return `the peer "${twice.text}" is listed twice: ${twice.at}`;
  const shared = repeated(peers.map(({ allowedIps = [] }) => allowedIps));
  return shared === undefined
    ? undefined
    : `"${shared.text}" is an allowed IP of two peers: ${shared.at}. The kernel would keep it for the last one only`;
}

/** Returns a text that two peers have, and these peers; undefined if there is none. */
function repeated(ofPeers: readonly (readonly string[])[]): { text: string; at: string } | undefined {
  const all = ofPeers.flatMap((texts, index) => texts.map((text) => ({ text, index })));
  const first = (text: string) => all.findIndex((one) => one.text === text);
  const second = all.find(({ text }, at) => !isUnknown(text) && first(text) < at);
  return second && { text: second.text, at: `peers[${all[first(second.text)]?.index}] and peers[${second.index}]` };
}

function peer() {
  return group({
    publicKey: field(key()),
    presharedKey: v.optional(field(key(), { secret: true })),
    allowedIps: v.optional(list(hostOrNetwork(), `a list of networks, e.g. ["10.0.0.2/32"]`)),
    endpoint: v.optional(field(endpoint())),
    persistentKeepalive: v.optional(field(integer("an interval in seconds", 0, 65_535, 25)), 0),
  });
}

/** Declares a private key, in the form in which the kernel shows it. */
function privateKey() {
  return v.pipe(
    key(),
    v.transform((given) => clamped(Buffer.from(given, "base64")).toString("base64")),
  );
}

/** Declares a key of WireGuard. */
function key() {
  return text(`a WireGuard key: 32 bytes in base64, as \`wg genkey\` and \`wg pubkey\` print them`, (given) =>
    given.length === 44 && Buffer.from(given, "base64").toString("base64") === given ? given : undefined,
  );
}

/** Declares an address with a port. A name is not allowed: `wg` would resolve it only once. */
function endpoint() {
  return text(`an address with a port, e.g. "192.168.1.3:51820" or "[fd00::2]:51820"`, (given) => {
    const [, six, four, port] = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)):(\d{1,5})$/i.exec(given) ?? [];
    const address = parseIp(six ?? four ?? "");
    if (address === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
    return six === undefined ? `${address}:${Number(port)}` : `[${address}]:${Number(port)}`;
  });
}
