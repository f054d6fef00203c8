import { expect, test } from "vitest";
import type { Declared } from "../../checks/check.ts";
import { runChecks, textOf } from "../../checks/index.ts";
import { cable, namespace, one, route, veth } from "./pieces.ts";

const red = [namespace("red"), veth({ name: "eth0", namespace: "red", addresses: ["10.0.0.2/24"] }, { name: "x" })];
const lost = route("red", "10.8.0.0/16", "10.9.0.1");
const overEth0 = one("Route", { ...(lost.args as object), interface: "eth0" });
const inTable100 = one("Route", { ...(lost.args as object), table: 100 });
/** A default route without a gateway, which makes every gateway on-link. */
const onAll = (more: object = {}) =>
  one("Route", { namespace: "red", destination: "default", interface: "eth0", metric: 500, ...more });
/** A route to the network of the gateway. */
const to = (more: object) => one("Route", { namespace: "red", destination: "10.9.0.0/24", ...more });
const program = (place?: string) => one("Process", { namespace: place, command: ["bird"] });

/** Returns the arguments that the kernel certainly refuses; undefined for one of which that is not certain. */
const refused = (parts: readonly (Declared | readonly Declared[])[]) =>
  runChecks(parts.flat())
    .filter(({ check }) => check === "gateway-off-link")
    .map((finding) => finding.refused);

test.each<[string, (Declared | Declared[])[], (string | undefined)[]]>([
  ["a route", [red, lost], ["via"]],
  ["a route over an interface", [red, overEth0], ["via"]],
  [
    "an end of a pair",
    [namespace("red"), veth({ name: "x" }, { name: "e", namespace: "red", addresses: [], gateways: ["10.9.0.1"] })],
    ["b.gateways"],
  ],
  [
    "a link",
    [
      namespace("red"),
      one("Dummy", { name: "d", namespace: "red", addresses: ["10.0.0.2/24"], gateways: ["10.9.0.1"] }),
    ],
    ["gateways"],
  ],
  [
    "a route on another lab host",
    [[...red, lost].map((made) => ({ ...made, args: { ...(made.args as object), host: "h" } }))],
    ["via"],
  ],
  ["a gateway in the network", [red, route("red", "10.8.0.0/16", "10.0.0.1")], []],
  ["an onlink gateway", [red, one("Route", { ...(lost.args as object), onlink: true })], []],
  ["a program in the namespace", [red, lost, program("red")], [undefined]],
  ["a program of the lab host", [red, lost, program()], [undefined]],
  ["a program elsewhere", [red, lost, namespace("blue"), program("blue")], ["via"]],
  [
    "a command in the namespace",
    [red, lost, one("Command", { namespace: "red", create: ["./addresses"] })],
    [undefined],
  ],
  ["a program in an unknown place", [red, lost, one("Process", { namespace: null, command: ["bird"] })], [undefined]],
  ["an unknown address", [red, lost, cable("red", [null as unknown as string], "x", [])], []],
  ["an unknown link", [red, lost, one("Dummy", { name: null, namespace: "red" })], []],
  [
    "a routing rule",
    [red, lost, one("RoutingRule", { namespace: "red", priority: 100, table: 100, from: "10.0.0.0/8" })],
    [undefined],
  ],
  ["a default route over an interface", [red, lost, onAll()], []],
  ["a route to the gateway's network over an interface", [red, lost, to({ interface: "eth0" })], []],
  ["a route to it by the number of a next hop", [red, lost, to({ nhid: null })], []],
  ["a route that drops the packets to it", [red, lost, to({ type: "blackhole" })], ["via"]],
  ["a route of an unknown type", [red, lost, to({ type: null })], []],
  ["a default route over the interface of the route", [red, overEth0, onAll()], []],
  ["a default route over another interface", [red, overEth0, onAll({ interface: "eth1" })], [undefined]],
  ["a default route of another table", [red, lost, onAll({ table: 100 })], [undefined]],
  ["a default route of the same table", [red, inTable100, onAll({ table: 100 })], []],
  ["a default route of the main table, for a route of another one", [red, inTable100, onAll()], []],
  ["a blackhole as default route", [red, lost, onAll({ interface: undefined, type: "blackhole" })], ["via"]],
  [
    "an IPv4 default route over an interface, and an IPv6 gateway",
    [red, route("red", "fd08::/64", "fd09::1"), onAll()],
    [undefined],
  ],
  [
    "a default route over an interface, and the gateway of a link",
    [
      red,
      onAll(),
      one("Dummy", { name: "eth1", namespace: "red", addresses: ["10.3.0.2/24"], gateways: ["10.9.0.1"] }),
    ],
    [undefined],
  ],
  [
    "an address with a peer",
    [red, lost, one("Address", { namespace: "red", interface: "eth0", address: "10.7.0.1/32", peer: "10.7.0.2" })],
    [undefined],
  ],
  ["IPv6", [red, route("red", "fd08::/64", "fd09::1")], [undefined]],
  ["an address of the namespace itself", [red, route("red", "10.8.0.0/16", "10.0.0.2")], [undefined]],
])("%s", (_, parts, found) => expect(refused(parts)).toEqual(found));

test("the text names the argument that the kernel refuses", () => {
  const texts = (...more: readonly Declared[]) => runChecks([...red, lost, ...more]).map(textOf);
  const message = "the gateway 10.9.0.1 is not on-link: the namespace red has 10.0.0.2/24";
  const help = "use a gateway in one of these networks, or add an address in the gateway's network";
  expect(texts()).toEqual([`gateway-off-link: via: ${message}\n  help: ${help}`]);
  expect(texts(program("red"))).toEqual([`gateway-off-link: ${message}\n  help: ${help}`]);
});
