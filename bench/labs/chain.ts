import type { Lab, Piece } from "../lab.ts";

/**
 * Routers in a row, each in its own namespace with a veth pair to the next: with forwarding, a default route to the right and a
 * route back to the leftmost network. At most 60: otherwise the TTL of the ping through the lab is too small.
 */
export function chain(size: number): Lab {
  const routers = Array.from({ length: size }, (_, index) => index + 1);
  return {
    pieces: [
      ...routers.flatMap(router),
      ...routers.slice(0, -1).flatMap(cable),
      ...routers.flatMap((number) => routes(number, size)),
    ],
    change: {
      piece: wire(size - 1, { mtu: 1400 }),
      command: ["ip", "-n", `r${size - 1}`, "link", "set", "dev", "right", "mtu", "1400"],
      seen: { command: ["ip", "-n", `r${size - 1}`, "link", "show", "dev", "right"], says: /mtu 1400/ },
    },
    proof: { namespaces: size, rules: 0, ping: { from: "r1", to: addressOf(size - 1, 2) }, sealed: true },
  };
}

const addressOf = (cable: number, host: 1 | 2): string => `10.${cable >> 8}.${cable & 255}.${host}`;

const router = (number: number): Piece[] => [
  { kind: "Namespace", name: `r${number}`, args: {} },
  {
    kind: "Sysctl",
    name: `r${number}-forwarding`,
    args: { namespace: { ref: `r${number}` }, key: "net.ipv4.ip_forward", value: "1" },
  },
];

const wire = (number: number, more: object): Piece => ({
  kind: "Veth",
  name: `w${number}`,
  args: {
    a: { name: "right", namespace: { ref: `r${number}` }, ...more },
    b: { name: "left", namespace: { ref: `r${number + 1}` } },
  },
});

const cable = (number: number): Piece[] => [
  wire(number, {}),
  ...([1, 2] as const).map(
    (host): Piece => ({
      kind: "Address",
      name: `w${number}-${host}`,
      args: {
        interface: { ref: `w${number}`, end: host === 1 ? "a" : "b" },
        address: `${addressOf(number, host)}/24`,
      },
    }),
  ),
];

function routes(number: number, size: number): Piece[] {
  const route = (name: string, destination: string, via: string, after: string): Piece => ({
    kind: "Route",
    name: `r${number}-${name}`,
    args: { namespace: { ref: `r${number}` }, destination, via },
    after: [after],
  });
  return [
    ...(number < size - 1 ? [route("default", "default", addressOf(number, 2), `w${number}-1`)] : []),
    ...(number > 2 ? [route("back", "10.0.1.0/24", addressOf(number - 1, 1), `w${number - 1}-2`)] : []),
  ];
}
