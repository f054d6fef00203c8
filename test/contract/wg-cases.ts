import { removePeer, showWireGuard, syncWireGuard } from "../../provider/kernel/tools/wg.ts";
import { type Cases, found, outcomeOf } from "./case.ts";
import { CABLE, RED } from "./set-ups.ts";

const TUNNEL = [...RED, "ip -n red link add name wg0 type wireguard"];
const [KEY, PEER, SHARED] = [8, 24, 32].map((byte) => Buffer.alloc(32, byte).toString("base64"));
const PEERS = `ip netns exec red wg set wg0 listen-port 51820 peer ${PEER} endpoint 10.0.0.2:51820 allowed-ips 10.1.0.0/16,fd01::/64 persistent-keepalive 25`;

const FILE = `[Interface]
PrivateKey=${KEY}
ListenPort=51820
FwMark=0
[Peer]
PublicKey=${PEER}
PresharedKey=${SHARED}
AllowedIPs=10.1.0.0/16
Endpoint=10.0.0.2:51820
PersistentKeepalive=25
`;

/** How wg prints keys and peers, and how it words success and failure. The keys are of the tests only. */
export const WG_CASES: Cases = {
  "an interface without keys": {
    setup: TUNNEL,
    ask: found((kernel) => showWireGuard(kernel, "red", "wg0")),
    is: { privateKey: undefined, listenPort: 0, fwmark: 0, peers: [] },
  },
  "a peer": {
    setup: [...TUNNEL, PEERS],
    ask: found((kernel) => showWireGuard(kernel, "red", "wg0")),
    is: {
      ...{ privateKey: undefined, listenPort: 51_820, fwmark: 0 },
      peers: [
        {
          ...{ publicKey: PEER, presharedKey: undefined, endpoint: "10.0.0.2:51820" },
          ...{ allowedIps: ["10.1.0.0/16", "fd01::/64"], persistentKeepalive: 25 },
        },
      ],
    },
  },
  "keys and peers from a file": { setup: TUNNEL, ask: outcomeOf(syncWireGuard("red", "wg0", FILE)), is: "done" },
  "a key that is none": {
    setup: TUNNEL,
    ask: outcomeOf(syncWireGuard("red", "wg0", "[Interface]\nPrivateKey=none\n")),
    is: "failed",
  },
  "a query of an absent interface": {
    setup: RED,
    ask: found((kernel) => showWireGuard(kernel, "red", "wg0")),
    is: undefined,
  },
  "keys for an absent interface": { setup: RED, ask: outcomeOf(syncWireGuard("red", "wg0", FILE)), is: "absent" },
  "keys for an interface of another kind": {
    setup: CABLE,
    ask: outcomeOf(syncWireGuard("red", "eth0", FILE)),
    is: "unsupported",
  },
  "a delete of an absent peer": { setup: TUNNEL, ask: outcomeOf(removePeer("red", "wg0", PEER ?? "")), is: "done" },
};
