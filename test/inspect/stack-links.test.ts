import { expect, test } from "vitest";
import { nameIn } from "../../inspect/project.ts";
import type { ResourceView, StackView } from "../../inspect/stack.ts";
import { hostsOf } from "../../inspect/stack-hosts.ts";
import { addressesIn, findLink } from "../../inspect/stack-links.ts";
import { everyExample } from "../support/every-kind.ts";

const resource = (type: string, name: string, outputs: Record<string, unknown>): ResourceView => ({
  ...{
    urn: `urn:pulumi:dev::lab::${type}::${name}`,
    type,
    name,
    id: name,
    parent: undefined,
    inputs: outputs,
    outputs,
  },
});

const view: StackView = {
  project: "lab",
  stack: "dev",
  resources: [
    resource("Namespace", "red", { name: "red-in-kernel" }),
    resource("Bridge", "lan", { name: "br0", up: true }),
    resource("Veth", "wire", {
      a: { name: "eth0", namespace: "red-in-kernel", up: true, addresses: ["10.0.0.2/24", "fd00::2/64"] },
      b: { name: "eth0", namespace: "others", up: false },
    }),
    resource("Address", "ip", { interface: "eth0", namespace: "red-in-kernel", address: "10.0.0.1/24" }),
  ],
};

test.each([
  ["lan", { namespace: undefined, name: "br0" }],
  ["br0", { namespace: undefined, name: "br0" }],
  ["host/br0", { namespace: undefined, name: "br0" }],
  ["wire", { namespace: "red-in-kernel", name: "eth0" }],
  ["wire.a", { namespace: "red-in-kernel", name: "eth0" }],
  ["wire.b", { namespace: "others", name: "eth0" }],
  ["others/eth0", { namespace: "others", name: "eth0" }],
])("%s is found as a link", (given, place) => {
  expect(findLink(view, given)).toEqual(place);
});

const linkKinds = everyExample.filter(({ kind }) => kind.interfaces !== undefined && "name" in kind.schema.entries);

test.each(linkKinds)("a $type is found as a link", ({ type, args }) => {
  const { namespace, name } = args as { namespace?: string; name: string };
  expect(findLink({ ...view, resources: [resource(type, "one", { ...args })] }, "one")).toEqual({ namespace, name });
});

test.each([
  ["eth0", "eth0 is the name of several interfaces in this stack\n  help: use one of red-in-kernel/eth0, others/eth0"],
  ["ip", 'link "ip" not found in this stack'],
  ["wire.c", "did you mean wire.a or wire.b or wire?\n  help: available: lan, wire, wire.a, wire.b"],
])("%s is not found as a link", (given, message) => {
  expect(() => findLink(view, given)).toThrow(message);
});

test("the hosts of a stack are its namespaces, and foreign ones in which it has interfaces", () => {
  expect(hostsOf(view)).toEqual([
    { name: "others", namespace: "others" },
    { name: "red", namespace: "red-in-kernel" },
  ]);
});

test.each([
  ["name: seed\nruntime: nodejs\n", "seed"],
  ['description: x\nname:   "my.lab-1" # ours\n', "my.lab-1"],
  ["config:\n  name: other\n", undefined],
])("the project of %j is %s", (yaml, name) => {
  expect(nameIn(yaml)).toBe(name);
});

test("the addresses of a place are those of its links and of Address resources, without prefix lengths", () => {
  const at = (namespace: string | undefined, host?: string) => addressesIn(view, { host, namespace });
  expect(at("red-in-kernel")).toEqual(["10.0.0.2", "fd00::2", "10.0.0.1"]);
  expect([at("others"), at(undefined), at("red-in-kernel", "lab2")]).toEqual([[], [], []]);
});
