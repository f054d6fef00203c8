import { expect, test } from "vitest";
import { factOf } from "../../picture/facts.ts";
import { tally } from "../../picture/svg.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { UNKNOWN } from "../../provider/schema.ts";
import { drawn } from "./samples.ts";

test.each([
  ["Process", { command: ["dnsmasq", "--no-daemon"], log: "/run/x" }, "process dnsmasq --no-daemon"],
  ["Process", { command: "[secret]" }, "process [secret]"],
  ["Process", { command: ["ping", UNKNOWN] }, "process ping ?"],
  [
    "Hosts",
    { addresses: { "web.lab": "10.0.0.2", "db.lab": ["10.0.0.3", "fd00::3"] }, nameservers: ["10.0.0.1", "fd00::1"] },
    "hosts web.lab 10.0.0.2, db.lab 10.0.0.3 fd00::3, nameserver 10.0.0.1 fd00::1",
  ],
  ["Hosts", { addresses: UNKNOWN }, "hosts ?"],
  [
    "NatRule",
    { type: "dnat", protocol: "tcp", destination: "203.0.113.1/32", destinationPort: 80, toAddress: "10.0.0.2" },
    "nat dnat tcp to 203.0.113.1:80 → 10.0.0.2",
  ],
  [
    "NatRule",
    { type: "dnat", destination: "fd00::1/128", destinationPort: 80, toAddress: "fd01::2", toPort: 8080 },
    "nat dnat to [fd00::1]:80 → [fd01::2]:8080",
  ],
  [
    "NatRule",
    {
      ...{ type: "dnat", protocol: ["tcp", "udp"], destination: ["203.0.113.1/32", "203.0.113.8/29"] },
      ...{ destinationPort: [53, "80-90"], inInterface: ["eth0", "eth1"], toAddress: "10.0.0.2" },
    },
    "nat dnat tcp,udp to 203.0.113.1,203.0.113.8/29:53,80-90 in eth0,eth1 → 10.0.0.2",
  ],
  [
    "NatRule",
    { type: "masquerade", source: ["fd00::/64", UNKNOWN], outInterface: UNKNOWN },
    "nat masquerade from fd00::/64,? out ?",
  ],
  ["FilterChain", { chain: "input", policy: "drop", rules: [{ action: "accept" }] }, "filter input: 1 rule, then drop"],
  ["FilterChain", { chain: "forward", priority: -5, rules: UNKNOWN }, "filter forward priority -5: ?, then accept"],
  ["Route", { destination: "default", via: "10.0.0.1", interface: "eth0" }, "route default via 10.0.0.1"],
  ["Route", { destination: "10.1.0.0/16", interface: "eth0", metric: 5 }, "route 10.1.0.0/16 dev eth0 metric 5"],
  [
    "Route",
    {
      destination: "default",
      nexthops: [{ via: "10.0.1.2", weight: 1 }, { interface: "ppp0", weight: 3 }, { via: UNKNOWN }, UNKNOWN],
    },
    "route default via 10.0.1.2, dev ppp0 weight 3, via ?, ?",
  ],
  ["Route", { destination: "default", nexthops: UNKNOWN, table: 100 }, "route default ? table 100"],
  [
    "RoutingRule",
    {
      priority: 7,
      fwmark: 16,
      fwmask: 255,
      ipproto: "tcp",
      dport: "80-90",
      sport: 5,
      uidrange: "0-9",
      table: 254,
      suppressPrefixlength: 0,
    },
    "rule 7: fwmark 16/255 ipproto tcp sport 5 dport 80-90 uidrange 0-9 table 254 suppress_prefixlength 0",
  ],
  ["RoutingRule", { priority: 100, from: "10.0.0.0/8", table: 100 }, "rule 100: from 10.0.0.0/8 table 100"],
  ["RoutingRule", { priority: 5, not: true, iif: "eth0", type: "prohibit" }, "rule 5: not iif eth0 prohibit"],
  ["FilterChain", { chain: "output" }, "filter output: 0 rules, then accept"],
  ["NatRule", { type: "masquerade", source: "fd00::/32" }, "nat masquerade from fd00::/32"],
  ["Sysctl", { key: "net.ipv4.ip_forward", value: "[secret]" }, "sysctl net.ipv4.ip_forward = [secret]"],
])("%s %j is %s", (type, inputs, said) => {
  const { label, text } = factOf(type, inputs);
  expect(`${label} ${text}`).toBe(said);
});

test("an unknown end or list is shown as a question mark, not as an error", () => {
  const { places } = topologyOf([
    drawn("Veth", "whole", { a: UNKNOWN, b: { name: "b", addresses: UNKNOWN, gateways: [UNKNOWN] } }),
    drawn("Bridge", "lan", { name: "lan", addresses: "[secret]" }),
  ]);
  const links = places.flatMap((place) => place.links);
  expect(links.map(({ name, addresses }) => [name, ...addresses.map(({ text }) => text)].join(" ")).sort()).toEqual([
    "?",
    "b ?",
    "lan [secret]",
  ]);
});

test("the legend counts resources, as a preview does", () => {
  const added = { mark: "added" } as const;
  const topology = topologyOf([
    drawn("Namespace", "red", { name: "red" }, added),
    drawn("Bridge", "lan", { name: "lan", addresses: ["10.0.0.1/24", "fd00::1/64"] }, added),
    drawn(
      "Veth",
      "wire",
      {
        a: { name: "eth0", namespace: "red", addresses: ["10.0.0.2/24"], gateways: ["10.0.0.1"] },
        b: { name: "b", master: "lan" },
      },
      added,
    ),
    drawn("Address", "more", { namespace: "red", interface: "eth0", address: "10.0.0.3/24" }, added),
  ]);
  expect([...tally(topology)]).toEqual([["added", 4]]);
});
