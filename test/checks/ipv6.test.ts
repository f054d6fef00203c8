import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, cable, each, one, veth } from "./pieces.ts";

const wire = (mtu?: number) => veth({ name: "e", namespace: "a", mtu }, { name: "e", namespace: "b", mtu });
const address = (text: string, where = "a", link = "e") =>
  one("Address", { interface: link, namespace: where, address: text });
const sysctl = (key: string, value: string | null, where = "a") => one("Sysctl", { namespace: where, key, value });

const ALL = "net.ipv6.conf.all.disable_ipv6";
const OWN = "net.ipv6.conf.e.disable_ipv6";

const cases: Case[] = [
  ["IPv6 on a small MTU", [wire(1279), address("fd00::1/64")], ["ipv6-mtu"]],
  [
    "IPv6 on a small MTU, reported for each of two addresses",
    [wire(68), address("fd00::1/64"), address("fe80::1/64")],
    ["ipv6-mtu", "ipv6-mtu"],
  ],
  ["IPv6 on the smallest possible MTU", [wire(1280), address("fd00::1/64")], []],
  ["IPv6 on the usual MTU", [wire(), address("fd00::1/64")], []],
  ["IPv4 on a small MTU", [wire(576), address("10.0.0.1/24")], []],
  ["IPv6 on another link", [wire(576), address("fd00::1/64", "c")], []],
  [
    "a bridge with a port of a small MTU",
    [
      bridge("br", { addresses: ["fd00::1/64", "fd01::1/64"] }),
      veth({ name: "p", master: "br", mtu: 1000 }, { name: "e", mtu: 1000 }),
    ],
    ["ipv6-mtu"],
  ],
  [
    "a bridge with an explicit MTU",
    [
      bridge("br", { mtu: 1000, addresses: ["10.0.0.1/24"] }),
      bridge("other", { mtu: 1500, addresses: ["fd00::1/64"] }),
      veth({ name: "p", master: "other", mtu: 1000 }, { name: "e", mtu: 1000 }),
    ],
    ["mtu-mismatch"],
  ],
  [
    "a Vxlan on a link whose MTU is too small",
    [wire(1329), one("Vxlan", { name: "vx", namespace: "a", vni: 1, dev: "e", addresses: ["fd00::1/64"] })],
    ["ipv6-mtu"],
  ],
  [
    "a Vxlan on a link whose MTU is large enough",
    [wire(1330), one("Vxlan", { name: "vx", namespace: "a", vni: 1, dev: "e", addresses: ["fd00::1/64"] })],
    [],
  ],
  [
    "a link on a parent with a small MTU",
    [
      wire(1279),
      one("Macvlan", { name: "m", namespace: "a", link: "e", linkNamespace: "a", addresses: ["fd00::1/64"] }),
    ],
    ["ipv6-mtu"],
  ],
  ["an unknown MTU", [veth({ name: "e", namespace: "a", mtu: null }, { name: "x" }), address("fd00::1/64")], []],

  ["IPv6 in a namespace where it is disabled by default", [sysctl(ALL, "1"), cable("a", ["fd00::1/64"], "b", [])], []],
  ["IPv6 on an interface where it is disabled", [wire(), sysctl(OWN, "1"), address("fd00::1/64")], ["ipv6-off"]],
  [
    "IPv6 disabled by a key in the other notation",
    [wire(), sysctl(OWN.replaceAll(".", "/"), "1"), address("fd00::1/64")],
    ["ipv6-off"],
  ],
  [
    "IPv6 disabled by a key with the argument interface",
    [
      wire(),
      one("Sysctl", { namespace: "a", key: "net.ipv6.conf.{interface}.disable_ipv6", interface: "e", value: "1" }),
      address("fd00::1/64"),
    ],
    ["ipv6-off"],
  ],
  [
    "IPv6 disabled on an interface with a dot in its name",
    [sysctl("net/ipv6/conf/e.7/disable_ipv6", "1"), address("fd00::1/64", "a", "e.7")],
    ["ipv6-off"],
  ],
  [
    "IPv6 disabled on the lab host",
    [one("Sysctl", { key: ALL, value: "1" }), bridge("br", { addresses: ["fd00::1/64"] })],
    ["ipv6-off"],
  ],
  ["IPv4 where IPv6 is disabled", [wire(), sysctl(OWN, "1"), address("10.0.0.1/24")], []],
  ["IPv6 where it is enabled", [wire(), sysctl(OWN, "0"), address("fd00::1/64")], []],
  ["IPv6 in another place", [wire(), sysctl(OWN, "1", "b"), address("fd00::1/64")], []],
  ["IPv6 disabled on another interface", [wire(), sysctl(OWN, "1"), address("fd00::1/64", "a", "lo")], []],
  [
    "IPv6 disabled on the interface, and enabled on all",
    [wire(), sysctl(ALL, "0"), sysctl(OWN, "1"), address("fd00::1/64")],
    [],
  ],
  [
    "IPv6 disabled on interfaces that are created later",
    [wire(), sysctl(ALL.replace("all", "default"), "1"), address("fd00::1/64")],
    [],
  ],
  ["an unknown value", [wire(), sysctl(OWN, "1"), sysctl(ALL, null), address("fd00::1/64")], []],
];

each(cases);

test("the message names the cause, and the help a solution", () => {
  const [small] = runChecks([wire(1000), address("fd00::1/64")]);
  expect(small).toMatchObject({
    message: "a/e cannot have the address fd00::1: its MTU is 1000, and IPv6 requires 1280",
    help: "set the mtu of a/e to at least 1280, or remove the IPv6 address",
  });
  const [off] = runChecks([wire(), { ...sysctl(OWN, "1"), name: "off" }, address("fd00::1/64")]);
  expect(off).toMatchObject({
    message: `a/e cannot have the address fd00::1: IPv6 is disabled on a/e (Sysctl off sets ${OWN} to 1)`,
    help: "remove that Sysctl, or the IPv6 address",
  });
  const host = { ...one("Sysctl", { key: ALL, value: "1" }), name: "off" };
  const [everywhere] = runChecks([host, bridge("br", { addresses: ["fd00::1/64"] })]);
  expect(everywhere?.message).toMatch(/^br cannot have .*: IPv6 is disabled on the lab host \(Sysctl off sets /);
});
