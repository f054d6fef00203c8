import { Bond, Bridge, Namespace, Veth } from "pulumi-netns";

const [server, rack] = [new Namespace("server"), new Namespace("switch")];

const lan = new Bridge("lan", { name: "br0", namespace: rack, addresses: ["10.0.0.1/24"] });

// Both ends of the cables speak LACP. Each looks every 100 ms whether a member has a carrier.
const lacp = { mode: "802.3ad", lacpRate: "fast", miimon: 100, xmitHashPolicy: "layer3+4" } as const;
const uplink = new Bond("server-bond", { name: "bond0", namespace: server, ...lacp, addresses: ["10.0.0.2/24"] });
const port = new Bond("switch-bond", { name: "bond0", namespace: rack, ...lacp, master: lan });

for (const number of [1, 2])
  new Veth(`cable${number}`, {
    a: { name: `eth${number}`, namespace: server, master: uplink },
    b: { name: `port${number}`, namespace: rack, master: port },
  });
