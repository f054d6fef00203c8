import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Attachments } from "../../provider/attachments.ts";
import { type Generations, type InterfaceState, nextGenerations } from "../../provider/generations.ts";
import { UNKNOWN } from "../../provider/schema.ts";

type Args = Readonly<Record<string, InterfaceState>>;
interface Tied {
  readonly __follows?: Attachments;
}

/** The generations of an object whose interfaces are its arguments. */
const next = (olds: object, news: Args, ties: Tied = {}): Generations =>
  nextGenerations<{ readonly links: Args }>(({ links }) => links, olds, { links: news, ...ties });

const STATE: Generations = {
  a: { object: "aaaaaaa1", ipv6: "aaaaaaa2", routes: "aaaaaaa3", neighbors: "aaaaaaa4", membership: "aaaaaaa5" },
  b: { object: "bbbbbbb1", ipv6: "bbbbbbb2", routes: "bbbbbbb3", neighbors: "bbbbbbb4", membership: "bbbbbbb5" },
};

/** Which generations of an interface change when it changes like this, and what the object follows. */
function changed(from: Partial<InterfaceState>, to: Partial<InterfaceState>, was: Tied = {}, is: Tied = {}): string[] {
  const [before, after] = [
    { up: true, ...from },
    { up: true, ...to },
  ];
  const { a } = next({ links: { a: before }, __generations: STATE, ...was }, { a: after }, is);
  return (["object", "ipv6", "routes", "neighbors", "membership"] as const).filter(
    (need) => a?.[need] !== STATE["a"]?.[need],
  );
}

const [ONE, TWO, FAR, SIX, SEVEN] = ["10.0.0.1/24", "10.0.0.2/24", "10.1.0.1/24", "fd00::1/64", "fd00::2/64"];

describe("the generations of an interface", () => {
  test.each<[string, Partial<InterfaceState>, Partial<InterfaceState>, string[]]>([
    ["stay as long as nothing changes", { mtu: 1500, addresses: [ONE, SIX] }, { mtu: 1500, addresses: [ONE, SIX] }, []],
    ["change for IPv6 and neighbours when it goes down", { up: true }, { up: false }, ["ipv6", "neighbors"]],
    ["change for routes when it comes up, which can be made again only then", { up: false }, { up: true }, ["routes"]],
    [
      "change for neighbours with another MAC address",
      { mac: "02:00:00:00:00:01" },
      { mac: "02:00:00:00:00:02" },
      ["neighbors"],
    ],
    ["change for the membership when it joins a master", {}, { master: "br0" }, ["membership"]],
    ["change for the membership when it leaves its master", { master: "br0" }, {}, ["membership"]],
    ["stay with the same master", { master: "br0" }, { master: "br0" }, []],
    ["stay while it is down", { up: false }, { up: false }, []],
    ["change for IPv6 when it becomes too small for that", { mtu: 1280 }, { mtu: 1279 }, ["ipv6"]],
    ["stay when it becomes large enough", { mtu: 1279 }, { mtu: 1280 }, []],
    ["stay when it becomes smaller, and large enough still", { mtu: 9000 }, { mtu: 1280 }, []],
    ["stay while it is too small", { mtu: 1000 }, { mtu: 900 }, []],
    ["change for IPv6 when it becomes too small after the kernel's own choice", {}, { mtu: 1279 }, ["ipv6"]],
    ["stay when its size is left to the kernel again", { mtu: 1279 }, {}, []],
    ["change for routes when an address goes", { addresses: [ONE, TWO] }, { addresses: [ONE] }, ["routes"]],
    ["change for routes and neighbours when all addresses go", { addresses: [ONE] }, {}, ["routes", "neighbors"]],
    [
      "change for routes and neighbours when an address is another",
      { addresses: [ONE] },
      { addresses: [FAR] },
      ["routes", "neighbors"],
    ],
    [
      "change for routes and neighbours in another order",
      { addresses: [ONE, TWO] },
      { addresses: [TWO, ONE] },
      ["routes", "neighbors"],
    ],
    ["stay when addresses come", { addresses: [ONE] }, { addresses: [ONE, FAR, TWO] }, []],
    [
      "change for routes and neighbours when an address comes before",
      { addresses: [ONE] },
      { addresses: [FAR, ONE] },
      ["routes", "neighbors"],
    ],
    [
      "change for routes when an address comes between",
      { addresses: [ONE, TWO] },
      { addresses: [ONE, FAR, TWO] },
      ["routes"],
    ],
    ["stay when IPv6 comes between", { addresses: [ONE, TWO] }, { addresses: [ONE, SIX, TWO] }, []],
    ["stay when the first address comes", {}, { addresses: [ONE] }, []],
    ["stay when an address of IPv6 goes", { addresses: [ONE, SIX] }, { addresses: [ONE] }, []],
    ["stay when addresses of IPv6 are in another order", { addresses: [SIX, SEVEN] }, { addresses: [SEVEN, SIX] }, []],
    ["stay when IPv6 comes before", { addresses: [ONE, SIX] }, { addresses: [SIX, ONE] }, []],
    ["change for all three", { addresses: [ONE], mtu: 1500 }, { mtu: 1000 }, ["ipv6", "routes", "neighbors"]],
    [
      "change for routes and neighbours when its addresses are not known yet",
      { addresses: [ONE] },
      { addresses: UNKNOWN as unknown as string[] },
      ["routes", "neighbors"],
    ],
    [
      "change for routes when one of its addresses is not known yet",
      { addresses: [ONE, TWO] },
      { addresses: [ONE, UNKNOWN] },
      ["routes"],
    ],
    ["stay when an address that comes is not known yet", { addresses: [ONE] }, { addresses: [ONE, UNKNOWN] }, []],
  ])("%s", (_what, from, to, needs) => {
    expect(changed(from, to)).toEqual(needs);
  });

  const switched = (value: string) => `ipv6:net.ipv6.conf.all.disable_ipv6=${value}`;

  test.each<[string, Attachments, Attachments, string[]]>([
    ["stay while a switch of IPv6 does", [switched("0")], [switched("0")], []],
    ["change for IPv6 when it is switched", [switched("0")], [switched("1")], ["ipv6"]],
    ["change for IPv6 when a switch comes", undefined, [switched("1")], ["ipv6"]],
    ["change for IPv6 when a switch goes", [switched("1")], [], ["ipv6"]],
    ["change for IPv6 while nothing is known of what it follows", [switched("1")], UNKNOWN, ["ipv6"]],
    ["stay when its bridge is made anew", ["br0#1"], ["br0#2"], []],
    ["stay when its bridge is another", ["br0#1", switched("0")], ["br1#1", switched("0")], []],
    ["stay when its bridge is another, and a switch comes later", [switched("0"), "br0#1"], [switched("0")], []],
  ])("%s", (_what, was, is, needs) => {
    expect(changed({}, {}, { __follows: was }, { __follows: is })).toEqual(needs);
  });
});

describe("an object", () => {
  const fresh = expect.stringMatching(/^[0-9a-f]{8}$/);
  const NEW = { object: fresh, ipv6: fresh, routes: fresh, neighbors: fresh, membership: fresh };

  test.each([
    ["that is new", {}],
    ["of a state of version 0.1.0", { links: { a: { up: true } } }],
  ])("%s has generations that no other has", (_what, olds) => {
    const [one, other] = [next(olds, { a: { up: true } }), next(olds, { a: { up: true } })];
    expect(one).toEqual({ a: NEW });
    expect(new Set([one, other].flatMap(({ a }) => Object.values(a ?? {}))).size).toBe(10);
  });

  test("has generations for each interface, and one of its interfaces changes by itself", () => {
    const olds = { links: { a: { up: true }, b: { up: true } }, __generations: STATE };
    const news = next(olds, { a: { up: true }, b: { up: false } });
    expect(news).toEqual({ a: STATE["a"], b: { ...STATE["b"], ipv6: fresh, neighbors: fresh } });
    expect(news["b"]?.ipv6).not.toBe(STATE["b"]?.ipv6);
  });

  test("has new generations for an interface that comes, and none for one that goes", () => {
    const olds = { links: { a: { up: true }, b: { up: true } }, __generations: STATE };
    expect(next(olds, { a: { up: true }, c: { up: true } })).toEqual({
      a: STATE["a"],
      c: NEW,
    });
  });

  test("of a state that has fewer generations keeps those, and has none of the others until they change", () => {
    const { object, ipv6, routes } = STATE["a"] ?? { object: "", ipv6: "", routes: "" };
    const olds = { links: { a: { up: true } }, __generations: { a: { object, ipv6, routes } } };
    const kept = { object, ipv6, routes, neighbors: "", membership: "" };
    expect(next(olds, { a: { up: true } })).toEqual({ a: kept });
    expect(next(olds, { a: { up: true, master: "br0" } })).toEqual({ a: { ...kept, membership: fresh } });
  });

  test("keeps the generations of an interface of which nothing is known yet", () => {
    const olds = { links: { a: { up: true }, b: { up: true } }, __generations: STATE };
    const unknown = UNKNOWN as unknown as InterfaceState;
    expect(next(olds, { a: unknown, b: { up: true } })).toEqual(STATE);
  });
});

const carrying = fc.record(
  {
    up: fc.boolean(),
    mtu: fc.option(fc.integer({ min: 1270, max: 1290 }), { nil: undefined }),
    addresses: fc.uniqueArray(fc.constantFrom(ONE, TWO, FAR, SIX, SEVEN)),
  },
  { requiredKeys: ["up"] },
);

test("whatever changes in place, the object is the same one, and its generations are settled after that", () => {
  fc.assert(
    fc.property(carrying, carrying, (from, to) => {
      const olds = { links: { a: from }, __generations: STATE };
      const generations = next(olds, { a: to });
      expect(generations["a"]?.object).toBe("aaaaaaa1");
      expect(next({ links: { a: to }, __generations: generations }, { a: to })).toEqual(generations);
    }),
  );
});
