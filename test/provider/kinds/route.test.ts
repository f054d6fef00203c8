import { describe, expect, test } from "vitest";
import { route, type SeenRoute } from "../../../provider/kinds/route.ts";
import { showPlan } from "../../../provider/plan.ts";
import { check, UNKNOWN } from "../../../provider/schema.ts";
import { MARK, ready } from "../samples.ts";
import { type Exchange, fails, scripted, tells } from "../script.ts";

const V4 = { destination: "10.7.0.0/16", via: "192.168.15.5" };
const V6 = { destination: "fd07::/64", via: "fd00:15::5" };
const seen = (args: object): SeenRoute => ({
  state: ready(route, args),
  mark: MARK,
  byUs: true,
  onOwnLink: false,
  note: undefined,
});
const foreign = (args: object): SeenRoute => ({ ...seen(args), mark: undefined, byUs: false });

test.each([
  [
    { destination: "10.7.0.1/16", via: "192.168.15.5" },
    "destination",
    '"10.7.0.1/16" is a host\'s address where a network is asked; the network is "10.7.0.0/16"',
  ],
  [
    { destination: "10.7.0.0", via: "192.168.15.5" },
    "destination",
    '"10.7.0.0" is not a destination: it lacks a prefix length',
  ],
  [
    { destination: "10.7.0.0/16" },
    "via",
    'is missing: a route needs the gateway it goes via, e.g. "192.168.15.5", or an interface',
  ],
  [
    { ...V4, via: "fd00::5" },
    "via",
    '"fd00::5" and the destination "10.7.0.0/16" must be of one family, both IPv4 or both IPv6',
  ],
  [
    { ...V6, via: "192.168.15.5" },
    "via",
    '"192.168.15.5" and the destination "fd07::/64" must be of one family, both IPv4 or both IPv6',
  ],
  [{ ...V4, via: "192.168.15.5/24" }, "via", '"192.168.15.5/24" is not the address of one host'],
  [{ ...V4, via: "224.0.0.1" }, "via", '"224.0.0.1" is not the address of one host'],
  [
    { destination: "10.7.0.0/16", interface: "eth0", source: "fd00::1" },
    "source",
    '"fd00::1" and the destination "10.7.0.0/16" must be of one family, both IPv4 or both IPv6',
  ],
  [
    { destination: "default", via: "192.168.15.5", source: "fd00::1" },
    "source",
    '"fd00::1" and the gateway "192.168.15.5" must be of one family, both IPv4 or both IPv6',
  ],
  [{ ...V4, type: "blackhole" }, "type", '"blackhole" leads nowhere, so it takes neither via nor interface'],
  [
    { destination: "default", type: "unreachable", interface: "eth0" },
    "type",
    '"unreachable" leads nowhere, so it takes neither via nor interface',
  ],
  [{ ...V4, type: "local" }, "type", '"local" is not one of "unicast", "blackhole", "unreachable", "prohibit"'],
  [{ ...V4, metric: -1 }, "metric", "-1 is not a metric: it is less than 0"],
  [{ ...V4, metric: 4_294_967_296 }, "metric", "4294967296 is not a metric"],
  [{ ...V4, table: 0 }, "table", "0 is not the number of a routing table: it is less than 1"],
  [{ ...V4, table: "main" }, "table", '"main" is not the number of a routing table'],
  [{ ...V4, mtu: 67 }, "mtu", "67 is not an MTU in bytes"],
  [
    { ...V4, onlink: true },
    "interface",
    "is missing: with onlink a route needs its gateway and the interface that leads to it",
  ],
  [
    { destination: "default", interface: "eth0", onlink: true },
    "via",
    "is missing: with onlink a route needs its gateway and the interface that leads to it",
  ],
])("%j is refused at %s: %s", (args, property, reason) => {
  expect(check(route.schema, args)).toEqual({ failures: [{ property, reason: expect.stringContaining(reason) }] });
});

test.each([
  { destination: "10.7.0.0/16", type: "unicast", via: UNKNOWN, onlink: false, table: 254 },
  { destination: "10.7.0.0/16", type: UNKNOWN, via: "192.168.15.5", onlink: false, table: 254 },
  { destination: "10.7.0.0/16", type: UNKNOWN, onlink: false, table: 254 },
  { destination: UNKNOWN, type: "unicast", via: "fd00::5", onlink: false, table: 254 },
  { destination: "10.7.0.0/16", type: "blackhole", interface: UNKNOWN, onlink: false, table: 254 },
  { destination: "default", type: "unicast", via: UNKNOWN, interface: UNKNOWN, onlink: true, table: 254 },
  { ...V4, type: "unicast", onlink: UNKNOWN, table: 254 },
  { destination: "default", type: "unicast", via: UNKNOWN, source: "fd00::1", onlink: false, table: 254 },
])("of %j no rule is asked as long as a part is unknown", (args) => {
  expect(check(route.schema, args)).toEqual({ args });
});

test.each([
  [V4, 0],
  [V6, 1024],
  [{ destination: "default", via: "192.168.15.5" }, 0],
  [{ destination: "default", via: "fd00:15::5" }, 1024],
  [{ destination: "default", interface: "eth0" }, 0],
  [{ destination: "default", interface: "eth0", source: "fd00::1" }, 1024],
  [{ ...V4, metric: 50 }, 50],
  [{ ...V6, metric: 0 }, 1024],
])("%j has the metric %d", (args, metric) => {
  expect(ready(route, args).metric).toBe(metric);
});

test.each([[{ destination: "default", via: UNKNOWN }], [{ destination: UNKNOWN, via: "192.168.15.5" }]])(
  "the metric of %j is not guessed",
  (args) => {
    expect(ready(route, args).metric).toBeUndefined();
  },
);

const BOTH = "protocol 201";

test.each([
  [V4, `ip -4 route add 10.7.0.0/16 via 192.168.15.5 ${BOTH}`],
  [{ ...V4, namespace: "red" }, `ip -n red -4 route add 10.7.0.0/16 via 192.168.15.5 ${BOTH}`],
  [{ destination: "default", via: "192.168.15.5" }, `ip -4 route add default via 192.168.15.5 ${BOTH}`],
  [{ destination: "default", via: "fd00:15::5" }, `ip -6 route add default via fd00:15::5 metric 1024 ${BOTH}`],
  [{ destination: "10.7.0.0/16", interface: "eth0" }, `ip -4 route add 10.7.0.0/16 dev eth0 ${BOTH}`],
  [
    { ...V4, interface: "eth0", source: "192.168.15.1", mtu: 1400, metric: 50, table: 100 },
    `ip -4 route add 10.7.0.0/16 via 192.168.15.5 dev eth0 metric 50 table 100 src 192.168.15.1 mtu 1400 ${BOTH}`,
  ],
  [{ destination: "10.7.0.0/16", type: "blackhole" }, `ip -4 route add blackhole 10.7.0.0/16 ${BOTH}`],
  [{ destination: "fd07::/64", type: "prohibit" }, `ip -6 route add prohibit fd07::/64 metric 1024 ${BOTH}`],
  [
    { destination: "default", via: "172.31.1.1", interface: "eth0", onlink: true, metric: 5 },
    `ip -4 route add default via 172.31.1.1 dev eth0 onlink metric 5 ${BOTH}`,
  ],
])("the plan to add %j", (args, text) => {
  expect(showPlan(route.plan({ seen: undefined, desired: ready(route, args), mark: MARK, atHome: true }))).toBe(text);
});

test.each([
  ["no change", V4, V4, ""],
  ["an interface that the kernel chose", { ...V4, interface: "eth0" }, V4, ""],
  ["another gateway", V4, { ...V4, via: "192.168.15.6" }, `ip -4 route replace 10.7.0.0/16 via 192.168.15.6 ${BOTH}`],
  [
    "another type",
    V4,
    { destination: "10.7.0.0/16", type: "unreachable" },
    `ip -4 route replace unreachable 10.7.0.0/16 ${BOTH}`,
  ],
  [
    "a gateway that is on the link from now on",
    { ...V4, interface: "eth0" },
    { ...V4, interface: "eth0", onlink: true },
    `ip -4 route replace 10.7.0.0/16 via 192.168.15.5 dev eth0 onlink ${BOTH}`,
  ],
  ["an MTU that goes", { ...V4, mtu: 1400 }, V4, `ip -4 route replace 10.7.0.0/16 via 192.168.15.5 ${BOTH}`],
])("the plan for %s", (_what, is, to, text) => {
  expect(showPlan(route.plan({ seen: seen(is), desired: ready(route, to), mark: MARK, atHome: true }))).toBe(text);
});

test.each([
  ["as it is to be", V4, V4, `ip -4 route replace 10.7.0.0/16 via 192.168.15.5 ${BOTH}`],
  [
    "as it is to be but for what the kernel chose",
    { ...V4, interface: "eth0" },
    V4,
    `ip -4 route replace 10.7.0.0/16 via 192.168.15.5 ${BOTH}`,
  ],
  [
    "as it is to be, of IPv6 and in a namespace",
    { ...V6, namespace: "red" },
    { ...V6, namespace: "red" },
    `ip -n red -6 route replace fd07::/64 via fd00:15::5 metric 1024 ${BOTH}`,
  ],
  [
    "as it is to be, to nowhere",
    { destination: "10.7.0.0/16", type: "blackhole" },
    { destination: "10.7.0.0/16", type: "blackhole" },
    `ip -4 route replace blackhole 10.7.0.0/16 ${BOTH}`,
  ],
  [
    "that leads elsewhere",
    V4,
    { ...V4, via: "192.168.15.6" },
    `ip -4 route replace 10.7.0.0/16 via 192.168.15.6 ${BOTH}`,
  ],
])("the plan for a route of another protocol %s makes it ours", (_what, is, to, text) => {
  expect(showPlan(route.plan({ seen: foreign(is), desired: ready(route, to), mark: MARK, atHome: true }))).toBe(text);
});

test.each([
  ["a route of another protocol", foreign(V4), ""],
  ["a route", seen({ ...V6, namespace: "red" }), "ip -n red -6 route delete fd07::/64 via fd00:15::5 metric 1024"],
  [
    "a route that leads nowhere",
    seen({ destination: "10.7.0.0/16", type: "blackhole" }),
    "ip -4 route delete blackhole 10.7.0.0/16",
  ],
  ["what is not there", undefined, ""],
  ["a route of a type that no argument can ask for", { ...foreign(V4), state: undefined }, ""],
  ["a route of another stack", { ...seen(V4), mark: "pulumi-netns:lab/prod:it@0123abcd" }, ""],
  ["a route over a link of the stack that others have made", { ...foreign(V4), onOwnLink: true }, ""],
])("the plan to delete %s", (_what, seen, text) => {
  const plan = route.plan({ seen, desired: undefined, mark: MARK });
  expect(showPlan(plan)).toBe(text);
  expect(plan.every((step) => step.tolerate?.includes("absent"))).toBe(true);
});

describe("what is seen", () => {
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
    scripted([["ip -json -details -family inet route show exact 10.7.0.0/16 table 254", answer], ...more], (kernel) =>
      route.observe(kernel, ready(route, V4), MARK),
    );
  const of = (args: object = {}) => seen({ ...V4, interface: "eth0", ...args });

  test.each<[string, object[], Exchange[], SeenRoute | undefined]>([
    ["a route", [entry], [LO, ETH0], of()],
    [
      "with all that it has",
      [{ ...entry, prefsrc: "192.168.15.1", metrics: [{ rtt: 1 }, { mtu: 1400 }], flags: ["linkdown", "onlink"] }],
      [LO, ETH0],
      of({ source: "192.168.15.1", mtu: 1400, onlink: true }),
    ],
    [
      "one that leads nowhere",
      [{ ...entry, type: "blackhole", gateway: undefined, dev: undefined }],
      [LO],
      seen({ destination: "10.7.0.0/16", type: "blackhole" }),
    ],
    [
      "another's route",
      [{ ...entry, protocol: "static" }],
      [ETH0],
      { ...foreign({ ...V4, interface: "eth0" }), onOwnLink: false },
    ],
    ["the own before another's", [{ ...entry, protocol: "static", gateway: "192.168.15.6" }, entry], [LO, ETH0], of()],
    [
      "one of a type that no argument can ask for",
      [{ ...entry, type: "multicast" }],
      [LO, ETH0],
      { ...of(), state: undefined },
    ],
    ["nothing, at another metric", [{ ...entry, metric: 50 }], [LO], undefined],
    ["nothing, in an empty table", [], [LO], undefined],
  ])("is %s", async (_what, entries, looks, expected) => {
    expect(await observe(tells(entries), ...looks)).toEqual(expected);
  });

  test.each([
    "Error: ipv4: FIB table does not exist.\nDump terminated",
    'Cannot open network namespace "red": No such file or directory',
  ])("is nothing after %j", async (stderr) => {
    expect(await observe(fails(stderr), LO)).toBeUndefined();
  });
});
