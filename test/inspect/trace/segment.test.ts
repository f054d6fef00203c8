import { describe, expect, test } from "vitest";
import type { DetailedInterface, Tunnel } from "../../../inspect/trace/link-details.ts";
import { segmentOf } from "../../../inspect/trace/segment.ts";
import { vlansOf } from "../../../provider/vlans.ts";
import { vnisOf } from "../../../provider/vnis.ts";
import { bridge, one, pair, port } from "./interfaces.ts";

const vlan = (place: string, name: string, parent: string, id: number) =>
  one(place, name, "vlan", { data: { id }, peer: { name: parent, place: "same" } });

const from = (all: DetailedInterface[], place: string, name: string) => {
  const found = all.find((end) => end.place === place && end.name === name);
  if (found === undefined) throw new Error(`no ${place}/${name}`);
  const { members, filtered, exits, broken, ways } = segmentOf(all, found);
  const passed = [...ways].flatMap(([end, way]) => {
    const tunnel = [found, ...way].find((one) => one.tunnel !== undefined);
    return tunnel === undefined ? [] : [`${end.name} by ${tunnel.name}`];
  });
  const names = (list: readonly DetailedInterface[]) => list.map((end) => `${end.place}/${end.name}`).sort();
  return {
    ...{ members: names(members), filtered: names(filtered), exits: names(exits), broken: names(broken) },
    tunnels: passed,
  };
};

describe("VLANs", () => {
  /** Two switches with a trunk, a host in VLAN 10 on each, a host in VLAN 20, and a router with a VLAN interface for each VLAN. */
  const lab = (trunk: (string | number)[]) => [
    ...[bridge("s1", "br", []), bridge("s2", "br", [])],
    ...pair(port("s1", "trunk", "br", [10, 20]), port("s2", "trunk", "br", trunk)),
    ...pair(one("anna", "eth0", "veth"), port("s1", "to-anna", "br", ["10 pvid untagged"])),
    ...pair(one("carla", "eth0", "veth"), port("s2", "to-carla", "br", ["10 pvid untagged"])),
    ...pair(one("ben", "eth0", "veth"), port("s1", "to-ben", "br", ["20 pvid untagged"])),
    ...pair(one("router", "eth0", "veth"), port("s1", "to-router", "br", [10, 20])),
    ...[vlan("router", "eth0.10", "eth0", 10), vlan("router", "eth0.20", "eth0", 20)],
  ];

  test("a frame reaches the ports of its VLAN, and the VLAN interface behind a trunk", () => {
    expect(from(lab([10, 20]), "anna", "eth0")).toMatchObject({
      members: ["carla/eth0", "router/eth0.10"],
      filtered: ["s1/to-ben"],
      exits: [],
    });
    expect(from(lab([10, 20]), "router", "eth0.20")).toMatchObject({ members: ["ben/eth0"] });
  });

  test("a trunk without the VLAN drops a frame", () => {
    expect(from(lab([20]), "anna", "eth0")).toMatchObject({
      members: ["router/eth0.10"],
      filtered: ["s1/to-ben", "s2/trunk"],
    });
  });

  test("a frame without a tag is dropped by a port without a pvid", () => {
    expect(from(lab([10]), "router", "eth0")).toMatchObject({ members: [], filtered: ["s1/to-router"] });
  });

  test("the VLAN interface on a bridge receives a frame", () => {
    const all = [
      bridge("s", "br", [7]),
      vlan("s", "br.7", "br", 7),
      ...pair(one("a", "eth0", "veth"), port("s", "p", "br", ["7 pvid untagged"])),
    ];
    expect(from(all, "a", "eth0")).toMatchObject({ members: ["s/br.7"] });
    expect(from(all, "s", "br.7")).toMatchObject({ members: ["a/eth0"] });
  });
});

test("a bond passes frames through a working member", () => {
  const all = [
    ...[one("a", "bond0", "bond"), one("b", "bond0", "bond")],
    ...pair(
      one("a", "e1", "veth", { master: "bond0", carrier: false }),
      one("b", "e1", "veth", { master: "bond0", up: false }),
    ),
    ...pair(one("a", "e2", "veth", { master: "bond0" }), one("b", "e2", "veth", { master: "bond0" })),
  ];
  expect(from(all, "a", "bond0")).toMatchObject({ members: ["b/bond0"], broken: [] });
});

test("a frame of a VLAN in a VLAN keeps its inner tag under the outer one, also through bridges", () => {
  const tagged = (place: string, name: string, parent: string, id: number, protocol: string) =>
    one(place, name, "vlan", { data: { id, protocol }, peer: { name: parent, place: "same" } });
  const stacked = (place: string, inner: number) => [
    tagged(place, "outer", "eth0", 100, "802.1ad"),
    tagged(place, "inner", "outer", inner, "802.1Q"),
  ];
  const ends = [...stacked("a", 10), ...stacked("b", 10)];
  const wired = [...pair(one("a", "eth0", "veth"), one("b", "eth0", "veth")), ...ends];
  expect(from(wired, "a", "inner")).toMatchObject({ members: ["b/inner"] });
  expect(from(wired, "a", "outer")).toMatchObject({ members: ["b/outer"] });
  const other = [...pair(one("a", "eth0", "veth"), one("b", "eth0", "veth")), ...stacked("a", 10), ...stacked("b", 20)];
  expect(from(other, "a", "inner")).toMatchObject({ members: [] });

  // A bridge sees only tags of its own protocol: a frame with another outer tag belongs to the PVID of the port.
  const through = (vlans: (string | number)[]) => [
    bridge("s", "br", []),
    ...pair(one("a", "eth0", "veth"), port("s", "to-a", "br", ["7 pvid untagged"])),
    ...pair(one("b", "eth0", "veth"), port("s", "to-b", "br", vlans)),
    ...ends,
  ];
  expect(from(through(["7 pvid untagged"]), "a", "inner")).toMatchObject({ members: ["b/inner"], filtered: [] });
  expect(from(through([100, 10]), "a", "inner")).toMatchObject({ members: [], filtered: ["s/to-b"] });
});

test("members of a VRF receive frames, but not those of each other", () => {
  const all = [
    one("r", "red", "vrf"),
    ...pair(one("a", "eth0", "veth"), one("r", "to-a", "veth", { master: "red" })),
    ...pair(one("b", "eth0", "veth"), one("r", "to-b", "veth", { master: "red" })),
  ];
  expect(from(all, "a", "eth0")).toMatchObject({ members: ["r/to-a"] });
});

describe("tunnels", () => {
  const at = (place: string, address: string) =>
    one(place, "wan", "veth", { addresses: [{ family: "inet", address, length: 24, global: true }] });
  const end = (place: string, tunnel: Tunnel, master?: string) => one(place, "vx", "vxlan", { tunnel, master });
  const ends = (id: string) => [
    ...pair(at("a", "10.0.0.1"), at("b", "10.0.0.2")),
    end("a", { id: "7 4789", underlay: "a", remotes: [{ id: "7 4789", address: "10.0.0.2" }] }),
    end("b", { id, underlay: "b", remotes: [] }, "br"),
    bridge("b", "br"),
    ...pair(one("host", "eth0", "veth"), port("b", "to-host", "br")),
  ];

  test("a frame reaches the other end and the bridge behind it", () => {
    expect(from(ends("7 4789"), "a", "vx")).toMatchObject({
      members: ["b/br", "host/eth0"],
      exits: [],
      tunnels: ["br by vx", "eth0 by vx"],
    });
  });

  test("a tunnel with another VNI is not the other end", () => {
    expect(from(ends("8 4789"), "a", "vx")).toMatchObject({ members: [], exits: ["a/vx"] });
  });

  /** Two switches, each with hosts in the VLANs 10 and 20, and one external VXLAN between them. */
  const fabric = (far: { vlans?: string[]; vnis?: string[] }, srcVnis = [1010, 1020]) => {
    const single = (place: string, remote: string, vlans: string[], vnis: string[]) =>
      one(place, "vx", "vxlan", {
        ...{ master: "br", vlans: vlansOf(vlans), data: { id: 0, port: 4789, external: true } },
        tunnel: {
          ...{ id: "0 4789", underlay: place, vnis: vnisOf(vnis) },
          remotes: srcVnis.map((srcVni) => ({ id: "0 4789", address: remote, vni: srcVni, port: 4789, srcVni })),
        },
      });
    const map = ["10 tunnel_info id 1010", "20 tunnel_info id 1020"];
    return [
      ...pair(at("a", "10.0.0.1"), at("b", "10.0.0.2")),
      single("a", "10.0.0.2", map, ["1-5000"]),
      single("b", "10.0.0.1", far.vlans ?? map, far.vnis ?? ["1-5000"]),
      ...["a", "b"].flatMap((place) => [
        bridge(place, "br", []),
        ...[10, 20].flatMap((vid) =>
          pair(one(`${place}${vid}`, "eth0", "veth"), port(place, `to-${vid}`, "br", [`${vid} pvid untagged`])),
        ),
      ]),
    ];
  };

  test("an external VXLAN carries each VLAN with the VNI of the map", () => {
    expect(from(fabric({}), "a10", "eth0")).toMatchObject({ members: ["b10/eth0"], exits: [] });
    expect(from(fabric({}), "b20", "eth0")).toMatchObject({ members: ["a20/eth0"], exits: [] });
    const swapped = ["10 tunnel_info id 1020", "20 tunnel_info id 1010"];
    expect(from(fabric({ vlans: swapped }), "a10", "eth0")).toMatchObject({ members: ["b20/eth0"] });
  });

  test("a VLAN without a VNI is dropped at the port, and a VNI reaches only an end that carries it", () => {
    expect(from(fabric({ vlans: ["10", "20 tunnel_info id 1020"] }), "b10", "eth0")).toMatchObject({
      members: [],
      filtered: ["b/to-20", "b/vx"],
    });
    expect(from(fabric({ vnis: ["1020"] }), "a10", "eth0")).toMatchObject({ members: [], exits: ["a/vx"] });
    expect(from(fabric({}, [1020]), "a10", "eth0")).toMatchObject({ members: [], exits: ["a/vx"] });
    expect(from(fabric({ vnis: ["1020"] }), "a20", "eth0")).toMatchObject({ members: ["b20/eth0"], exits: [] });
  });

  test("an external VXLAN is the other end of a VXLAN whose VNI it carries", () => {
    const plain = one("c", "vx", "vxlan", {
      data: { id: 1010, port: 4789 },
      tunnel: {
        id: "1010 4789",
        underlay: "c",
        remotes: [{ id: "1010 4789", address: "10.0.0.1", vni: 1010, port: 4789 }],
      },
    });
    expect(from([...fabric({}), plain], "c", "vx").members).toContain("a10/eth0");
    expect(from([...fabric({}), plain], "c", "vx").members).not.toContain("a20/eth0");
  });
});

describe("ipvlans", () => {
  const ipvlan = (place: string, data: Record<string, unknown>) =>
    one(place, "iv0", "ipvlan", { data, peer: { index: 100, place: { name: "host" } } });
  const lab = (data: Record<string, unknown>) => [
    ...pair({ ...one("host", "uplink", "veth"), index: 100 }, one("blue", "eth0", "veth")),
    ...[ipvlan("a", data), ipvlan("b", data)],
  ];

  test("of mode l2 hear the frames on the wire of their parent, and with the flag bridge each other", () => {
    expect(from(lab({ mode: "l2", bridge: true }), "a", "iv0").members).toEqual(["b/iv0", "blue/eth0"]);
    expect(from(lab({ mode: "l2", private: true }), "a", "iv0").members).toEqual(["blue/eth0"]);
    expect(from(lab({ mode: "l2", bridge: true }), "blue", "eth0").members).toEqual(["a/iv0", "b/iv0", "host/uplink"]);
  });

  test.each(["l3", "l3s"])("of mode %s hear no frames", (mode) => {
    expect(from(lab({ mode, bridge: true }), "blue", "eth0").members).toEqual(["host/uplink"]);
  });
});
