import type { Lab, Piece } from "../lab.ts";

/** The lab of `examples/seed-yaml`: two namespaces on a bridge, and the lab host as their gateway with NAT. */
export function seed(): Lab {
  return {
    pieces: [
      { kind: "Namespace", name: "red", args: {} },
      { kind: "Namespace", name: "blue", args: {} },
      { kind: "Bridge", name: "v-net-0", args: { addresses: ["192.168.15.5/24"] } },
      wire("red", 1),
      wire("blue", 2),
      { kind: "Sysctl", name: "forwarding", args: { key: "net.ipv4.ip_forward", value: "1" } },
      { kind: "NatRule", name: "lan-out", args: { type: "masquerade", source: "192.168.15.0/24" } },
    ],
    change: {
      piece: wire("red", 1, { mtu: 1400 }),
      command: ["ip", "-n", "red", "link", "set", "dev", "veth-red", "mtu", "1400"],
      seen: { command: ["ip", "-n", "red", "link", "show", "dev", "veth-red"], says: /mtu 1400/ },
    },
    proof: { namespaces: 2, rules: 1, ping: { from: "red", to: "192.168.15.2" }, sealed: false },
  };
}

const wire = (name: string, number: number, more: object = {}): Piece => ({
  kind: "Veth",
  name: `${name}-wire`,
  args: {
    a: {
      name: `veth-${name}`,
      namespace: { ref: name },
      addresses: [`192.168.15.${number}/24`],
      gateways: ["192.168.15.5"],
      ...more,
    },
    b: { name: `veth-${name}-br`, master: { ref: "v-net-0" } },
  },
});
