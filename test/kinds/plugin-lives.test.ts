import { expect, test } from "vitest";
import { importsByIds, type Program, type Step, sameByThePlugin } from "../support/crashes.ts";
import { everyKind } from "../support/every-kind.ts";
import { linkChanges } from "./crash-links-steps.ts";
import { steps } from "./crash-steps.ts";

/** Only the SDK sets the order of NAT rules. */
const withoutOrder = (program: Program): Program =>
  program.map(([type, name, args, on]) => {
    const { after: _, ...others } = args as { after?: string };
    return [type, name, others, on];
  });

const words = (line: string): string[] => line.split(" ");

/** A Command that creates, changes and deletes an interface, and a namespace to which a Nic moves it. */
const hardware = (mtu: number): Program => [
  ["Namespace", "red", { name: "red" }],
  [
    "Command",
    "hardware",
    {
      create: words(
        "ip link add name enp3s0 address 02:00:00:00:00:99 type veth peer name x address 02:00:00:00:00:98",
      ),
      update: words(`ip link set dev x mtu ${mtu}`),
      delete: words("ip link delete dev x"),
      triggers: [mtu],
    },
  ],
  ["Nic", "uplink", { name: "wan", namespace: "red", from: "enp3s0", mtu, addresses: ["10.0.0.2/24"] }],
];

const changes = [
  ...[
    "an update of an entry of a bridge",
    "a change of links",
    "a change of a firewall",
    "a change of limits",
    "a destroy of daemons",
  ].map((name) => {
    const { from, to } = steps[name] as Step;
    return { from: withoutOrder(from), to: withoutOrder(to) };
  }),
  { from: hardware(1400), to: hardware(1300) },
];

test("the changes contain every kind", () => {
  const types = [...changes, ...linkChanges].flatMap(({ from, to }) => [...from, ...to]).map(([type]) => type);
  expect([...new Set(types)].sort()).toEqual(everyKind.map(({ type }) => type).sort());
});

sameByThePlugin(changes);

/** Addresses and routes are imported with their link. */
const neighbours: Program = [
  ["Namespace", "red", { name: "red" }],
  ["Bridge", "lan", { name: "lan" }],
  [
    "Veth",
    "wire",
    { a: { name: "eth0", namespace: "red", addresses: ["10.0.0.2/24"] }, b: { name: "port", master: "lan" } },
  ],
  ["Neighbor", "near", { interface: "eth0", namespace: "red", address: "10.0.0.7", lladdr: "02:00:00:00:00:17" }],
  ["Neighbor", "proxied", { interface: "eth0", namespace: "red", address: "10.0.0.6", proxy: true }],
  ["FdbEntry", "behind", { interface: "port", lladdr: "02:00:00:00:00:17", sticky: true }],
  ["Route", "hole", { destination: "10.77.0.0/16", type: "blackhole" }],
  ["Sysctl", "forwarding", { namespace: "red", key: "net.ipv4.ip_forward", value: "1" }],
];

importsByIds(
  [neighbours, ...changes.slice(1).map(({ from }) => from)],
  ["Command", "FilterChain", "NatRule", "Process", "RoutingRule"],
);
