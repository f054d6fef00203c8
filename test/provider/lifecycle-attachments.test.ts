import { describe, expect, test } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import { bridge } from "../../provider/kinds/bridge.ts";
import { type Lifecycle, lifecycle } from "../../provider/lifecycle.ts";
import type { Properties } from "../../provider/properties.ts";
import { UNKNOWN } from "../../provider/schema.ts";
import { MARK } from "./samples.ts";
import { contextOver, untouched } from "./script.ts";

const SIBLING = "pulumi-netns:lab/dev:sibling@89abcdef";
const bridges = (ended = new Set<string>()): Lifecycle => lifecycle(bridge, contextOver(untouched, { ended }));
const ARGS = { name: "br0", mac: "02:00:00:00:00:01", up: true, stp: false, vlanFiltering: false, __mark: MARK };
const diff = (olds: object, news: object, life = bridges()) =>
  life.diff("br0", { ...ARGS, ...olds }, { ...ARGS, ...news });
const same = { changes: false, replaces: [], deleteBeforeReplace: true };
const updated = { ...same, changes: true };
const replaced = { ...updated, replaces: ["__on"] };

describe("a resource", () => {
  test.each([
    ["is unchanged if its link is the same", ["x#1"], ["x#1"], same],
    ["is replaced if its link is a new one of the same name", ["x#1"], ["x#2"], replaced],
    ["is unchanged if the state has only the name of its link, as written by version 0.1.0", ["x"], ["x#2"], same],
    ["is replaced if its links are unknown", ["x#1"], UNKNOWN, replaced],
  ])("%s", (_what, was, is, expected) => {
    expect(diff({ __on: was }, { __on: is })).toEqual(expected);
  });

  test.each([
    ["is unchanged if its bridge is the same", ["x#1"], ["x#1"], same],
    ["is updated if its bridge is a new one", ["x#1"], ["x#2"], updated],
    ["is updated if it follows one more object", ["x#1"], ["x#1", "ipv6:a=1"], updated],
    ["is updated if it follows one object fewer", ["x#1", "ipv6:a=1"], ["x#1"], updated],
    ["is updated if a switch that it follows has another value", ["ipv6:a=1"], ["ipv6:a=0"], updated],
    ["is updated if its bridge is unknown", ["x#1"], UNKNOWN, updated],
  ])("%s", (_what, was, is, expected) => {
    expect(diff({ __follows: was }, { __follows: is })).toEqual(expected);
  });

  test("is updated if its object was ended to make room for another one; other resources are not", () => {
    expect(diff({}, {}, bridges(new Set([MARK])))).toEqual(updated);
    expect(diff({}, {}, bridges(new Set([SIBLING])))).toEqual(same);
  });

  test("is not changed by its generations, nor by __atHome", () => {
    const generations = { self: { object: "1", ipv6: "2", routes: "3" } };
    expect(diff({}, { __generations: generations, __atHome: true })).toEqual(same);
  });
});

describe("the generations that a check returns", () => {
  const check = (type: string, olds: object, news: object) => {
    const { inputs } =
      lifecycles(untouched)
        .get(type)
        ?.check(olds, { ...news, __mark: MARK }) ?? {};
    return inputs as Properties;
  };
  const PAIR = { a: { name: "x" }, b: { name: "y", namespace: "red" } };

  test("exist for each interface", () => {
    expect(Object.keys(check("Bridge", {}, { name: "br0" }).__generations ?? {})).toEqual(["self"]);
    expect(Object.keys(check("Veth", {}, PAIR).__generations ?? {})).toEqual(["a", "b"]);
  });

  test.each([
    ["Namespace", { name: "red" }],
    ["Address", { interface: "x", address: "10.0.0.1/24" }],
    ["Route", { destination: "default", via: "10.0.0.1" }],
    ["Sysctl", { key: "net.ipv4.ip_forward", value: "1" }],
    ["NatRule", { type: "masquerade" }],
    ["Process", { command: ["sleep", "1"] }],
    ["Hosts", { namespace: "red" }],
  ])("do not exist for a %s, since no object is attached to it", (type, args) => {
    expect(check(type, {}, args)).not.toHaveProperty("__generations");
  });

  test("stay the same between checks, and change with the normal form of the arguments", () => {
    const first = check("Veth", {}, PAIR);
    expect(check("Veth", first, PAIR)).toEqual(first);
    // Up is the default.
    expect(check("Veth", first, { ...PAIR, a: { name: "x", up: true } })).toEqual(first);
    const down = check("Veth", first, { ...PAIR, a: { name: "x", up: false } }).__generations;
    expect(down).toEqual({
      ...first.__generations,
      a: {
        ...first.__generations?.["a"],
        ipv6: expect.stringMatching(/^[0-9a-f]{8}$/),
        neighbors: expect.stringMatching(/^[0-9a-f]{8}$/),
      },
    });
    expect(down?.["a"]?.ipv6).not.toBe(first.__generations?.["a"]?.ipv6);
  });

  test("change with the switches that the resource follows", () => {
    const first = check("Bridge", {}, { name: "br0", __follows: ["ipv6:a=0"] });
    const second = check("Bridge", first, { name: "br0", __follows: ["ipv6:a=1"] });
    expect(second.__generations?.["self"]?.object).toBe(first.__generations?.["self"]?.object);
    expect(second.__generations?.["self"]?.ipv6).not.toBe(first.__generations?.["self"]?.ipv6);
  });

  test("are not read from the program", () => {
    const given = { self: { object: "1", ipv6: "2", routes: "3" } };
    expect(check("Bridge", {}, { name: "br0", __generations: given }).__generations).not.toEqual(given);
  });
});
