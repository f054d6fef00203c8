import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Attachments } from "../../provider/attachments.ts";
import { type Generations, type InterfaceState, nextGenerations } from "../../provider/generations.ts";
import { UNKNOWN } from "../../provider/schema.ts";

type Args = Readonly<Record<string, InterfaceState>>;
interface Tied {
  readonly __follows?: Attachments;
}

/** Returns the next generations of an object whose interfaces are its arguments. */
const next = (olds: object, news: Args, ties: Tied = {}): Generations =>
  nextGenerations<{ readonly links: Args }>(({ links }) => links, olds, { links: news, ...ties });

const STATE: Generations = {
  a: {
    object: "aaaaaaa1",
    ipv6: "aaaaaaa2",
    routes: "aaaaaaa3",
    ipv4: "aaaaaaa6",
    neighbors: "aaaaaaa4",
    membership: "aaaaaaa5",
  },
  b: {
    object: "bbbbbbb1",
    ipv6: "bbbbbbb2",
    routes: "bbbbbbb3",
    ipv4: "bbbbbbb6",
    neighbors: "bbbbbbb4",
    membership: "bbbbbbb5",
  },
};

/** Returns which generations of an interface change, for a change of the interface and of the objects that it follows. */
function changed(from: Partial<InterfaceState>, to: Partial<InterfaceState>, was: Tied = {}, is: Tied = {}): string[] {
  const [before, after] = [
    { up: true, ...from },
    { up: true, ...to },
  ];
  const { a } = next({ links: { a: before }, __generations: STATE, ...was }, { a: after }, is);
  return (["object", "ipv6", "routes", "ipv4", "neighbors", "membership"] as const).filter(
    (need) => a?.[need] !== STATE["a"]?.[need],
  );
}

const [ONE, TWO, FAR, SIX, SEVEN] = ["10.0.0.1/24", "10.0.0.2/24", "10.1.0.1/24", "fd00::1/64", "fd00::2/64"];

describe("the generations of an interface", () => {
  test.each<[string, Partial<InterfaceState>, Partial<InterfaceState>, string[]]>([
    [
      "are unchanged if nothing changes",
      { mtu: 1500, addresses: [ONE, SIX] },
      { mtu: 1500, addresses: [ONE, SIX] },
      [],
    ],
    ["change for IPv6 and neighbours if the interface is set down", { up: true }, { up: false }, ["ipv6", "neighbors"]],
    [
      "change for routes if it is set up, since routes can be created only then",
      { up: false },
      { up: true },
      ["routes"],
    ],
    [
      "change for neighbours if the MAC address changes",
      { mac: "02:00:00:00:00:01" },
      { mac: "02:00:00:00:00:02" },
      ["neighbors"],
    ],
    ["change for the membership if it joins a master", {}, { master: "br0" }, ["membership"]],
    ["change for the membership if it leaves its master", { master: "br0" }, {}, ["membership"]],
    ["are unchanged with the same master", { master: "br0" }, { master: "br0" }, []],
    ["are unchanged while it is down", { up: false }, { up: false }, []],
    ["change for IPv6 if the MTU becomes too small for it", { mtu: 1280 }, { mtu: 1279 }, ["ipv6"]],
    ["are unchanged if the MTU becomes large enough", { mtu: 1279 }, { mtu: 1280 }, []],
    ["are unchanged if the MTU becomes smaller and is still large enough", { mtu: 9000 }, { mtu: 1280 }, []],
    ["are unchanged while the MTU is too small", { mtu: 1000 }, { mtu: 900 }, []],
    ["change for IPv6 if the MTU was the kernel's default and becomes too small", {}, { mtu: 1279 }, ["ipv6"]],
    ["are unchanged if the MTU is left to the kernel again", { mtu: 1279 }, {}, []],
    ["change for IPv4 routes if an address is removed", { addresses: [ONE, TWO] }, { addresses: [ONE] }, ["ipv4"]],
    [
      "change for IPv4 routes and neighbours if all addresses are removed",
      { addresses: [ONE] },
      {},
      ["ipv4", "neighbors"],
    ],
    [
      "change for IPv4 routes and neighbours if an address changes",
      { addresses: [ONE] },
      { addresses: [FAR] },
      ["ipv4", "neighbors"],
    ],
    [
      "change for IPv4 routes and neighbours if the order of the addresses changes",
      { addresses: [ONE, TWO] },
      { addresses: [TWO, ONE] },
      ["ipv4", "neighbors"],
    ],
    ["are unchanged if addresses are added at the end", { addresses: [ONE] }, { addresses: [ONE, FAR, TWO] }, []],
    [
      "change for IPv4 routes and neighbours if an address is added before the others",
      { addresses: [ONE] },
      { addresses: [FAR, ONE] },
      ["ipv4", "neighbors"],
    ],
    [
      "change for IPv4 routes if an address is added between others",
      { addresses: [ONE, TWO] },
      { addresses: [ONE, FAR, TWO] },
      ["ipv4"],
    ],
    [
      "are unchanged if an IPv6 address is added between others",
      { addresses: [ONE, TWO] },
      { addresses: [ONE, SIX, TWO] },
      [],
    ],
    ["are unchanged if the first address is added", {}, { addresses: [ONE] }, []],
    ["are unchanged if an IPv6 address is removed", { addresses: [ONE, SIX] }, { addresses: [ONE] }, []],
    [
      "are unchanged if the order of IPv6 addresses changes",
      { addresses: [SIX, SEVEN] },
      { addresses: [SEVEN, SIX] },
      [],
    ],
    [
      "are unchanged if an IPv6 address is moved before IPv4 addresses",
      { addresses: [ONE, SIX] },
      { addresses: [SIX, ONE] },
      [],
    ],
    [
      "change for all three if all are affected",
      { addresses: [ONE], mtu: 1500 },
      { mtu: 1000 },
      ["ipv6", "ipv4", "neighbors"],
    ],
    [
      "change for IPv4 routes and neighbours if the addresses are unknown",
      { addresses: [ONE] },
      { addresses: UNKNOWN as unknown as string[] },
      ["ipv4", "neighbors"],
    ],
    [
      "change for IPv4 routes if one of the addresses is unknown",
      { addresses: [ONE, TWO] },
      { addresses: [ONE, UNKNOWN] },
      ["ipv4"],
    ],
    [
      "change for IPv4 routes only if an IPv6 address is removed beside an IPv4 one",
      { addresses: [ONE, TWO, SIX] },
      { addresses: [ONE] },
      ["ipv4"],
    ],
    ["are unchanged if an added address is unknown", { addresses: [ONE] }, { addresses: [ONE, UNKNOWN] }, []],
  ])("%s", (_what, from, to, needs) => {
    expect(changed(from, to)).toEqual(needs);
  });

  const switched = (value: string) => `ipv6:net.ipv6.conf.all.disable_ipv6=${value}`;

  test.each<[string, Attachments, Attachments, string[]]>([
    ["are unchanged if a switch of IPv6 is unchanged", [switched("0")], [switched("0")], []],
    ["change for IPv6 if the value of the switch changes", [switched("0")], [switched("1")], ["ipv6"]],
    ["change for IPv6 if a switch is added", undefined, [switched("1")], ["ipv6"]],
    ["change for IPv6 if a switch is removed", [switched("1")], [], ["ipv6"]],
    ["change for IPv6 if the objects that it follows are unknown", [switched("1")], UNKNOWN, ["ipv6"]],
    ["are unchanged if its bridge is a new one of the same name", ["br0#1"], ["br0#2"], []],
    ["are unchanged if its bridge is another one", ["br0#1", switched("0")], ["br1#1", switched("0")], []],
    ["are unchanged if its bridge is removed and a switch is moved", [switched("0"), "br0#1"], [switched("0")], []],
  ])("%s", (_what, was, is, needs) => {
    expect(changed({}, {}, { __follows: was }, { __follows: is })).toEqual(needs);
  });
});

describe("an object", () => {
  const fresh = expect.stringMatching(/^[0-9a-f]{8}$/);
  const NEW = { object: fresh, ipv6: fresh, routes: fresh, ipv4: fresh, neighbors: fresh, membership: fresh };

  test.each([
    ["without a state", {}],
    ["of a state of version 0.1.0", { links: { a: { up: true } } }],
  ])("%s gets unique generations", (_what, olds) => {
    const [one, other] = [next(olds, { a: { up: true } }), next(olds, { a: { up: true } })];
    expect(one).toEqual({ a: NEW });
    expect(new Set([one, other].flatMap(({ a }) => Object.values(a ?? {}))).size).toBe(12);
  });

  test("has generations for each interface, and a change of one does not affect the others", () => {
    const olds = { links: { a: { up: true }, b: { up: true } }, __generations: STATE };
    const news = next(olds, { a: { up: true }, b: { up: false } });
    expect(news).toEqual({ a: STATE["a"], b: { ...STATE["b"], ipv6: fresh, neighbors: fresh } });
    expect(news["b"]?.ipv6).not.toBe(STATE["b"]?.ipv6);
  });

  test("gets new generations for an added interface, and none for a removed one", () => {
    const olds = { links: { a: { up: true }, b: { up: true } }, __generations: STATE };
    expect(next(olds, { a: { up: true }, c: { up: true } })).toEqual({
      a: STATE["a"],
      c: NEW,
    });
  });

  test("keeps the generations of a state that has fewer, and has empty ones for the others until they change", () => {
    const { object, ipv6, routes } = STATE["a"] ?? { object: "", ipv6: "", routes: "" };
    const olds = { links: { a: { up: true } }, __generations: { a: { object, ipv6, routes } } };
    const kept = { object, ipv6, routes, ipv4: "", neighbors: "", membership: "" };
    expect(next(olds, { a: { up: true } })).toEqual({ a: kept });
    expect(next(olds, { a: { up: true, master: "br0" } })).toEqual({ a: { ...kept, membership: fresh } });
  });

  test("keeps the generations of an interface that is unknown", () => {
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

test("the object keeps its generation in any change in place, and a second check changes no generation", () => {
  fc.assert(
    fc.property(carrying, carrying, (from, to) => {
      const olds = { links: { a: from }, __generations: STATE };
      const generations = next(olds, { a: to });
      expect(generations["a"]?.object).toBe("aaaaaaa1");
      expect(next({ links: { a: to }, __generations: generations }, { a: to })).toEqual(generations);
    }),
  );
});
