import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, cable, each, forwarding, namespace, one, veth } from "./pieces.ts";

const places = [...["r", "x", "y"].map(namespace), ...["r", "x", "y"].map((place) => forwarding(place))];
const legs = [cable("r", ["10.0.1.1/29"], "x", ["10.0.1.2/29"]), cable("r", ["10.0.2.1/29"], "y", ["10.0.2.2/29"])];
const over = (...nexthops: unknown[]) => one("Route", { namespace: "r", destination: "10.9.0.0/16", nexthops });
const by = (...gateways: (string | null)[]) => over(...gateways.map((via) => ({ via })));
const idle = ["r", "x", "y"].map(namespace);
const strict = one("Sysctl", { namespace: "x", key: "net.ipv4.conf.all.rp_filter", value: "1" });
const deaf = one("Sysctl", { namespace: "r", key: "net.ipv4.conf.all.ignore_routes_with_linkdown", value: "1" });
const broken = veth(
  { name: "to-y", namespace: "r", addresses: ["10.0.2.1/29"] },
  { name: "to-r", namespace: "y", up: false, addresses: ["10.0.2.2/29"] },
);

const cases: Case[] = [
  ["two next hops", [places, legs, by("10.0.1.2", "10.0.2.2")], []],
  ["one that is off-link", [places, legs, by("10.0.1.2", "10.0.3.2")], ["gateway-off-link"]],
  [
    "one that is not in the network of its interface",
    [places, legs, over({ via: "10.0.1.2", interface: "to-x" }, { via: "10.0.2.2", interface: "to-x" })],
    ["gateway-off-link"],
  ],
  [
    "one with onlink",
    [places, legs, over({ via: "10.0.1.2" }, { via: "10.0.3.2", interface: "to-y", onlink: true })],
    [],
  ],
  ["an address that no interface has", [places, legs, by("10.0.1.2", "10.0.2.5")], ["no-such-gateway"]],
  ["an address of the namespace itself", [places, legs, by("10.0.1.1", "10.0.2.2")], ["gateway-off-link"]],
  ["two that do not forward", [idle, legs, by("10.0.1.2", "10.0.2.2")], ["no-forwarding", "no-forwarding"]],
  ["an interface without a gateway", [places, legs, over({ via: "10.0.1.2" }, { interface: "to-y" })], []],
  ["an unknown gateway of two", [places, legs, by("10.0.3.2", null)], []],
  ["an unknown next hop of two", [places, legs, over({ via: "10.0.3.2" }, null)], []],
  ["an unknown list", [places, legs, one("Route", { namespace: "r", destination: "10.9.0.0/16", nexthops: null })], []],
  ["one behind a cable that is down", [places, legs[0] ?? [], broken, by("10.0.1.2", "10.0.2.2")], ["gateway-down"]],
  [
    "one behind a cable that is down, which the kernel skips",
    [places, legs[0] ?? [], broken, deaf, by("10.0.1.2", "10.0.2.2")],
    [],
  ],
  [
    "a strict filter, and a route back through one of two interfaces",
    [
      ...[places, legs, strict, namespace("h"), cable("r", ["10.9.0.1/24"], "h", ["10.9.0.2/24"])],
      veth(
        { name: "b", namespace: "x", addresses: ["10.3.0.1/29"] },
        { name: "b", namespace: "r", addresses: ["10.3.0.2/29"] },
      ),
      one("Route", { namespace: "h", destination: "default", via: "10.9.0.1" }),
      one("Route", { namespace: "r", destination: "10.8.0.0/16", via: "10.0.1.2" }),
      one("Route", {
        namespace: "x",
        destination: "10.9.0.0/24",
        nexthops: [{ via: "10.3.0.2" }, { via: "10.0.1.1" }],
      }),
    ],
    [],
  ],
];
each(cases);

test("the kernel certainly refuses a next hop that is off-link, and the finding names it", () => {
  expect(runChecks([...places, ...legs, by("10.0.1.2", "10.0.3.2")])).toMatchObject([
    {
      refused: "nexthops[1].via",
      message: "the gateway 10.0.3.2 is not on-link: the namespace r has 10.0.1.1/29, 10.0.2.1/29",
    },
  ]);
});
