import { describe, expect, test } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import { markOf } from "../../provider/owner.ts";
import { UNKNOWN } from "../../provider/schema.ts";
import { untouched } from "./script.ts";

describe("two resources that claim the same name", () => {
  const NAME = "give one of them another name";
  test.each([
    ["Namespace", { name: "red" }, { name: "red" }, "namespace red", NAME],
    ["Bridge", { name: "br0" }, { name: "br0", stp: true }, "interface br0", NAME],
    ["Bridge", { name: "x", namespace: "red" }, { name: "x", namespace: "red" }, "interface red/x", NAME],
    [
      "Address",
      { interface: "x", address: "10.0.0.1/8" },
      { interface: "x", address: "10.0.0.1/8", scope: "link" },
      "address x/10.0.0.1/8",
      "remove one of them",
    ],
    [
      "Route",
      { destination: "default", via: "10.0.0.1" },
      { destination: "0.0.0.0/0", via: "10.0.0.2" },
      "IPv4 default route of metric 0 in the table main",
      "give one of them another metric or table; of the routes to a destination, the kernel uses the one with the lowest metric",
    ],
    [
      "Route",
      { destination: "fd00::/64", via: "fd01::1", table: 100, namespace: "red" },
      { destination: "fd00::/64", via: "fd01::2", table: 100, namespace: "red" },
      "IPv6 route to fd00::/64 of metric 1024 in the table 100 of the namespace red",
      "give one of them another metric or table; of the routes to a destination, the kernel uses the one with the lowest metric",
    ],
    [
      "FilterChain",
      { chain: "forward", priority: 5, namespace: "red" },
      { chain: "forward", priority: 5, namespace: "red", policy: "drop" },
      "filter chain forward of priority 5 of the namespace red",
      "merge the two into one resource, or give one of them another priority",
    ],
    [
      "Sysctl",
      { key: "net.core.somaxconn", value: "1" },
      { key: "net/core/somaxconn", value: "2" },
      "sysctl net.core.somaxconn",
      "remove one of them",
    ],
    [
      "Hosts",
      { namespace: "red", nameservers: ["10.0.0.1"] },
      { namespace: "red", addresses: { web: "10.0.0.1" } },
      "hosts of red",
      "merge the two into one resource",
    ],
    [
      "Sysctl",
      { key: "net.ipv4.ip_forward", value: "1" },
      { key: "net.ipv4.conf.all.forwarding", value: "0" },
      "sysctl net.ipv4.ip_forward",
      "remove one of them",
    ],
    [
      "Sysctl",
      { key: "net.ipv4.conf.eth0.rp_filter", value: "1", namespace: "red" },
      { key: "net.ipv4.conf.{interface}.rp_filter", interface: "eth0", value: "2", namespace: "red" },
      "sysctl net.ipv4.conf.eth0.rp_filter of the namespace red",
      "remove one of them",
    ],
    [
      "Macvlan",
      { name: "x", link: "eth0", mac: "02:00:00:00:00:09" },
      { name: "y", link: "eth0", mac: "02:00:00:00:00:09", namespace: "red" },
      "MAC address 02:00:00:00:00:09 on eth0",
      "the links on one parent need different MAC addresses: leave out mac, and each gets its own",
    ],
    [
      "Macvlan",
      { name: "x", link: "eth0" },
      { name: "y", link: "eth0", mode: "passthru" },
      "macvlan parent eth0",
      "a link of mode passthru must be the only one on its parent: give it another parent or mode",
    ],
    [
      "Ipvlan",
      { name: "x", link: "eth0", addresses: ["10.0.0.1/24"] },
      { name: "y", link: "eth0", addresses: ["10.0.0.1/16"], namespace: "red" },
      "IP address 10.0.0.1 on eth0",
      "the ipvlans on one parent need different addresses",
    ],
    [
      "Tunnel",
      { name: "x", mode: "gre", local: "10.0.0.1", remote: "10.0.0.2", ikey: 7 },
      { name: "y", mode: "gre", local: "10.0.0.1", remote: "10.0.0.2", key: 7 },
      "tunnel gre 10.0.0.1 to 10.0.0.2 dev any key 7",
      "the kernel tells the tunnels of an underlay apart by local, remote and key: give one of them another value",
    ],
    [
      "Geneve",
      { name: "x", vni: 42, remote: "10.0.0.2", namespace: "red" },
      { name: "y", vni: 42, remote: "10.0.0.2", namespace: "blue", underlay: "red" },
      "Geneve 42 to 10.0.0.2 by udp port red/6081",
      "the kernel tells the Geneves of an underlay apart by vni and remote: give one of them another value",
    ],
    [
      "RoutingRule",
      { namespace: "ns", priority: 10, from: "10.0.0.0/8", table: 7 },
      { namespace: "ns", priority: 10, from: "10.0.0.0/8", table: 7 },
      "IPv4 routing rule of priority 10 of the namespace ns",
      "two rules with equal arguments are one: remove one of them, or give it another priority",
    ],
    [
      "Nexthop",
      { namespace: "ns", nhid: 1, blackhole: true },
      { namespace: "ns", nhid: 1, via: "10.0.0.1", interface: "eth0" },
      "next hop ns/nexthop/1",
      "give one of them another nhid",
    ],
    [
      "Vlan",
      { name: "x", link: "br0", vid: 10 },
      { name: "y", link: "br0", vid: 10 },
      "VLAN 10 of br0",
      "a link has one interface for each VLAN: give one of them another VLAN ID",
    ],
  ])("are an error: %s %j and %j", (type, one, other, name, remedy) => {
    const check = program();
    expect(check(type, "first", one)).toEqual([]);
    expect(check(type, "second", other)).toEqual([
      {
        property: "",
        reason: `${type} first and ${type} second declare the same ${name}\n  help: ${remedy}`,
      },
    ]);
  });

  test("are an error also if they are of two kinds, at either end of a pair", () => {
    const check = program();
    expect(check("Bridge", "bridge", { name: "x", namespace: "red" })).toEqual([]);
    const wire = { a: { name: "x" }, b: { name: "x", namespace: "red" } };
    expect(check("Veth", "wire", wire).map(({ reason }) => reason)).toEqual([
      expect.stringContaining(`Bridge bridge and Veth wire declare the same interface red/x\n`),
    ]);
  });

  test.each([
    ["Macvlan", { name: "x", link: "eth0" }, { name: "y", link: "eth0" }],
    ["Macvlan", { name: "x", link: "eth0", mode: "passthru" }, { name: "y", link: "eth1" }],
    ["Ipvlan", { name: "x", link: "eth0", addresses: ["10.0.0.1/24"] }, { name: "y", link: "eth0" }],
    [
      "Tunnel",
      { name: "x", mode: "gre", local: "10.0.0.1", remote: "10.0.0.2", ikey: 7 },
      { name: "y", mode: "gre", local: "10.0.0.1", remote: "10.0.0.2", ikey: 8 },
    ],
    [
      "Tunnel",
      { name: "x", mode: "gre", local: "10.0.0.1", remote: "10.0.0.2" },
      { name: "y", mode: "gretap", local: "10.0.0.1", remote: "10.0.0.2" },
    ],
    ["Bridge", { name: "x" }, { name: "x", namespace: "red" }],
    ["Bridge", { name: UNKNOWN }, { name: UNKNOWN }],
    ["Bridge", { name: "x", namespace: UNKNOWN }, { name: "x", namespace: UNKNOWN }],
    ["Veth", { a: { name: UNKNOWN }, b: { name: "x" } }, { a: { name: UNKNOWN }, b: { name: "y" } }],
    ["Veth", { a: UNKNOWN, b: { name: "x" } }, { a: UNKNOWN, b: { name: "y" } }],
    ["Route", { destination: "default", via: "10.1.0.1" }, { destination: "default", via: UNKNOWN }],
    [
      "Route",
      { destination: "10.0.0.0/8", via: "10.1.0.1" },
      { destination: "10.0.0.0/8", via: "10.1.0.1", metric: 5 },
    ],
    ["Route", { destination: "10.0.0.0/8", via: "10.1.0.1" }, { destination: "10.0.0.0/8", via: "10.1.0.1", table: 5 }],
    ["Route", { destination: "default", via: "10.1.0.1" }, { destination: "default", via: "fd00::1" }],
    ["NatRule", { type: "masquerade" }, { type: "masquerade" }],
    ["Sysctl", { key: "net.core.somaxconn", value: "1" }, { key: "net/core/somaxconn", value: "1" }],
    ["Sysctl", { key: "net.ipv4.ip_forward", value: "1" }, { key: "net.ipv4.conf.all.forwarding", value: "1" }],
    ["Sysctl", { key: "net.core.somaxconn", value: "1" }, { key: "net.core.somaxconn", value: "2", namespace: "red" }],
  ])("are not reported: %s %j and %j", (type, one, other) => {
    const check = program();
    expect([check(type, "first", one), check(type, "second", other)]).toEqual([[], []]);
  });

  test("are not reported if one resource is checked twice", () => {
    const check = program();
    expect([check("Bridge", "one", { name: "x" }), check("Bridge", "one", { name: "x" })]).toEqual([[], []]);
  });
});

/** Returns a check of a program's resources, which returns the failures of one resource. */
function program() {
  const lives = lifecycles(untouched);
  return (type: string, name: string, args: object) => {
    const __mark = markOf({ project: "lab", stack: "dev", name, urn: `urn:${name}` });
    const { failures = [] } = lives.get(type)?.check({}, { ...args, __mark }) ?? {};
    return failures;
  };
}
