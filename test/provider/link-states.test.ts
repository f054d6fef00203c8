import { expect, test } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { UNKNOWN } from "../../provider/schema.ts";
import { MARK } from "./samples.ts";
import { untouched } from "./script.ts";

const OTHER = "pulumi-netns:lab/dev:other@89abcdef";

/** Returns the checks of a program that has declared a pair from red to blue, with one end down. */
function run(side: "a" | "b" = "a", up: unknown = false) {
  const lives = lifecycles(untouched);
  const check = (kind: string, args: object) => (lives.get(kind) as Lifecycle).check({}, { __mark: OTHER, ...args });
  const wire = (state: unknown) => {
    const ends = { a: { name: "eth0", namespace: "red" }, b: { name: "eth1", namespace: "blue" } };
    const { failures } = check("Veth", { ...ends, [side]: { ...ends[side], up: state }, __mark: MARK });
    expect(failures).toEqual([]);
  };
  wire(up);
  return { wire, route: (args: object) => check("Route", { destination: "10.7.0.0/16", ...args }).failures };
}

const over = (link: string) => [expect.objectContaining({ reason: expect.stringContaining(`interface ${link} is`) })];
const ON = ["red/eth0:blue/eth1#12345678"];

test("a route over an interface that is declared down is an error at preview, on the argument that names the interface", () => {
  const { route } = run();
  expect(route({ namespace: "red", interface: "eth0" })).toMatchObject([{ property: "interface" }]);
  expect(route({ namespace: "red", via: "10.0.0.2", __on: ON })).toMatchObject([{ property: "via" }]);
  expect(route({ namespace: "red", interface: "eth0" })).toEqual(over("red/eth0"));
  expect(route({ namespace: "red", destination: "fd07::/64", via: "fd00::2", __on: ON })).toEqual(over("red/eth0"));
});

test.each<[string, object]>([
  ["over the other end", { namespace: "blue", interface: "eth1" }],
  ["with a gateway at the other end", { namespace: "blue", via: "10.0.0.1", __on: ON }],
  ["over an interface of that name in another namespace", { namespace: "green", interface: "eth0" }],
  [
    "with a gateway that another link reaches as well",
    { namespace: "red", via: "10.0.0.2", __on: [...ON, "red/eth9"] },
  ],
  ["of type blackhole", { namespace: "red", type: "blackhole", __on: ON }],
  ["whose links are unknown", { namespace: "red", via: "10.0.0.2", __on: UNKNOWN }],
])("a route %s is accepted", (_what, args) => {
  expect(run().route(args)).toEqual([]);
});

test("a route is accepted if the state of its interface is unknown, or declared as up later", () => {
  const route = { namespace: "red", interface: "eth0" };
  expect(run("a", UNKNOWN).route(route)).toEqual([]);
  const { wire, route: check } = run();
  wire(true);
  expect(check(route)).toEqual([]);
});
