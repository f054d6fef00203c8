import { describe, expect, test } from "vitest";
import { type ObservedRoute, route } from "../../../provider/kinds/route.ts";
import { MARK, ready } from "../samples.ts";
import { type Exchange, fails, scripted, tells } from "../script.ts";
import { foreign, seen, V4 } from "./route-sample.ts";

describe("the observed state", () => {
  const LINK = { ifindex: 1, ifname: "lo", flags: ["UP"], mtu: 65_536, address: "00:00:00:00:00:00" };
  const entry = {
    type: "unicast",
    dst: "10.7.0.0/16",
    gateway: "192.168.15.5",
    dev: "eth0",
    protocol: "201",
    flags: [],
  };
  const LO: Exchange = ["ip -json -details address show dev lo", tells([LINK])];
  const ETH0: Exchange = ["ip -json -details address show dev eth0", tells([{ ...LINK, ifname: "eth0" }])];
  const observe = (answer: ReturnType<typeof fails>, ...more: Exchange[]) =>
    scripted([["ip -json -details -4 route show exact 10.7.0.0/16 table 254", answer], ...more], (kernel) =>
      route.observe(kernel, ready(route, V4), MARK),
    );
  const of = (args: object = {}) => seen({ ...V4, interface: "eth0", ...args });

  test.each<[string, object[], Exchange[], ObservedRoute | undefined]>([
    ["a route", [entry], [LO, ETH0], of()],
    [
      "a route with all properties",
      [{ ...entry, prefsrc: "192.168.15.1", metrics: [{ rtt: 1 }, { mtu: 1400 }], flags: ["linkdown", "onlink"] }],
      [LO, ETH0],
      of({ source: "192.168.15.1", mtu: 1400, onlink: true }),
    ],
    [
      "a route of type blackhole",
      [{ ...entry, type: "blackhole", gateway: undefined, dev: undefined }],
      [LO],
      seen({ destination: "10.7.0.0/16", type: "blackhole" }),
    ],
    [
      "a foreign route",
      [{ ...entry, protocol: "static" }],
      [ETH0],
      { ...foreign(V4), state: { ...ready(route, { ...V4, interface: "eth0" }), protocol: "static" } },
    ],
    [
      "its own route before a foreign one",
      [{ ...entry, protocol: "static", gateway: "192.168.15.6" }, entry],
      [LO, ETH0],
      of(),
    ],
    [
      "a route of a type that no argument can describe",
      [{ ...entry, type: "multicast" }],
      [LO, ETH0],
      { ...of(), state: undefined },
    ],
    ["undefined with another metric", [{ ...entry, metric: 50 }], [LO], undefined],
    ["undefined with an empty table", [], [LO], undefined],
  ])("is %s", async (_what, entries, looks, expected) => {
    expect(await observe(tells(entries), ...looks)).toEqual(expected);
  });

  test.each([
    "Error: ipv4: FIB table does not exist.\nDump terminated",
    'Cannot open network namespace "red": No such file or directory',
  ])("is undefined after %j", async (stderr) => {
    expect(await observe(fails(stderr), LO)).toBeUndefined();
  });
});
