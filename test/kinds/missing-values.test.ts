import fc from "fast-check";
import { expect, test } from "vitest";
import { bridge, namespace, sysctl } from "../../provider/kinds/index.ts";
import { withArticle } from "../../provider/message.ts";
import { check } from "../../provider/schema.ts";
import * as sdk from "../../sdk/index.ts";
import { type Host, Lan, Namespace, Router, Sysctl, Veth } from "../../sdk/index.ts";
import { edit, failure, ip, labHostForEachTest } from "../support/edited.ts";
import { everyKind } from "../support/every-kind.ts";

labHostForEachTest();

/** The classes by name. A program without types can pass any arguments. */
const classes = sdk as unknown as Record<string, new (...args: unknown[]) => unknown>;
const make = (type: string, ...args: unknown[]) => {
  const Class = classes[type];
  return Class === undefined ? undefined : new Class(...args);
};

const NO_NAME = (type: string) =>
  `${withArticle(type)} has no name\n  help: give a text as the first argument, and the arguments after it: new ${type}("red", …)`;

test.each([...everyKind.map(({ type }) => type), "Host", "Router", "Lan", "Link", "Trunk"])(
  "a %s without a name, or with invalid arguments in its place, is an error that says so",
  async (type) => {
    expect(await failure(() => make(type))).toContain(NO_NAME(type));
    expect(await failure(() => make(type, undefined, { name: "x" }))).toContain(NO_NAME(type));
    expect(await failure(() => make(type, ""))).toContain(NO_NAME(type));
    expect(await failure(() => make(type, { name: "x" }))).toContain(
      `the name of ${withArticle(type)} is {"name":"x"}, which is not text`,
    );
    expect(await failure(() => make(type, "one", "two"))).toContain('"two" is not an object with');
  },
);

test.each([
  ["Route", "destination"],
  ["Sysctl", "key"],
  ["Address", "interface"],
  ["Veth", "a.name"],
  ["Vlan", "link"],
  ["Bond", "mode"],
  ["NatRule", "type"],
  ["FilterChain", "chain"],
  ["Process", "command"],
  ["Lan", "networks"],
  ["Link", "a"],
])("the error about a %s without arguments names %s", async (type, property) => {
  const told = await failure(() => make(type, "one"));
  expect(told).toContain(property);
  expect(told).toMatch(/missing required argument|undefined is not |nothing is not /);
  expect(told).not.toMatch(/Cannot (read|destructure)/);
});

test("the error about a host that a LAN does not have lists its hosts", async () => {
  const lan = () => new Lan("lan", { networks: ["10.9.0.0/24"], gateways: [], hosts: ["zoey", "ben"] });
  const named = (name: string) => failure(() => (lan().hosts as Record<string, Host>)[name]?.namespace);
  expect(await named("zoe")).toContain(
    'the LAN lan creates no host "zoe"; did you mean zoey?\n  help: its hosts: zoey, ben',
  );
  expect(await named("anna")).toContain('the LAN lan creates no host "anna"\n  help: its hosts: zoey, ben');
  const program = () => {
    const { zoe } = lan().hosts as unknown as Record<string, Host>;
    new Sysctl("forward", { ...(zoe && { namespace: zoe }), key: "net.ipv4.ip_forward", value: 1 });
  };
  expect(await failure(program)).toContain('the LAN lan creates no host "zoe"');
  const empty = () => new Lan("empty", { networks: ["10.9.0.0/24"] });
  expect(await failure(() => (empty().hosts as Record<string, Host>)["a"])).toContain("its argument hosts is empty");
});

test("the hosts of a LAN behave like a plain object", async () => {
  await edit(() => {
    const { hosts } = new Lan("lan", { networks: ["10.9.0.0/24"], gateways: [], hosts: ["anna", "then", "toString"] });
    expect(Object.keys(hosts)).toEqual(["anna", "then", "toString"]);
    expect("anna" in hosts).toBe(true);
    expect("zoe" in hosts).toBe(false);
    expect(hosts.anna.name).toBe("anna");
    expect(hosts.toString.name).toBe("toString");
    expect(Object.values({ ...hosts })).toHaveLength(3);
  });
  expect((await ip("netns")).map(({ name }) => String(name)).sort()).toEqual(["anna", "then", "toString"]);
});

test.each<[string, string, () => unknown]>([
  ["the name of a resource", 'Namespace "ns-undefined"', () => new Namespace("ns-undefined")],
  ["the name of a component", 'Router "undefined"', () => new Router("undefined")],
  ["the name in the kernel", '"p-undefined"', () => new Veth("w", { a: { name: "p-undefined" }, b: { name: "y" } })],
  ["the name of a namespace", '"undefined.x"', () => new Namespace("n", { name: "undefined.x" })],
  [
    "a reference by name",
    '"undefined"',
    () => new Sysctl("s", { namespace: "undefined", key: "net.core.a", value: 1 }),
  ],
  [
    "a key",
    '"net.ipv4.conf.undefined.rp_filter"',
    () => new Sysctl("s", { key: "net.ipv4.conf.undefined.rp_filter", value: 1 }),
  ],
])("a missing value in the text of %s is refused", async (_what, given, program) => {
  expect(await failure(program)).toMatch(given);
  expect(await failure(program)).toContain(
    'it contains "undefined", which is the text of a missing value, such as a misspelt property',
  );
});

test.each(["10.0.undefined.1/24", "10.0.NaN.1/24", "undefined/24"])(
  "a missing value in the address %s is refused",
  (address) => {
    const word = address.includes("NaN") ? "NaN" : "undefined";
    expect(check(bridge.schema, { name: "br0", addresses: [address] })).toMatchObject({
      failures: [
        { property: "addresses.0", reason: expect.stringContaining(`it contains "${word}", which`) as string },
      ],
    });
  },
);

test("only the whole word undefined is a missing value", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]{0,3}$/), fc.stringMatching(/^[a-z0-9]{0,3}$/), (before, after) => {
      const name = `${before}undefined${after}`;
      const isWord = name === "undefined";
      expect("failures" in check(namespace.schema, { name })).toBe(isWord);
      expect("failures" in check(bridge.schema, { name })).toBe(isWord);
      expect("failures" in check(sysctl.schema, { key: `net.${name}`, value: "1" })).toBe(isWord);
    }),
  );
});

test("commands, files and variables may contain the word undefined", async () => {
  const command = ["sh", "-c", "test undefined = undefined && exec sleep infinity"];
  await edit(() => new sdk.Process("p", { command, files: { "a.js": "x === undefined" }, env: { A: "undefined" } }));
});
