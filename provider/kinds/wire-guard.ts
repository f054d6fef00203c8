import { exclusiveClaims } from "../claims.ts";
import { type PeerDump, removePeer, showWireGuard, syncWireGuard } from "../kernel/tools/wg.ts";
import { placeId } from "../kind.ts";
import { withHelp } from "../message.ts";
import type { Plan } from "../plan.ts";
import { isUnknown, rule } from "../schema.ts";
import { newPrivateKey, publicKeyOf } from "../wire-guard-key.ts";
import type { LinkPlace } from "./link.ts";
import { linkKindWithoutMac } from "./link-kind.ts";
import { apart, type OptionArgs } from "./link-option.ts";
import type { LinkKindArgs } from "./link-spec.ts";
import { underlayOf, underlayOption } from "./link-underlay.ts";
import { faultOfPeers, networksOf, type WireGuardPeer, wireGuardFields } from "./wire-guard-args.ts";

const { privateKey, listenPort, fwmark, peers, routes } = wireGuardFields;
const options = {
  privateKey: apart(privateKey),
  listenPort: apart(listenPort),
  fwmark: apart(fwmark),
  peers: apart(peers),
  routes: apart(routes),
  ...underlayOption(),
};

interface Configuration extends LinkPlace {
  readonly privateKey?: string | undefined;
  readonly listenPort?: number | undefined;
  readonly fwmark: number;
  readonly peers?: readonly WireGuardPeer[] | undefined;
}

export const wireGuard = linkKindWithoutMac({
  type: "WireGuard",
  device: "wireguard",
  options,
  // Nothing shows the underlay. With the namespace of its underlay, a tunnel loses its carrier for ever.
  unseen: (_data, { flags }) => (flags.includes("NO-CARRIER") ? [] : ["underlay"]),
  destinations: ({ routes: areRouted, peers: all }) => (areRouted ? networksOf(all) : undefined),
  settings: {
    async observe(kernel, wanted) {
      const seen = await showWireGuard(kernel, wanted.namespace, wanted.name);
      if (seen === undefined) return {};
      const all = inOrderOf(wanted.peers ?? [], seen.peers);
      return {
        ...(seen.privateKey !== undefined && { privateKey: seen.privateKey }),
        listenPort: seen.listenPort,
        fwmark: seen.fwmark,
        ...(all.length > 0 && { peers: all }),
      };
    },
    plan: configure,
  },
  rules: [
    rule<OptionArgs<typeof options>, "peers">(["peers"], ({ peers: all = [] }) => {
      const why = faultOfPeers(all);
      return why === undefined ? undefined : { at: "peers", why };
    }),
    rule<OptionArgs<typeof options>, "peers" | "privateKey">(
      ["peers", "privateKey"],
      ({ peers: all = [], privateKey: own = "" }) => {
        const index = own === "" ? -1 : all.findIndex((peer) => peer.publicKey === publicKeyOf(own));
        const why = `peers[${index}].publicKey is the public key of the interface itself; the kernel would ignore the peer`;
        // Without a property, since the reason of one that is compared with a secret is not shown.
        return index === -1
          ? undefined
          : { why: withHelp(why, "use the publicKey of the other interface, which needs a privateKey of its own") };
      },
    ),
    rule<LinkKindArgs<typeof options>, "routes" | "peers" | "underlay" | "up">(
      ["routes", "peers", "underlay", "up"],
      ({ routes: areRouted, peers: all, underlay, up }) => {
        const why = areRouted && (up ? faultOfRoutes(networksOf(all), underlay) : "routes need the interface up");
        return why ? { at: "routes", why } : undefined;
      },
    ),
  ],
  claims: ({ listenPort: port, ...place }) =>
    port === undefined ? [] : exclusiveClaims(`udp port ${placeId(underlayOf(place), String(port))}`),
  // The SDK sends an empty key, marked as a secret, for a program that leaves it out. The generated key is then a secret too.
  generate: (given, former) => {
    const { privateKey: key } = given;
    // A program that looks up a key in vain gives null, which the schema refuses.
    return { ...given, privateKey: key === null ? key : key || former["privateKey"] || newPrivateKey() };
  },
  derive: ({ privateKey: key }) => ({
    publicKey: typeof key === "string" && key !== "" && !isUnknown(key) ? publicKeyOf(key) : key || null,
  }),
});

/** Returns why no routes can lead to these networks; undefined if they can. */
const faultOfRoutes = (networks: readonly string[], underlay: string | undefined): string | undefined =>
  underlay === undefined && networks.some((network) => network === "default" || network === "::/0")
    ? withHelp(
        "a default route over the tunnel would also carry the tunnel's own packets",
        "set underlay to another namespace, or leave out routes and declare a Route in another table with a RoutingRule",
      )
    : undefined;

/** Plans the change of the keys and peers. An endpoint cannot be unset, so a peer that loses it is removed first. */
function configure(seen: Configuration | undefined, desired: Configuration, was: Configuration | undefined): Plan {
  const { namespace, name, peers: wanted = [] } = desired;
  const renewed = (was?.peers ?? []).filter(
    ({ publicKey, endpoint }) =>
      endpoint !== undefined && wanted.some((peer) => peer.publicKey === publicKey && peer.endpoint === undefined),
  );
  if (seen !== undefined && renewed.length === 0 && fileOf(seen, seen) === fileOf(desired, seen)) return [];
  return [
    ...renewed.map(({ publicKey }) => ({ run: removePeer(namespace, name, publicKey) })),
    { run: syncWireGuard(namespace, name, fileOf(desired, seen)) },
  ];
}

/**
 * Returns the configuration as `wg syncconf` reads it. It states every value: `wg` keeps values of a peer that are left out, and
 * chooses a new port if there is none.
 */
function fileOf(
  { privateKey: own, listenPort: port, fwmark: mark, peers: all = [] }: Configuration,
  seen: Configuration | undefined,
): string {
  const usedPort = port ?? seen?.listenPort;
  return [
    "[Interface]",
    ...(own === undefined ? [] : [`PrivateKey = ${own}`]),
    ...(usedPort === undefined ? [] : [`ListenPort = ${usedPort}`]),
    `FwMark = ${mark}`,
    ...all.flatMap((peer) => [
      "[Peer]",
      `PublicKey = ${peer.publicKey}`,
      `PresharedKey = ${peer.presharedKey ?? NO_KEY}`,
      // `wg` rejects this line without a network, and removes the networks of a peer that has no such line.
      ...(peer.allowedIps === undefined ? [] : [`AllowedIPs = ${peer.allowedIps.join(", ")}`]),
      ...(peer.endpoint === undefined ? [] : [`Endpoint = ${peer.endpoint}`]),
      `PersistentKeepalive = ${peer.persistentKeepalive}`,
    ]),
    "",
  ].join("\n");
}

/** The preshared key that stands for none. */
const NO_KEY = Buffer.alloc(32).toString("base64");

/**
 * Returns the observed peers in the order of the wanted ones. An endpoint that no argument sets is not included: the kernel learns it
 * from the peer's packets.
 */
function inOrderOf(wanted: readonly WireGuardPeer[], seen: readonly PeerDump[]): WireGuardPeer[] {
  const place = ({ publicKey }: PeerDump) => {
    const index = wanted.findIndex((peer) => peer.publicKey === publicKey);
    return index === -1 ? wanted.length : index;
  };
  return seen
    .toSorted((one, other) => place(one) - place(other))
    .map((peer) =>
      peerState(
        wanted.find(({ publicKey }) => publicKey === peer.publicKey),
        peer,
      ),
    );
}

function peerState(wanted: WireGuardPeer | undefined, seen: PeerDump): WireGuardPeer {
  const order = wanted?.allowedIps ?? [];
  const networks = seen.allowedIps.toSorted((one, other) => rank(order, one) - rank(order, other));
  return {
    publicKey: seen.publicKey,
    ...(seen.presharedKey !== undefined && { presharedKey: seen.presharedKey }),
    ...(networks.length > 0 && { allowedIps: networks }),
    ...(seen.endpoint !== undefined &&
      (wanted === undefined || wanted.endpoint !== undefined) && { endpoint: seen.endpoint }),
    persistentKeepalive: seen.persistentKeepalive,
  };
}

const rank = (order: readonly string[], one: string): number =>
  order.includes(one) ? order.indexOf(one) : order.length;
