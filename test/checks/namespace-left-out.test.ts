import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, cable, each, forwarding, on as host, namespace, one, route, veth } from "./pieces.ts";

const wire = veth({ name: "eth0", namespace: "red", addresses: ["10.5.0.1/24"] }, { name: "up" });
const red = [namespace("red"), wire];
const on = (type: string, args: object) => one(type, { interface: "eth0", ...args });
const address = on("Address", { address: "10.6.0.1/24" });
const way = (via?: string | null) => on("Route", { destination: "10.8.0.0/16", via });

const FOUND = ["unknown-interface"];
const OFF_LINK = ["gateway-off-link"];

const cases: Case[] = [
  ["an address without the namespace of its interface", [red, address], FOUND],
  [
    "each object on an interface",
    [
      red,
      on("Netem", { delay: 10 }),
      on("Neighbor", { address: "10.5.0.9", lladdr: "02:00:00:00:00:09" }),
      on("FdbEntry", { lladdr: "02:00:00:00:00:09" }),
      on("Sysctl", { key: "net.ipv4.conf.{interface}.rp_filter", value: 0 }),
    ],
    [...FOUND, ...FOUND, ...FOUND, ...FOUND],
  ],
  ["a route to a gateway on the LAN of the interface", [red, way("10.5.0.9")], FOUND],
  ["a route without a gateway", [red, way()], FOUND],
  ["a route to a gateway elsewhere, which the lab host may have", [red, way("192.0.2.1")], []],
  ["a route to an unknown gateway", [red, way(null)], []],
  ["a next hop on the LAN of the interface", [red, on("Nexthop", { nhid: 1, via: "10.5.0.9" })], FOUND],
  ["a next hop elsewhere", [red, on("Nexthop", { nhid: 1, via: "192.0.2.1" })], []],
  [
    "rules for the uplink of the lab host",
    [
      red,
      one("NatRule", { type: "masquerade", outInterface: "eth0" }),
      one("FilterChain", { chain: "forward", rules: [{ action: "accept", outInterface: "eth0" }] }),
      one("RoutingRule", { priority: 100, table: 254, iif: "eth0" }),
      one("Sysctl", { key: "net.ipv4.conf.eth0.rp_filter", value: 0 }),
    ],
    [],
  ],
  [
    "an address on an interface of the lab host alone",
    [red, on("Address", { interface: "enp3s0", address: "10.6.0.1/24" })],
    [],
  ],
  ["an interface that the lab host has, too", [red, one("Dummy", { name: "eth0" }), address], []],
  ["an altname of the lab host", [red, one("Dummy", { name: "d", altname: "eth0" }), address], []],
  ["an interface in a namespace of another program", [wire, address], []],
  ["a program of the lab host, which may make it", [red, one("Process", { command: ["sh"] }), address], []],
  [
    "a program of the lab host that makes none",
    [red, one("Process", { command: ["sh"], interfaces: [] }), address],
    FOUND,
  ],
  ["an interface on another lab host", [red, on("Address", { host: "lab2", address: "10.6.0.1/24" })], []],
  ["an unknown namespace", [red, on("Address", { namespace: null, address: "10.6.0.1/24" })], []],
  [
    "a route via an address in the network of a namespace",
    [red, route(undefined, "10.8.0.0/16", "10.5.0.9")],
    OFF_LINK,
  ],
  [
    "a route via an address of a namespace, where the lab host has an address too",
    [
      namespace("red"),
      cable(undefined, ["10.5.0.1/24"], "red", ["10.5.0.2/24"]),
      forwarding("red"),
      route(undefined, "10.8.0.0/16", "10.5.0.2"),
    ],
    [],
  ],
  [
    "a route via an address to which another one leads",
    [red, one("Route", { destination: "10.5.0.0/24", interface: "up" }), route(undefined, "10.8.0.0/16", "10.5.0.9")],
    [],
  ],
  [
    "a route via an address of a network that leads out of the lab",
    [
      bridge("lan"),
      host("lan", "blue", ["10.5.0.2/24"]),
      one("Tap", { name: "vm", master: "lan" }),
      route(undefined, "10.8.0.0/16", "10.5.0.9"),
    ],
    [],
  ],
  [
    "a route of a lab host with a program",
    [red, one("Process", { command: ["sh"], interfaces: [] }), route(undefined, "10.8.0.0/16", "10.5.0.9")],
    [],
  ],
  ["a route via an address elsewhere", [red, route(undefined, "10.8.0.0/16", "192.0.2.1")], []],
  ["a route via an unknown address", [red, route(undefined, "10.8.0.0/16", null)], []],
];
each(cases);

test("the message names the namespace that has the network of the gateway", () => {
  expect(runChecks([...red, one("Route", { destination: "10.8.0.0/16", via: "10.5.0.9" })])).toMatchObject([
    {
      message: expect.stringMatching(
        /^Route n\d+ is on the lab host, for which the program declares no address in the network of its gateway 10\.5\.0\.9; the namespace red has 10\.5\.0\.1\/24$/,
      ),
      help: expect.stringMatching(
        /^set namespace, such as namespace: "red"; if the lab host itself is in this network, list n\d+ in except of the check$/,
      ),
    },
  ]);
});

test("the message names what creates the interface, and the help names the namespace and the exception", () => {
  const [blue, other] = [namespace("blue"), veth({ name: "eth0", namespace: "blue" }, { name: "up2" })];
  expect(runChecks([...red, address])).toMatchObject([
    {
      about: address,
      message: `Address ${address.name} is on the lab host, where no resource creates eth0; Veth ${wire.name} creates it in the namespace red`,
      help: `set namespace, such as namespace: "red"; if the interface eth0 of the lab host itself is meant, list ${address.name} in except of the check`,
    },
  ]);
  expect(runChecks([...red, blue, other, address])[0]?.message).toMatch(
    `Veth ${wire.name} creates it in the namespace red, Veth ${other.name} creates it in the namespace blue`,
  );
  const both = veth({ name: "eth0", namespace: "red" }, { name: "eth0", namespace: "blue" });
  expect(runChecks([namespace("red"), blue, both, address])[0]?.message).toBe(
    `Address ${address.name} is on the lab host, where no resource creates eth0; Veth ${both.name} creates it in the namespace red and in the namespace blue`,
  );
});
