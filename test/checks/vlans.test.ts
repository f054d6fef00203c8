import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, each, namespace, one, veth } from "./pieces.ts";

const aware = (name: string, more: object = {}) => one("Bridge", { name, vlanFiltering: true, ...more });
const port = (name: string, master: string, vlans?: (string | number | null)[] | null) => ({
  ...{ name, master },
  ...(vlans !== undefined && { port: { vlans } }),
});
const host = (at: string, name: string, vid: number) =>
  veth(port(`${at}-${name}`, at, [`${vid} pvid untagged`]), { name: "eth0", namespace: name });
const trunk = (a: (string | number | null)[] | undefined, b: (string | number | null)[] | undefined) =>
  veth(port("t1", "s1", a), port("t2", "s2", b));
const stick = (vid: number, vlans: (string | number)[] | undefined) => [
  veth(port("to-router", "s1", vlans), { name: "eth0", namespace: "router" }),
  one("Vlan", { name: `eth0.${vid}`, namespace: "router", link: "eth0", linkNamespace: "router", vid }),
];
const switches = [aware("s1"), aware("s2")];
const plain = (vlanDefaultPvid: number | null, vlanFiltering = true) =>
  one("Bridge", { name: "s1", vlanDefaultPvid, vlanFiltering });
const single = (vlans: (string | number | null)[] | null, more: object = {}) =>
  [
    switches,
    one("Vxlan", { name: "vx0", external: true, master: "s1", port: { vlanTunnel: true, vlans }, ...more }),
  ].flat();

const cases: Case[] = [
  ["a VLAN that the trunk carries", [switches, trunk([10], [10]), host("s1", "a", 10), host("s2", "b", 10)], []],
  [
    "a VLAN that no trunk carries",
    [switches, trunk([10], [10]), host("s1", "a", 20), host("s2", "b", 20)],
    ["vlan-not-carried"],
  ],
  [
    "a VLAN that the trunk carries at one end only",
    [switches, trunk([10, 20], [10]), host("s1", "a", 20), host("s2", "b", 20)],
    ["vlan-not-carried"],
  ],
  ["a VLAN in a range", [switches, trunk(["1-20"], ["10-30"]), host("s1", "a", 20), host("s2", "b", 20)], []],
  ["the default VLAN", [switches, trunk(undefined, undefined), host("s1", "a", 1), host("s2", "b", 1)], []],
  [
    "a bridge without a default VLAN",
    [
      aware("s1", { vlanDefaultPvid: 0 }),
      aware("s2"),
      trunk(undefined, undefined),
      host("s1", "a", 1),
      host("s2", "b", 1),
    ],
    ["vlan-not-carried", "vlan-not-carried"],
  ],
  ["a port without a VLAN", [plain(0), veth(port("p", "s1"), { name: "x" })], ["vlan-not-carried"]],
  ["a port with a VLAN", [plain(0), veth(port("p", "s1", [10]), { name: "x" })], []],
  ["a port with the default VLAN", [plain(7), veth(port("p", "s1"), { name: "x" })], []],
  ["a port with an unknown default VLAN", [plain(null), veth(port("p", "s1"), { name: "x" })], []],
  ["a port with unknown VLANs", [plain(0), veth(port("p", "s1", null), { name: "x" })], []],
  ["a port of a bridge that filters nothing", [plain(0, false), veth(port("p", "s1"), { name: "x" })], []],
  [
    "a port without a VLAN, and a program that may add one",
    [plain(0), veth(port("p", "s1"), { name: "x" }), one("Process", { command: ["mstpd"] })],
    [],
  ],
  ["a VLAN on one side only", [switches, trunk([10], [10]), host("s1", "a", 20), host("s1", "b", 20)], []],
  ["bridges without a trunk", [switches, host("s1", "a", 20), host("s2", "b", 20)], []],
  [
    "bridges without VLAN filtering",
    [
      one("Bridge", { name: "s1" }),
      one("Bridge", { name: "s2" }),
      trunk([10], [10]),
      host("s1", "a", 20),
      host("s2", "b", 20),
    ],
    ["ignored-by-master", "ignored-by-master"],
  ],
  ["a trunk with unknown VLANs", [switches, trunk([null], [10]), host("s1", "a", 20), host("s2", "b", 20)], []],

  [
    "a gateway on a router on a stick",
    [
      switches,
      stick(20, ["10-20"]).map((one) =>
        one.type === "Vlan" ? { ...one, args: { ...(one.args as object), addresses: ["10.0.0.1/24"] } } : one,
      ),
      ...[2, 3].map((last) => [
        namespace(`h${last}`),
        veth(port(`p${last}`, "s1", ["20 pvid untagged"]), {
          ...{ name: "eth0", namespace: `h${last}`, addresses: [`10.0.0.${last}/24`], gateways: ["10.0.0.1"] },
        }),
      ]),
      one("Sysctl", { namespace: "router", key: "net.ipv4.ip_forward", value: "1" }),
    ].flat(),
    [],
  ],
  ["a VLAN interface on a port that carries the VLAN", [switches, stick(20, ["10-20"])], []],
  ["a VLAN with a VNI of an external tunnel", [single(["10 tunnel_info id 1010"])], []],
  ["a VLAN without a VNI", [single(["10 tunnel_info id 1010", 20])], ["vni-not-carried"]],
  ["a VNI that the tunnel carries", [single(["10 tunnel_info id 1010"], { vnifilter: true, vnis: ["1000-1020"] })], []],
  [
    "a VNI that the tunnel does not carry",
    [single(["10 tunnel_info id 1010"], { vnifilter: true, vnis: [1011] })],
    ["vni-not-carried"],
  ],
  ["unknown VNIs", [single(["10 tunnel_info id 1010"], { vnifilter: true, vnis: [null] })], []],
  ["unknown VLANs", [single(null)], []],
  ["a VLAN interface on a port that does not carry the VLAN", [switches, stick(20, [10])], ["vlan-not-carried"]],
  ["a VLAN interface on a port with the default VLAN", [switches, stick(20, undefined)], ["vlan-not-carried"]],
  [
    "a VLAN interface on a bridge that carries the VLAN",
    [aware("s1", { vlans: [20] }), one("Vlan", { name: "v", link: "s1", vid: 20 })],
    [],
  ],
  [
    "a VLAN interface on a bridge that does not carry the VLAN",
    [switches, one("Vlan", { name: "v", link: "s1", vid: 20 })],
    ["vlan-not-carried"],
  ],
];

each(cases);

test("the message names the port and the VLAN, and the help a solution", () => {
  expect(runChecks([...switches, ...stick(20, [10])])).toMatchObject([
    {
      message: "router/eth0.20 gets no frames: the port to-router of the bridge s1 does not have the VLAN 20",
      help: "add 20 to port.vlans of to-router",
    },
  ]);
  const [pair, self] = [veth(port("p", "s1"), { name: "x" }), plain(0)];
  expect(runChecks([self, pair])).toMatchObject([
    {
      about: pair,
      message: `the port p of the bridge s1 carries nothing: it has no port.vlans, and vlanDefaultPvid of Bridge ${self.name} is 0, so the bridge gives it no VLAN`,
    },
  ]);
});
