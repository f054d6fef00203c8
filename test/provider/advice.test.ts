import { describe, expect, test } from "vitest";
import { adviceFor } from "../../provider/advice.ts";
import type { Command } from "../../provider/kernel/command.ts";
import { dev, ip } from "../../provider/kernel/tools/ip.ts";
import { tc } from "../../provider/kernel/tools/tc.ts";

const DENIED = "RTNETLINK answers: Permission denied\n";
const CAPABILITY = /^network changes need CAP_NET_ADMIN\./;
const NAMESPACES = /^namespaces need CAP_SYS_ADMIN in addition to CAP_NET_ADMIN\..* docker run --privileged/;

describe("the help for a command of ip", () => {
  test.each<[Command, string, RegExp | undefined]>([
    [
      ip(undefined, "link", "add", "name", "br0", "type", "bridge"),
      "RTNETLINK answers: Operation not permitted",
      CAPABILITY,
    ],
    [
      ip(undefined, "netns", "add", "red"),
      "mount --make-shared /run/netns failed: Operation not permitted",
      NAMESPACES,
    ],
    [
      ip(undefined, "netns", "add", "red"),
      'Failed to create a new network namespace "red": Operation not permitted',
      NAMESPACES,
    ],
    [ip(undefined, "link", "show"), 'setting the network namespace "red" failed: Operation not permitted', NAMESPACES],
    [
      ip(undefined, "link", "show"),
      "nsenter: reassociate to namespace 'ns/net' failed: Operation not permitted",
      NAMESPACES,
    ],
    [ip(undefined, "netns", "add", "red"), "mkdir /run/netns failed: Permission denied", CAPABILITY],
    [
      ip("red", "link", "add", "name", "b0", "type", "bond", "mode", "802.3ad"),
      "Error: Unknown device type.",
      /^this kernel has no links of this kind\. Load its module: `modprobe bonding`;/,
    ],
    [
      ip("red", "link", "property", "add", "dev", "eth0", "altname", "uplink"),
      "RTNETLINK answers: File exists",
      /^another link of the namespace has the name uplink, as `ip link show dev uplink` shows/,
    ],
    [
      ip("red", "link", "add", "name", "g1", "type", "gre", "local", "10.0.0.1", "remote", "10.0.0.2"),
      "RTNETLINK answers: File exists",
      /^another tunnel of this mode has the same local, remote and key, .*`ip -n red -details link show type gre` lists them/,
    ],
    [
      ip(undefined, "link", "add", "name", "gnv1", "type", "geneve", "id", "42", "remote", "10.0.0.2"),
      "RTNETLINK answers: Device or resource busy",
      /^another Geneve tunnel has this vni and remote; `ip -details link show type geneve` lists them/,
    ],
    [
      ip(undefined, "link", "add", "link", "eth0", "name", "mv0", "type", "macvlan", "mode", "bridge"),
      "RTNETLINK answers: Device or resource busy",
      /^an interface cannot be both a port of a bridge or a bond and the parent of a macvlan/,
    ],
    [
      ip(undefined, "link", "set", "dev", "eth0", "master", "br0", "up"),
      "RTNETLINK answers: Device or resource busy",
      /^an interface cannot be both a port of a bridge or a bond and the parent of a macvlan/,
    ],
    [
      ip(undefined, "link", "add", "link", "eth0", "name", "mv0", "type", "macvlan", "mode", "passthru"),
      "RTNETLINK answers: Invalid argument",
      /^the parent has a link of mode passthru, .* or use another parent$/,
    ],
    [
      ip("red", "link", "add", "name", "vx0", "type", "vxlan", "id", "42"),
      "Error: A VXLAN device with the specified VNI already exists.",
      /perhaps one of another stack .* choose another vni$/,
    ],
    [
      ip("red", "link", "set", dev("wg0"), "up"),
      "RTNETLINK answers: Address already in use",
      /^another link, perhaps of another stack, .* listenPort of a WireGuard, .* firstSecurePort of a LabHost/,
    ],
    [
      { tool: "wg", namespace: "red", args: ["syncconf", "wg0", "/dev/stdin"] },
      "Unable to modify interface: Address already in use",
      /listenPort of a WireGuard/,
    ],
    [
      tc("red", "eth0", "qdisc", "add", "dev", "eth0", "root", "handle", "2a1f:", "netem", "limit", 1000),
      "Error: Specified qdisc kind is unknown.",
      /^this kernel lacks a part of traffic control\. Load its module: `modprobe sch_netem`/,
    ],
    [
      tc("red", "eth0", "qdisc", "add", "dev", "eth0", "root", "netem", "limit", 1000),
      "Error: Specified qdisc kind is unknown.",
      /`modprobe sch_netem`/,
    ],
    [
      tc("red", "eth0", "filter", "add", "dev", "eth0", "ingress", "u32"),
      "Error: TC classifier not found.\nWe have an error talking to the kernel",
      /`modprobe cls_u32`/,
    ],
    [
      tc(
        "red",
        "eth0",
        "filter",
        "add",
        "dev",
        "eth0",
        "parent",
        "1:",
        "flower",
        "dst_ip",
        "10.0.0.1",
        "classid",
        "1:4",
      ),
      "Error: TC classifier not found.\nWe have an error talking to the kernel",
      /`modprobe cls_flower`/,
    ],
    [
      tc("red", "eth0", "qdisc", "add", "dev", "eth0", "handle", "ffff:", "ingress"),
      "Error: Specified qdisc kind is unknown.",
      /`modprobe sch_ingress`/,
    ],
    [
      tc(undefined, "eth0", "filter", "add", "dev", "eth0", "ingress", "u32"),
      "Error: Failed to load TC action module.",
      /`modprobe act_mirred`/,
    ],
    [
      { ...ip(undefined, "address", "add", "fd00::1/64", dev("eth0"), "nodad"), namespace: "red" },
      DENIED,
      /^IPv6 is disabled on eth0\. .* ip netns exec red sysctl -w net\.ipv6\.conf\.default\.disable_ipv6=0, .* ip netns exec red sysctl -w net\.ipv6\.conf\.eth0\.disable_ipv6=0; or remove its IPv6 addresses and routes$/,
    ],
    [
      ip(undefined, "address", "add", "fd00::1/64", dev("eth0.7"), "nodad"),
      "Error: ipv6: IPv6 is disabled on this device.",
      /with sysctl -w net\.ipv6\.conf\.default\.disable_ipv6=0, .* sysctl -w net\.ipv6\.conf\.eth0\/7\.disable_ipv6=0/,
    ],
    [
      { ...ip(undefined, "route", "add", "default", "via", "fe80::1", dev("eth0")), family: "inet6" },
      "Error: IPv6 is disabled on nexthop device.",
      /^IPv6 is disabled on eth0\./,
    ],
    [
      ip(undefined, "address", "add", "fd00::1/64", dev("eth0")),
      "RTNETLINK answers: Operation not permitted",
      CAPABILITY,
    ],
    [ip(undefined, "address", "add", "10.0.0.1/24", dev("eth0")), DENIED, CAPABILITY],
    [
      ip(undefined, "address", "add", "fd00::1/64", dev("eth0"), "nodad"),
      "RTNETLINK answers: Invalid argument",
      /^IPv6 is not available on eth0, for example because its MTU is below 1280\. Raise the mtu, or remove the IPv6 address$/,
    ],
    [ip(undefined, "address", "add", "10.0.0.1/24", dev("eth0")), "RTNETLINK answers: Invalid argument", undefined],
    [
      ip(undefined, "address", "add", "fd00::1/64", dev("eth0")),
      "RTNETLINK answers: Operation not supported",
      /^this kernel has no IPv6, or was started with ipv6\.disable=1\./,
    ],
  ])("%j that failed with %j", (command, said, advice) => {
    if (advice === undefined) expect(adviceFor(command, said)).toBeUndefined();
    else expect(adviceFor(command, said)).toMatch(advice);
  });
});
