import { familyOf, parseIp } from "../provider/cidr.ts";
import { isUnknown } from "../provider/schema.ts";
import type { Headers } from "../provider/tunnel-headers.ts";
import type { Known } from "./known.ts";
import { host, type Net, net } from "./net.ts";

/** The ends of a tunnel, and what its packets add to those that they carry. */
export interface TunnelEnds {
  readonly local: Known<string> | undefined;
  /** The addresses of the other ends. */
  readonly remotes: readonly Known<string>[];
  /** The size of the header, in bytes. */
  readonly header: number;
  /** The public key, for an encrypted tunnel. */
  readonly publicKey: Known<string> | undefined;
  /** The peers of an encrypted tunnel, by their public keys. */
  readonly peers: readonly TunnelPeer[];
}

export interface TunnelPeer {
  readonly publicKey: Known<string>;
  /** The address and the port of the peer; undefined if it is learned. */
  readonly endpoint: Known<string> | undefined;
  /** The networks behind the peer. */
  readonly allowedIps: readonly Known<string>[];
}

/** Returns the size of the header of a `Tunnel` in its mode. */
export function tunnelHeaders(args: Args): Headers {
  // A sent packet has the key of its direction.
  const key = args["okey"] ?? args["key"];
  const options = [key, args["csum"], args["seq"]].filter((given) => (given ?? false) !== false).length;
  const mode = String(args["mode"]);
  const inner = mode.endsWith("gretap") ? 18 : mode.endsWith("gre") ? 4 : 0;
  const withOptions = inner === 0 ? 0 : inner + 4 * options;
  const limit = (args["encaplimit"] ?? "none") === "none" ? 0 : 8;
  return { inet: 20 + withOptions, inet6: 40 + withOptions + limit };
}

/** Reads the ends of a tunnel from its arguments. */
export function tunnelEnds(args: Args, headers: Headers) {
  const peers = listOf(args["peers"]).map((peer): TunnelPeer => {
    const { publicKey, endpoint, allowedIps } = recordOf(peer);
    const networks = listOf(allowedIps).map((network) => textOf(network) ?? null);
    return { publicKey: textOf(publicKey) ?? null, endpoint: textOf(endpoint), allowedIps: networks };
  });
  const remotes = [
    ...[args["remote"]].filter((one) => one !== undefined),
    ...listOf(args["flood"]),
    ...peers.flatMap(({ endpoint }) => (endpoint === undefined ? [] : [addressOf(endpoint)])),
  ].map((one) => textOf(one) ?? null);
  const local = textOf(args["local"]);
  const known = [local, ...remotes].find((one) => typeof one === "string");
  const family = typeof known === "string" && parseIp(known) !== undefined ? familyOf(known) : "inet";
  return {
    ...{ local, remotes, peers, header: headers[family] },
    publicKey: textOf(args["publicKey"]),
  } satisfies TunnelEnds;
}

/** Returns the destinations of the routes that a WireGuard interface adds: the networks behind its peers. */
export const peerNetworks = ({ routes, peers }: Args): readonly Known<string>[] =>
  routes === true
    ? listOf(peers)
        .flatMap((peer) => listOf(recordOf(peer)["allowedIps"]))
        .map((network) => textOf(network) ?? null)
    : [];

/** Returns the networks behind all peers; undefined if one of them is not known. */
export function networksBehind({ peers }: Pick<TunnelEnds, "peers">): readonly Net[] | undefined {
  const texts = peers.flatMap(({ publicKey, allowedIps }) => (publicKey === null ? [null] : allowedIps));
  const networks = texts.map((text) => net(text ?? "") ?? host(text ?? ""));
  return networks.every((network) => network !== undefined) ? networks : undefined;
}

/** Returns the address of an endpoint, without its port. */
export const addressOf = (endpoint: Known<string>): Known<string> =>
  endpoint?.replace(/:\d+$/, "").replaceAll(/[[\]]/g, "") ?? null;

type Args = Readonly<Record<string, unknown>>;

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [null];

const recordOf = (value: unknown): Args => (typeof value === "object" && value !== null ? (value as Args) : {});

/** Returns a text; null if it is not known, undefined if it is omitted. */
const textOf = (value: unknown): Known<string> | undefined =>
  value === undefined ? undefined : typeof value === "string" && !isUnknown(value) ? value : null;
