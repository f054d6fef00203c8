import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, cable, each, forwarding, namespace, one, route, veth } from "./pieces.ts";

const end = (name: string, place: string, address: string, more: object = {}) => ({
  ...{ name, namespace: place, addresses: [address] },
  ...more,
});
const places = [...["red", "edge"].map(namespace), forwarding("edge")];
const strict = (key: string, value = "1") =>
  one("Sysctl", { namespace: "core", key: `net.ipv4.conf.${key}.rp_filter`, value });

// edge sends the packets of its LAN through `line` to the core; the core sends the answers through `backup`.
const triangle = (...more: object[]) => [
  ...["edge", "core", "host"].map(namespace),
  ...["edge", "core"].map((place) => forwarding(place)),
  cable("edge", ["10.1.0.1/30"], "core", ["10.1.0.2/30"]),
  veth(end("backup", "edge", "10.2.0.1/30"), end("backup", "core", "10.2.0.2/30")),
  cable("edge", ["10.9.0.1/24"], "host", ["10.9.0.2/24"]),
  route("edge", "default", "10.1.0.2"),
  route("host", "default", "10.9.0.1"),
  ...(more as ReturnType<typeof namespace>[]),
];

const cases: Case[] = [
  [
    "a gateway behind a cable whose other end is down",
    [
      places,
      veth(end("up", "red", "10.0.0.2/24"), end("down", "edge", "10.0.0.1/24", { up: false })),
      route("red", "default", "10.0.0.1"),
    ],
    ["gateway-down"],
  ],
  [
    "a gateway behind a cable that is up",
    [
      places,
      veth(end("a", "red", "10.0.0.2/24"), end("b", "edge", "10.0.0.1/24")),
      route("red", "default", "10.0.0.1"),
    ],
    [],
  ],
  [
    "a gateway behind a VLAN whose parent has its other end down",
    [
      places,
      veth({ name: "trunk", namespace: "red" }, { name: "t", namespace: "edge", up: false }),
      one("Vlan", { ...end("v", "red", "10.0.0.2/24"), link: "trunk", linkNamespace: "red", vid: 10 }),
      one("Vlan", { ...end("w", "edge", "10.0.0.1/24"), link: "t", linkNamespace: "edge", vid: 10 }),
      route("red", "default", "10.0.0.1"),
    ],
    ["gateway-down", "parent-down"],
  ],
  [
    "a strict filter, and a route back through another interface",
    [triangle(strict("all"), route("core", "10.9.0.0/24", "10.2.0.1"))],
    ["reverse-path"],
  ],
  [
    "a strict filter of the interface only",
    [triangle(strict("to-edge"), route("core", "10.9.0.0/24", "10.2.0.1"))],
    ["reverse-path"],
  ],
  [
    "a strict filter for new interfaces",
    [triangle(strict("default"), route("core", "10.9.0.0/24", "10.2.0.1"))],
    ["reverse-path"],
  ],
  ["a filter for another interface", [triangle(strict("backup"), route("core", "10.9.0.0/24", "10.2.0.1"))], []],
  ["a loose filter", [triangle(strict("all"), strict("default", "2"), route("core", "10.9.0.0/24", "10.2.0.1"))], []],
  [
    "a routing rule, which may select another route",
    [
      triangle(
        strict("all"),
        route("core", "10.9.0.0/24", "10.2.0.1"),
        one("RoutingRule", { namespace: "core", priority: 100, from: "10.9.0.0/24", table: 254 }),
      ),
    ],
    [],
  ],
  [
    "a program, which may learn routes",
    [
      triangle(
        strict("all"),
        route("core", "10.9.0.0/24", "10.2.0.1"),
        one("Process", { namespace: "core", command: ["bird"] }),
      ),
    ],
    [],
  ],
  ["a route back through the same interface", [triangle(strict("all"), route("core", "10.9.0.0/24", "10.1.0.1"))], []],
  [
    "a more specific route back",
    [triangle(strict("all"), route("core", "default", "10.2.0.1"), route("core", "10.9.0.0/16", "10.1.0.1"))],
    [],
  ],
  [
    "addresses that a rule keeps from being translated",
    [
      triangle(
        strict("all"),
        route("core", "10.9.0.0/24", "10.2.0.1"),
        one("NatRule", { namespace: "edge", type: "snat", source: "10.9.0.0/24", exclude: true }),
      ),
    ],
    ["reverse-path"],
  ],
  [
    "translated addresses",
    [
      triangle(
        strict("all"),
        route("core", "10.9.0.0/24", "10.2.0.1"),
        one("NatRule", { namespace: "edge", type: "masquerade", source: "10.9.0.0/24" }),
      ),
    ],
    [],
  ],
];

each(cases);

test("the message about a gateway without a carrier names the end that is down", () => {
  const down = { ...end("down", "edge", "10.0.0.1/24"), up: false };
  const [found] = runChecks([
    ...places,
    veth(end("up", "red", "10.0.0.2/24"), down),
    route("red", "default", "10.0.0.1"),
  ]);
  expect(found).toMatchObject({
    message: expect.stringMatching(
      /^the gateway 10\.0\.0\.1 cannot be reached: red\/up has no carrier, because edge\/down \(Veth n\d+\) is down$/,
    ),
    help: "set up: true for edge/down, or remove the route",
  });
});

test("the message about a strict filter names both paths and the setting, at the resource that sets it", () => {
  const filter = strict("all");
  const [found] = runChecks(triangle(filter, route("core", "10.9.0.0/24", "10.2.0.1")));
  expect(found).toMatchObject({
    about: filter,
    message: expect.stringMatching(
      /^the namespace core drops packets from 10\.9\.0\.0\/24 that arrive through core\/to-edge, because its own route to that network leads through core\/backup; the namespace edge sends it such packets \(Route n\d+\)$/,
    ),
    help: "set net.ipv4.conf.all.rp_filter to 2, or route 10.9.0.0/24 back through core/to-edge",
  });
});
