import { expect, test } from "vitest";
import { route } from "../../../provider/kinds/route.ts";
import { check, UNKNOWN } from "../../../provider/schema.ts";
import { ready } from "../samples.ts";
import { V4, V6 } from "./route-sample.ts";

test.each([
  [
    { destination: "10.7.0.1/16", via: "192.168.15.5" },
    "destination",
    '"10.7.0.1/16" is a host address, but a network is required; the network is "10.7.0.0/16"',
  ],
  [
    { destination: "10.7.0.0", via: "192.168.15.5" },
    "destination",
    '"10.7.0.0" is not a destination: the prefix length is missing',
  ],
  [
    { destination: "10.7.0.0/16" },
    "via",
    'missing: a route requires via, interface, nexthops or nhid (in TypeScript also nexthop), e.g. via: "192.168.15.5", or a type that drops packets',
  ],
  [{ ...V6, via: "192.168.15.5" }, "via", '"192.168.15.5" and the destination "fd07::/64" must be of the same family'],
  [{ ...V4, via: "192.168.15.5/24" }, "via", '"192.168.15.5/24" is not a host address'],
  [{ ...V4, via: "224.0.0.1" }, "via", '"224.0.0.1" is not a host address'],
  [
    { destination: "10.7.0.0/16", interface: "eth0", source: "fd00::1" },
    "source",
    '"fd00::1" and the destination "10.7.0.0/16" must be of the same family',
  ],
  [
    { destination: "default", via: "192.168.15.5", source: "fd00::1" },
    "source",
    '"fd00::1" and the gateway "192.168.15.5" must be of the same family',
  ],
  [{ ...V4, type: "blackhole" }, "type", '"blackhole" routes take neither via nor interface'],
  [
    { destination: "default", type: "unreachable", interface: "eth0" },
    "type",
    '"unreachable" routes take neither via nor interface',
  ],
  [{ ...V4, type: "local" }, "type", '"local" is not one of "unicast", "blackhole", "unreachable", "prohibit"'],
  [{ ...V4, metric: -1 }, "metric", "-1 is not a metric: it is less than 0"],
  [{ ...V4, metric: 4_294_967_296 }, "metric", "4294967296 is not a metric"],
  [{ ...V4, table: 0 }, "table", "0 is not a routing table number: it is less than 1"],
  [{ ...V4, table: "main" }, "table", '"main" is not a routing table number'],
  [{ ...V4, mtu: 67 }, "mtu", "67 is not an MTU in bytes"],
  [
    { ...V6, via: "fe80::1" },
    "interface",
    'missing: the link-local gateway "fe80::1" requires the interface whose link it is on',
  ],
  [
    { ...V4, via: undefined, nexthops: [{ via: "192.168.15.5" }, { via: "fe80::2" }] },
    "nexthops.1.interface",
    'missing: the link-local gateway "fe80::2" requires',
  ],
  [{ ...V4, onlink: true }, "interface", "missing: onlink requires both via and interface"],
  [
    { destination: "default", interface: "eth0", onlink: true },
    "via",
    "missing: onlink requires both via and interface",
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
])("no rule over several arguments is applied to %j as long as a value is unknown", (args) => {
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
  "no metric is derived from %j",
  (args) => {
    expect(ready(route, args).metric).toBeUndefined();
  },
);
