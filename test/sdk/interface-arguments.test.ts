import { expect, test } from "vitest";
import {
  Address,
  Bridge,
  Dummy,
  FilterChain,
  type Interface,
  Lan,
  Namespace,
  NatRule,
  Route,
  RoutingRule,
  Tbf,
  Veth,
  Vlan,
  Vxlan,
} from "../../sdk/index.ts";
import { placeOn } from "../../sdk/interface.ts";
import { preview } from "../support/across-hosts.ts";

/* The interfaces that a program gives. A program without types may give any value. */

/** Objects on an interface, or that name one, in a place. */
const elsewhere: readonly [string, (link: Interface, namespace: Namespace) => unknown][] = [
  ["Address", (link, namespace) => new Address("x", { interface: link, namespace, address: "10.0.0.1/24" })],
  ["Route", (link, namespace) => new Route("x", { interface: link, namespace, destination: "10.9.0.0/16" })],
  [
    "FilterChain",
    (inInterface, namespace) =>
      new FilterChain("x", { namespace, chain: "input", rules: [{ action: "drop", inInterface: [inInterface] }] }),
  ],
  ["NatRule", (outInterface, namespace) => new NatRule("x", { namespace, type: "masquerade", outInterface })],
  [
    "NatRule",
    (inInterface, namespace) => new NatRule("x", { namespace, type: "masquerade", inInterface: ["eth0", inInterface] }),
  ],
  ["RoutingRule", (iif, namespace) => new RoutingRule("x", { namespace, iif, priority: 9, table: 9 })],
  ["Tbf", (link, namespace) => new Tbf("x", { interface: link, namespace, rate: "1mbit" })],
  ["Vxlan", (dev, namespace) => new Vxlan("x", { namespace, vni: 7, dev })],
  ["Vxlan", (dev, underlay) => new Vxlan("x", { underlay, vni: 7, dev })],
  ["Vlan", (link, linkNamespace) => new Vlan("x", { link, linkNamespace, vid: 7 })],
  ["Dummy", (link, namespace) => new Dummy("x", { namespace, master: bridgeBeside(link) })],
  [
    "Veth",
    (link, namespace) => new Veth("x", { a: { name: "v", namespace, master: bridgeBeside(link) }, b: { name: "w" } }),
  ],
];

const bridgeBeside = (link: Interface) => new Bridge("beside", { namespace: placeOn(link, undefined) });

/** Arguments that are one interface. */
const pairs: readonly [string, (pair: never) => unknown][] = [
  ["interface", (pair) => new Address("x", { interface: pair, address: "10.0.0.1/24" })],
  [
    "nexthops[1].interface",
    (pair) => new Route("x", { destination: "10.9.0.0/16", nexthops: [{ via: "10.0.0.9" }, { interface: pair }] }),
  ],
  [
    "rules[0].inInterface",
    (pair) => new FilterChain("x", { chain: "input", rules: [{ action: "drop", inInterface: pair }] }),
  ],
  ["inInterface[1]", (pair) => new NatRule("x", { type: "masquerade", inInterface: ["eth0", pair] })],
  ["outInterface", (pair) => new NatRule("x", { type: "masquerade", outInterface: pair })],
  ["master", (pair) => new Bridge("x", { master: pair })],
  ["b.master", (pair) => new Veth("x", { a: { name: "v" }, b: { name: "w", master: pair } })],
  ["link", (pair) => new Vlan("x", { link: pair, vid: 7 })],
  ["dev", (pair) => new Vxlan("x", { vni: 7, dev: pair })],
];

const untyped = (value: unknown) => value as never;

test.each<[string, () => unknown, RegExp]>([
  ...elsewhere.map(([kind, make]): [string, () => unknown, RegExp] => [
    `an interface of another namespace for a ${kind}`,
    () => {
      const [red, blue] = [new Namespace("red"), new Namespace("blue")];
      make(new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: "x" } }).a, blue);
    },
    /^\w+ \w+: property [\w.[\]]+: an interface of the namespace red is given for an object in the namespace blue\n {2}help: leave out namespace, or /,
  ]),
  ...pairs.map(([argument, make]): [string, () => unknown, RegExp] => [
    `a namespace as ${argument}`,
    () => make(untyped(new Namespace("red"))),
    new RegExp(
      `^\\w+ \\w+: property ${argument.replaceAll(/[.[\]]/g, String.raw`\$&`)}: a Namespace is given where one interface is required\n {2}help: use a B`,
    ),
  ]),
  [
    "an address as an interface",
    () =>
      new Route("x", { interface: untyped(new Address("ip", { interface: "e", address: "10.0.0.1/24" })) } as never),
    /property interface: an Address is given where one interface is required/,
  ],
  [
    "a LAN as an interface",
    () =>
      new Address("x", { interface: untyped(new Lan("lan", { networks: ["10.0.0.0/24"] })), address: "10.0.0.1/24" }),
    /property interface: a Lan is given where one interface is required/,
  ],
  ...["a", "b"].map((side): [string, () => unknown, RegExp] => [
    `an end of a pair as the master of end ${side}`,
    () => {
      const { a: master } = new Veth("wire", { a: { name: "x" }, b: { name: "y" } });
      const ends = { a: { name: "v" }, b: { name: "w" } };
      new Veth("other", { ...ends, [side]: { ...ends.a, name: `v${side}`, master } });
    },
    new RegExp(
      `^Veth other: property ${side}\\.master: a Veth is given where a master is required\\n {2}help: use a Bridge, a Bond or a Vrf$`,
    ),
  ]),
  ...pairs.map(([argument, make]): [string, () => unknown, RegExp] => [
    `the id of a pair as ${argument}`,
    () => make(untyped(new Veth("wire", { a: { name: "x" }, b: { name: "y" } }).id)),
    new RegExp(
      `^\\w+ \\w+: property ${argument.replaceAll(/[.[\]]/g, String.raw`\$&`)}: the id of a Veth is given where an interface is required\n {2}help: give one of its ends: `,
    ),
  ]),
  [
    "the id of a bridge as an interface",
    () => new Address("x", { interface: new Bridge("lan").id, address: "10.0.0.1/24" }),
    /property interface: the id of a Bridge is given where an interface is required\n {2}help: give the interface itself: /,
  ],
  ...pairs.map(([argument, make]): [string, () => unknown, RegExp] => [
    `a pair as ${argument}`,
    () => make(untyped(new Veth("wire", { a: { name: "x" }, b: { name: "y" } }))),
    new RegExp(
      `^\\w+ \\w+: property ${argument.replaceAll(/[.[\]]/g, String.raw`\$&`)}: a pair of interfaces is given where one interface is required\n {2}help: use its end`,
    ),
  ]),
])("a preview refuses %s", async (_, program, why) => {
  expect((await preview(program)).failure?.message).toMatch(why);
});
