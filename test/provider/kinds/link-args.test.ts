import { expect, test } from "vitest";
import * as kinds from "../../../provider/kinds/index.ts";
import { check } from "../../../provider/schema.ts";

/* Arguments of a single link that the kernel refuses are refused at preview, with an error at the argument. */

const END = { local: "10.0.0.1", remote: "10.0.0.2" };

test.each<[keyof typeof kinds, object, string]>([
  [
    "vlan",
    { link: "lo", vid: 10 },
    'link: "lo" is not an interface name: it is the loopback interface, which the kernel',
  ],
  ["macvlan", { link: "lo" }, 'link: "lo" is not an interface name: it is the loopback interface'],
  ["macvtap", { link: "lo" }, 'link: "lo" is not an interface name: it is the loopback interface'],
  ["ipvlan", { link: "lo" }, 'link: "lo" is not an interface name: it is the loopback interface'],
  ["vlan", { link: "x0", vid: 10 }, 'link: "x0" is the link itself; name the interface that it is on'],
  [
    "macvlan",
    { namespace: "red", link: "x0", linkNamespace: "red" },
    'link: "x0" is the link itself; name the interface that it is on',
  ],
  ["nic", { namespace: "red", from: "lo" }, 'from: "lo" is not an interface name: it is the loopback interface'],
  ["vrf", { table: 10, mtu: 1279 }, "mtu: 1279 is not an MTU in bytes: it is less than 1280"],
  ["tap", { mtu: 65_522 }, "mtu: 65522 is not an MTU in bytes: it is greater than 65521"],
  ["tun", { mtu: 65_536 }, "mtu: 65536 is not an MTU in bytes: it is greater than 65535"],
  [
    "geneve",
    { vni: 1, remote: "10.0.0.2", mtu: 65_486 },
    "mtu: 65486 is not an MTU in bytes: it is greater than 65485",
  ],
  ["tunnel", { mode: "sit", ...END, mtu: 1279 }, "mtu: 1279 is less than 1280, the minimum of IPv6"],
  ["geneve", { vni: 1, remote: "fe80::1" }, 'remote: "fe80::1" is a link-local address, which names no interface'],
  ["vxlan", { vni: 1, remote: "fe80::2" }, 'dev: missing: the link-local address "fe80::2" requires the interface'],
  ["vxlan", { vni: 1, local: "fe80::1" }, 'dev: missing: the link-local address "fe80::1" requires the interface'],
  ["geneve", { vni: 1, remote: "239.1.1.1" }, 'remote: "239.1.1.1" is not a host address: it is a multicast address'],
])("%s %j is refused", (kind, args, why) => {
  const result = check(kinds[kind].schema as typeof kinds.dummy.schema, { name: "x0", ...args });
  const { failures = [] } = result as { failures?: { property: string; reason: string }[] };
  expect(failures.map(({ property, reason }) => `${property}: ${reason}`)).toEqual([expect.stringContaining(why)]);
});

test.each<[keyof typeof kinds, object]>([
  ["vlan", { namespace: "red", link: "x0", vid: 10 }],
  ["macvlan", { link: "x0", linkNamespace: "red" }],
  ["vrf", { table: 10, mtu: 1280 }],
  ["tap", { mtu: 65_521 }],
  ["geneve", { vni: 1, remote: "10.0.0.2", mtu: 65_485 }],
  ["vxlan", { vni: 1, local: "fe80::1", remote: "fe80::2", dev: "eth0" }],
  ["tunnel", { mode: "gre", ...END, mtu: 1279 }],
  ["tunnel", { mode: "sit", ...END, mtu: 1280 }],
])("%s %j is accepted", (kind, args) => {
  expect(check(kinds[kind].schema as typeof kinds.dummy.schema, { name: "x0", ...args })).not.toHaveProperty(
    "failures",
  );
});
