import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cidr, contains } from "../../provider/cidr.ts";
import { LanAddressPlan } from "../../sdk/components/lan-addresses.ts";
import { firstTwo } from "../../sdk/components/network.ts";

const NETWORKS = ["10.1.0.0/24", "fd00:1::/64"] as const;
const hosts = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 20 });

/** Returns the addresses of hosts in the order of a program, as a Lan assigns them: requested ones come first. */
function seat(
  names: readonly string[],
  fixed: ReadonlyMap<string, string> = new Map(),
  networks = [...NETWORKS] as string[],
) {
  const seats = new LanAddressPlan("lan", networks);
  seats.reserve(seats.firsts, "the gateway");
  const given = names.map(
    (name) => [name, seats.reserve(fixed.has(name) ? [fixed.get(name) ?? ""] : [], name)] as const,
  );
  return new Map(given.map(([name, own]) => [name, seats.complete(own, name)]));
}

const all = (seated: ReturnType<typeof seat>) => [...seated.values()].flat();
const inserted = fc.tuple(hosts, fc.nat()).map(([names, at]) => {
  const [added = "", ...rest] = names;
  const place = at % (rest.length + 1);
  return { added, before: rest.slice(0, place), behind: rest.slice(place) };
});

describe("the addresses of a LAN's hosts", () => {
  test("are unique, one of each network, and none is the network's or the gateway's", () => {
    fc.assert(
      fc.property(hosts, (names) => {
        const seated = seat(names);
        for (const addresses of seated.values()) {
          expect(addresses.map((address) => NETWORKS.findIndex((network) => contains(network, address)))).toEqual([
            0, 1,
          ]);
          expect(addresses.map((address) => cidr(address)?.length)).toEqual([24, 64]);
        }
        const taken = [...all(seated), "10.1.0.0/24", "10.1.0.1/24", "10.1.0.255/24", "fd00:1::/64", "fd00:1::1/64"];
        expect(new Set(taken).size).toBe(2 * names.length + 5);
      }),
    );
  });

  test("do not change if a host is added behind the others", () => {
    fc.assert(
      fc.property(hosts, (names) => {
        const without = seat(names.slice(0, -1));
        expect(new Map([...seat(names)].slice(0, -1))).toEqual(without);
      }),
    );
  });

  test("do not change if a host is added or removed anywhere, except in IPv4 if two hosts have the same hash", () => {
    fc.assert(
      fc.property(inserted, ({ added, before, behind }) => {
        const [without, withIt] = [seat([...before, ...behind]), seat([...before, added, ...behind])];
        const moved = [...without].filter(([name, addresses]) => withIt.get(name)?.join() !== addresses.join());
        expect(moved.filter(([name]) => before.includes(name))).toEqual([]);
        expect(moved.map(([name, [, v6]]) => [name, v6])).toEqual(moved.map(([name]) => [name, withIt.get(name)?.[1]]));
        const [newcomer = ""] = withIt.get(added) ?? [];
        if (!all(without).includes(newcomer)) expect(moved).toEqual([]);
      }),
    );
  });

  test("rarely change: of two hundred hosts that are added between ten, few cause a change", () => {
    const names = Array.from({ length: 10 }, (_, index) => `host${index}`);
    const there = seat(names);
    const meeting = Array.from({ length: 200 }, (_, index) => `new${index}`).filter((added) => {
      const now = seat([...names.slice(0, 5), added, ...names.slice(5)]);
      return names.some((name) => now.get(name)?.join() !== there.get(name)?.join());
    });
    // Each of the five hosts behind the added one has the same hash with a probability of 1 in 254: four changes are expected.
    expect(meeting.length).toBeLessThan(12);
  });

  test("are the requested ones, at any place in the program, and other hosts get others", () => {
    fc.assert(
      fc.property(inserted, fc.integer({ min: 2, max: 254 }), ({ added, before, behind }, number) => {
        const seated = seat([...before, added, ...behind], new Map([[added, `10.1.0.${number}`]]));
        expect(seated.get(added)?.[0]).toBe(`10.1.0.${number}/24`);
        expect(new Set(all(seated)).size).toBe(2 * seated.size);
      }),
    );
  });

  test.each([
    ["red", ["10.1.0.205/24", "fd00:1::1f1d:a0cd/64"]],
    ["blue", ["10.1.0.153/24", "fd00:1::c0e0:699/64"]],
  ])("of %s are always the same", (name, addresses) => {
    expect(seat([name]).get(name)).toEqual(addresses);
  });
});

describe.each([
  ["10.1.0.0/29", 5],
  ["10.1.0.0/30", 1],
  ["10.1.0.0/24", 253],
  ["fd00:1::/125", 5],
])("a LAN of %s", (network, room) => {
  const names = Array.from({ length: room + 1 }, (_, index) => `host${index}`);

  test(`has room for ${room} hosts beside its gateway, and then fails`, () => {
    expect(new Set(all(seat(names.slice(0, room), new Map(), [network]))).size).toBe(room);
    expect(() => seat(names, new Map(), [network])).toThrow(
      `${network} is full: ${room + 1} addresses are in use and none is left for host${room}. Use a larger network`,
    );
  });
});

test.each([
  [
    { red: "10.2.0.7" },
    `red cannot have "10.2.0.7": it is outside the networks of the LAN lan, 10.1.0.0/24, fd00:1::/64; use an address in one of them, e.g. "10.1.0.2"`,
  ],
  [
    { red: "10.1.0.7/24" },
    `red cannot have "10.1.0.7/24": it has a prefix length, which is not allowed here; use "10.1.0.7"`,
  ],
  [{ red: "seven" }, `red cannot have "seven": it is a name; an address is required, e.g. "10.1.0.2"`],
  [{ red: "10.1.0.256" }, `red cannot have "10.1.0.256": 256 is greater than 255, e.g. "10.1.0.2"`],
  [{ red: "" }, `red cannot have "": it is not an address; use one of the LAN, e.g. "10.1.0.2"`],
  [
    { red: "10.1.0.1" },
    `red cannot have "10.1.0.1": the gateway already has it. Give one of them another address in 10.1.0.0/24`,
  ],
  [
    { red: "10.1.0.255" },
    `red cannot have "10.1.0.255": it is the network or broadcast address. Use a host address, e.g. "10.1.0.2"`,
  ],
  [{ red: "10.1.0.7", blue: "10.1.0.7" }, `blue cannot have "10.1.0.7": red already has it`],
  [{ red: "fd00:1::a", blue: "FD00:1:0::A" }, `blue cannot have "FD00:1:0::A": red already has it`],
])("addresses %j are refused", (fixed, why) => {
  expect(() => seat(Object.keys(fixed), new Map(Object.entries(fixed)))).toThrow(why);
});

test.each([
  ["10.1.0.0", `"10.1.0.0" is not a network: the prefix length is missing, as in "10.1.0.0/24"`],
  ["0.0.0.0", '"0.0.0.0" is not a network: it is the unspecified address, which is in no network'],
  ["10.1.0.0/33", `"10.1.0.0/33" is not a network: its prefix length is 33; the maximum for IPv4 is 32`],
  ["", `"" is not a network in CIDR form, e.g. "192.168.15.0/24" or "fd00:15::/64"`],
  ["10.1.0.7/24", `"10.1.0.7/24" is a host address, but a network is required; the network is "10.1.0.0/24"`],
  ["10.1.0.0/31", `"10.1.0.0/31" is too small; its prefix length may be at most /30, e.g. "10.1.0.0/30"`],
  ["fd00::/128", `"fd00::/128" is too small; its prefix length may be at most /126, e.g. "fd00::/126"`],
])("a LAN of %s is refused", (network, why) => {
  expect(() => new LanAddressPlan("lan", [network])).toThrow(why);
});

test("networks that only a program without types can give are refused, too", () => {
  const seats = (networks: unknown) => () => new LanAddressPlan("lan", networks as string[]);
  expect(seats([10])).toThrow("10 is not a network in CIDR form");
});

test.each([
  ["10.0.0.0/31", "10.0.0.0/31", "10.0.0.1/31"],
  ["10.0.0.4/30", "10.0.0.5/30", "10.0.0.6/30"],
  ["10.0.0.0/24", "10.0.0.1/24", "10.0.0.2/24"],
  ["fd00:0:0:1::/127", "fd00:0:0:1::/127", "fd00:0:0:1::1/127"],
  ["fd00:0:0:1::/64", "fd00:0:0:1::1/64", "fd00:0:0:1::2/64"],
])("the ends of a link in %s are %s and %s", (network, a, b) => {
  expect(firstTwo(network)).toEqual({ a, b });
});

test.each([
  ["10.0.0.0/32", `"10.0.0.0/32" is too small; its prefix length may be at most /31, e.g. "10.0.0.0/31"`],
  ["10.0.0.1/31", `"10.0.0.1/31" is a host address, but a network is required; the network is "10.0.0.0/31"`],
])("a link in %s is refused", (network, why) => {
  expect(() => firstTwo(network)).toThrow(why);
});
