import { expect, test } from "vitest";
import type { Declared } from "../../checks/check.ts";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, each, namespace, one, route, veth } from "./pieces.ts";

/** Returns resources as on a lab host. */
const at = (host: string, ...all: readonly Declared[]): Declared[] =>
  all.map((declared) => ({ ...declared, args: { ...(declared.args as object), host } }));

const lan = bridge("lan", { addresses: ["10.0.0.1/24"] });
const cable = veth({ name: "eth0", namespace: "red", addresses: ["10.0.0.2/24"] }, { name: "to-red", master: "lan" });

/** A namespace behind another one, which is its gateway. */
const routed = [
  namespace("red"),
  namespace("blue"),
  veth(
    { name: "eth0", namespace: "red", addresses: ["10.0.1.1/24"] },
    { name: "eth0", namespace: "blue", addresses: ["10.0.1.2/24"] },
  ),
  route("blue", "10.9.0.0/16", "10.0.1.1"),
];

const cases: Case[] = [
  [
    "an overlap on one of two hosts",
    [
      at("lab1", bridge("x", { addresses: ["10.0.0.1/16"] })),
      at("lab2", lan, bridge("y", { addresses: ["10.0.9.1/16"] })),
    ],
    ["overlapping-subnets"],
  ],
  [
    "a gateway whose address only another host has",
    [
      at("lab1", namespace("red"), cable, lan, route("red", "default", "10.0.0.9")),
      at("lab2", bridge("z", { addresses: ["10.0.0.9/24"] })),
    ],
    ["no-such-gateway"],
  ],
  [
    "a child of a port of another host",
    [at("lab1", lan, cable), at("lab2", one("Macvlan", { name: "m", link: "to-red" }))],
    [],
  ],
  [
    "a gateway that forwards, and a namespace of the same name on another host that does not",
    [
      at("lab1", ...routed, one("Sysctl", { namespace: "red", key: "net.ipv4.ip_forward", value: "1" })),
      at("lab2", ...routed),
    ],
    ["no-forwarding"],
  ],
];

each(cases);

test("a message names the host of a place", () => {
  const inner = veth({ name: "eth0", namespace: "red", addresses: ["10.0.0.2/24"] }, { name: "x" });
  const [found] = runChecks(at("lab2", namespace("red"), inner, route("red", "10.9.0.0/16", "10.0.0.2")));
  expect(found?.message).toContain("the namespace red on lab2");
});
