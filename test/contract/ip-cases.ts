import { expect } from "vitest";
import type { IpCommand } from "../../provider/kernel/command.ts";
import { bridgeCommand } from "../../provider/kernel/tools/bridge.ts";
import { dev, ip, query } from "../../provider/kernel/tools/ip.ts";
import { adviceOf, type Cases, outcomeOf } from "./case.ts";
import { ADDRESS, BRIDGE, CABLE, PORT, RED } from "./set-ups.ts";

const WITHOUT_IPV6 = [...CABLE, "ip netns exec red sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1"];
const PLAIN_FILE = [...RED, "touch /run/netns/file"];

/** All settings of a bridge port, each with another value than a new port's. */
const PORT_SETTINGS = [
  ...["isolated", "on", "hairpin", "on", "learning", "off", "flood", "off", "mcast_flood", "off", "bcast_flood", "off"],
  ...["neigh_suppress", "on", "guard", "on", "root_block", "on", "locked", "on", "vlan_tunnel", "on"],
  ...["cost", "9", "priority", "6"],
];

const addBridge = ip("red", "link", "add", "name", "br0", "type", "bridge");
const addAddress = ip("red", "address", "add", "10.0.0.1/24", dev("eth0"));
const addIpv6 = ip("red", "address", "add", "fd00::1/64", "nodad", dev("eth0"));
const addRoute = ip("red", "route", "add", "10.9.0.0/24", "via", "10.0.0.2");
const addIpv6Route: IpCommand = {
  ...ip("red", "route", "add", "fd01::/64", "via", "fe80::1", dev("eth0")),
  family: "inet6",
};
const setMtu = ip("red", "link", "set", dev("eth0"), "mtu", 70_000);

/** How iproute2 words success and failure, and the kernel through it. */
export const IP_CASES: Cases = {
  "a query of an absent link": {
    setup: RED,
    ask: outcomeOf(query("red", "address", "show", dev("eth0"))),
    is: "absent",
  },
  "a change of an absent link": {
    setup: RED,
    ask: outcomeOf(ip("red", "link", "set", dev("eth0"), "up")),
    is: "absent",
  },
  "a delete of an absent link": { setup: RED, ask: outcomeOf(ip("red", "link", "delete", dev("eth0"))), is: "absent" },
  "an address for an absent link": { setup: RED, ask: outcomeOf(addAddress), is: "absent" },
  "an absent parent": {
    setup: RED,
    ask: outcomeOf(ip("red", "link", "add", "link", "eth0", "name", "mv0", "type", "macvlan")),
    is: "absent",
  },
  "an absent master": {
    setup: CABLE,
    ask: outcomeOf(ip("red", "link", "set", dev("eth0"), "master", "br0")),
    is: "absent",
  },
  "a delete of an absent IPv4 address": {
    setup: CABLE,
    ask: outcomeOf(ip("red", "address", "delete", "10.0.0.1/24", dev("eth0"))),
    is: "absent",
  },
  "a delete of an absent IPv6 address": {
    setup: CABLE,
    ask: outcomeOf(ip("red", "address", "delete", "fd00::1/64", dev("eth0"))),
    is: "absent",
  },
  "a delete of an absent route": {
    setup: ADDRESS,
    ask: outcomeOf(ip("red", "route", "delete", "10.9.0.0/24", "via", "10.0.0.2")),
    is: "absent",
  },
  "a query of an absent table": {
    setup: RED,
    ask: outcomeOf(query("red", "route", "show", "exact", "default", "table", 77)),
    is: "absent",
  },
  "a query of an absent namespace": { ask: outcomeOf(query("red", "address", "show")), is: "absent" },
  "a program in an absent namespace": { ask: outcomeOf("ip netns exec red true"), is: "absent" },
  "a delete of an absent namespace": { ask: outcomeOf(ip(undefined, "netns", "delete", "red")), is: "absent" },
  "a delete of an absent altname": {
    setup: CABLE,
    ask: outcomeOf(ip("red", "link", "property", "del", dev("eth0"), "altname", "uplink")),
    is: "absent",
  },
  "a query of a file that is no namespace": {
    setup: PLAIN_FILE,
    ask: outcomeOf(query("file", "address", "show")),
    is: "absent",
  },

  "a second link of the same name": { setup: BRIDGE, ask: outcomeOf(addBridge), is: "exists" },
  "a second IPv4 address": { setup: ADDRESS, ask: outcomeOf(addAddress), is: "exists" },
  "a second IPv6 address": {
    setup: [...CABLE, "ip -n red address add fd00::1/64 nodad dev eth0"],
    ask: outcomeOf(addIpv6),
    is: "exists",
  },
  "a second route": {
    setup: [...ADDRESS, "ip -n red route add 10.9.0.0/24 via 10.0.0.2"],
    ask: outcomeOf(addRoute),
    is: "exists",
  },
  "a second namespace of the same name": {
    setup: RED,
    ask: outcomeOf(ip(undefined, "netns", "add", "red")),
    is: "exists",
  },
  "an altname that another link has": {
    setup: [...CABLE, "ip -n red link property add dev eth1 altname uplink"],
    ask: outcomeOf(ip("red", "link", "property", "add", dev("eth0"), "altname", "uplink")),
    is: "exists",
  },

  "a macvlan on a bridge port": {
    setup: PORT,
    ask: outcomeOf(ip("red", "link", "add", "link", "eth0", "name", "mv0", "type", "macvlan")),
    is: "busy",
  },
  "a bridge port that has a macvlan": {
    setup: [...CABLE, ...BRIDGE.slice(1), "ip -n red link add link eth0 name mv0 type macvlan"],
    ask: outcomeOf(ip("red", "link", "set", dev("eth0"), "master", "br0")),
    is: "busy",
  },

  "a link without the capability": { ask: outcomeOf("unshare --user ip link add name br0 type bridge"), is: "denied" },
  "a namespace without the capability": { ask: outcomeOf("unshare --user ip netns add red"), is: "denied" },
  "a query of a namespace without the capability": {
    setup: RED,
    ask: outcomeOf("unshare --user ip -n red link show"),
    is: "denied",
  },

  "an unknown device type": {
    setup: RED,
    ask: outcomeOf(ip("red", "link", "add", "name", "x", "type", "nosuch")),
    is: "unsupported",
  },
  // A kernel with CONFIG_BRIDGE_VLAN_FILTERING does it.
  "a bridge with VLAN filtering": {
    setup: BRIDGE,
    ask: outcomeOf(ip("red", "link", "set", dev("br0"), "type", "bridge", "vlan_filtering", 1)),
    is: expect.toBeOneOf(["done", "unsupported"]),
  },
  "a delete of lo": { setup: RED, ask: outcomeOf(ip("red", "link", "delete", dev("lo"))), is: "unsupported" },

  "an IPv6 address where IPv6 is off": { setup: WITHOUT_IPV6, ask: outcomeOf(addIpv6), is: "ipv6-off" },
  "an IPv6 gateway where IPv6 is off": { setup: WITHOUT_IPV6, ask: outcomeOf(addIpv6Route), is: "ipv6-off" },
  "advice where IPv6 is off": {
    setup: WITHOUT_IPV6,
    ask: adviceOf(addIpv6),
    is: expect.stringContaining("IPv6 is disabled on eth0"),
  },
  "advice for a route where IPv6 is off": {
    setup: WITHOUT_IPV6,
    ask: adviceOf(addIpv6Route),
    is: expect.stringContaining("IPv6 is disabled on eth0"),
  },

  "settings of a bridge port": {
    setup: PORT,
    ask: outcomeOf(ip("red", "link", "set", dev("eth0"), "type", "bridge_slave", ...PORT_SETTINGS)),
    is: "done",
  },
  "advice for settings of a link that is no bridge port": {
    setup: CABLE,
    ask: adviceOf(ip("red", "link", "set", dev("eth0"), "type", "bridge_slave", "isolated", "on")),
    is: "the settings in port need a master that is a bridge. Set master to a Bridge, or remove port",
  },

  "an entry of a bridge for a link that is no port": {
    setup: CABLE,
    ask: outcomeOf(bridgeCommand("red", "eth0", ..."fdb del 02:00:00:00:00:09 dev eth0 master".split(" "))),
    is: "unsupported",
  },
  "an entry of a bridge that exists": {
    setup: [...PORT, "bridge -n red fdb add 02:00:00:00:00:09 dev eth0 master static"],
    ask: outcomeOf(bridgeCommand("red", "eth0", ..."fdb add 02:00:00:00:00:09 dev eth0 master static".split(" "))),
    is: "exists",
  },
  "an entry of a bridge that does not exist": {
    setup: PORT,
    ask: outcomeOf(bridgeCommand("red", "eth0", ..."fdb del 02:00:00:00:00:09 dev eth0 master".split(" "))),
    is: "absent",
  },
  "a neighbour that exists": {
    setup: [...CABLE, "ip -n red neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev eth0"],
    ask: outcomeOf(ip("red", "neigh", "add", "10.0.0.9", "lladdr", "02:00:00:00:00:09", dev("eth0"))),
    is: "exists",
  },
  "a neighbour that does not exist": {
    setup: CABLE,
    ask: outcomeOf(ip("red", "neigh", "delete", "10.0.0.9", dev("eth0"))),
    is: "absent",
  },

  "an MTU that is out of range": { setup: CABLE, ask: outcomeOf(setMtu), is: "failed" },
  "a VNI that is taken": {
    setup: [...RED, "ip -n red link add name vx0 type vxlan id 5 dstport 4789"],
    ask: outcomeOf(ip("red", "link", "add", "name", "vx1", "type", "vxlan", "id", 5, "dstport", 4789)),
    is: "exists",
  },
  "an IPv4 gateway that is unreachable": { setup: CABLE, ask: outcomeOf(addRoute), is: "failed" },
  "advice for an IPv4 gateway that is unreachable": {
    setup: CABLE,
    ask: adviceOf(addRoute),
    is: expect.stringMatching(/^the gateway must be in a network/),
  },
  "advice for an IPv6 gateway that is unreachable": {
    setup: CABLE,
    ask: adviceOf({ ...ip("red", "route", "add", "fd01::/64", "via", "fd99::1"), family: "inet6" }),
    is: expect.stringMatching(/^the gateway must be in a network/),
  },
  "a tool that is not installed": {
    setup: RED,
    ask: outcomeOf("ip netns exec red no-such-tool"),
    is: "failed",
  },
};
