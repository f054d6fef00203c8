import type { Lab, Piece } from "../lab.ts";

/**
 * A bridge with an address on the lab host, and namespaces, each with a veth pair to it, an address and a default route, and
 * masquerade on the host towards an outside network. With `ends`, addresses and gateways are arguments of the ends of the veth pairs
 * instead of separate resources.
 */
export function star(size: number, { ends = false } = {}): Lab {
  const numbers = Array.from({ length: size }, (_, index) => index + 1);
  const gateway = `${GATEWAY}/16`;
  return {
    pieces: [
      { kind: "Bridge", name: "lan", args: ends ? { addresses: [gateway] } : {} },
      ...(ends ? [] : [{ kind: "Address", name: "gateway", args: { interface: LAN, address: gateway } } as const]),
      ...numbers.flatMap((number) => (ends ? hostWithEnds(number) : hostInPieces(number))),
      { kind: "NatRule", name: "out", args: { type: "masquerade", source: "10.0.0.0/16", outInterface: "wan0" } },
    ],
    change: {
      piece: ends ? wire(size, { ...onEnd(size), mtu: 1400 }) : wire(size, { mtu: 1400 }),
      command: ["ip", "-n", `n${size}`, "link", "set", "dev", "eth0", "mtu", "1400"],
      seen: { command: ["ip", "-n", `n${size}`, "link", "show", "dev", "eth0"], says: /mtu 1400/ },
    },
    proof: { namespaces: size, rules: 1, ping: { from: "n1", to: addressOf(size) }, sealed: false },
  };
}

const GATEWAY = "10.0.255.254";
const LAN = { ref: "lan" };

const addressOf = (number: number): string => `10.0.${number >> 8}.${number & 255}`;

const onEnd = (number: number) => ({ addresses: [`${addressOf(number)}/16`], gateways: [GATEWAY] });

const wire = (number: number, more: object): Piece => ({
  kind: "Veth",
  name: `n${number}-wire`,
  args: {
    a: { name: "eth0", namespace: { ref: `n${number}` }, ...more },
    b: { name: `p${number}`, master: LAN },
  },
});

const namespace = (number: number): Piece => ({ kind: "Namespace", name: `n${number}`, args: {} });

const hostWithEnds = (number: number): Piece[] => [namespace(number), wire(number, onEnd(number))];

const hostInPieces = (number: number): Piece[] => [
  namespace(number),
  wire(number, {}),
  {
    kind: "Address",
    name: `n${number}-ip`,
    args: { interface: { ref: `n${number}-wire`, end: "a" }, address: `${addressOf(number)}/16` },
  },
  {
    kind: "Route",
    name: `n${number}-default`,
    args: { namespace: { ref: `n${number}` }, destination: "default", via: GATEWAY },
    after: [`n${number}-ip`],
  },
];
