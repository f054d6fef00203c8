import { expect, test } from "vitest";
import { Bridge, Host, Hosts, Namespace, NatRule, Nexthop, Process, Route, RoutingRule } from "../../sdk/index.ts";
import { failure, labHostForEachTest } from "../support/edited.ts";

labHostForEachTest();

const A_NAME = "use one of its outputs, such as its name";
const AN_ADDRESS = "use an address, such as lan.hosts.web.address or link.addresses.b[0]";
const lan = () => new Bridge("lan");
const hop = () => new Nexthop("left", { nhid: 3, blackhole: true }) as never;

test.each<[string, string, () => unknown]>([
  ["Namespace n: property name: a resource (Bridge)", A_NAME, () => new Namespace("n", { name: lan() as never })],
  [
    "Process p: property command[1]: a resource (Bridge)",
    A_NAME,
    () => new Process("p", { command: ["echo", lan() as never] }),
  ],
  [
    "Route r: property via: a resource (Namespace)",
    AN_ADDRESS,
    () => new Route("r", { destination: "default", via: new Namespace("n") as never }),
  ],
  [
    "Route r: property nexthops[0].via: a resource (Bridge)",
    AN_ADDRESS,
    () => new Route("r", { destination: "default", nexthops: [{ via: lan() as never }] }),
  ],
  [
    "NatRule n: property toAddress: a resource (Host)",
    AN_ADDRESS,
    () => new NatRule("n", { type: "dnat", protocol: "tcp", toAddress: new Host("h") as never }),
  ],
  [
    "NatRule n: property source[0]: a resource (Bridge)",
    AN_ADDRESS,
    () => new NatRule("n", { type: "masquerade", source: [lan() as never] }),
  ],
  [
    "RoutingRule r: property from: a resource (Host)",
    AN_ADDRESS,
    () => new RoutingRule("r", { priority: 100, from: new Host("h") as never }),
  ],
  [
    "Hosts h: property addresses.web: a resource (Host)",
    AN_ADDRESS,
    () => new Hosts("h", { namespace: "red", addresses: { web: new Host("h") as never } }),
  ],
  [
    "Nexthop n: property group[0]: a resource (Nexthop)",
    "put the resource into an object, e.g. { nexthop: left }",
    () => new Nexthop("n", { nhid: 4, group: [hop()] }),
  ],
  [
    "Nexthop n: property group[0].nhid: a resource (Nexthop)",
    "set nexthop to the resource, instead of nhid",
    () => new Nexthop("n", { nhid: 4, group: [{ nhid: hop() }] }),
  ],
  [
    "Route r: property nexthops[0]: a resource (Nexthop)",
    "use one of its outputs",
    () => new Route("r", { destination: "default", nexthops: [hop()] }),
  ],
  [
    "Bridge b: property mtu: a resource (Bridge)",
    "use one of its outputs",
    () => new Bridge("b", { mtu: lan() as never }),
  ],
])("a resource that is given as a value is refused: %s", async (message, help, program) => {
  expect(`${await failure(program)}\n`).toContain(`${message} is given where a value is required\n  help: ${help}\n`);
});
