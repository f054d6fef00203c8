import type * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import {
  Bridge,
  Host,
  LabHost,
  type LabHostArgs,
  Lan,
  type LanArgs,
  Link,
  type LinkArgs,
  Namespace,
  Router,
  Veth,
  Vxlan,
} from "../../sdk/index.ts";
import { lab, preview } from "../support/across-hosts.ts";
import { succeeds } from "../support/edited.ts";

/** A link between two lab hosts. */
const linked =
  (args: LabHostArgs = {}, more: Partial<LinkArgs> = {}) =>
  () => {
    const [a, b] = [new Host("a", { host: lab("lab1") }), new Host("b", { host: lab("lab2", args) })];
    return new Link("ab", { a, b, ...more });
  };

const lanOf = (args: Partial<LanArgs> = {}) => new Lan("office", { networks: ["10.0.0.0/24"], ...args });

test.each<[string, () => unknown, RegExp]>([
  [
    "a lab host without an address",
    () => {
      const [a, b] = [new Host("a", { host: lab("lab1") }), new Host("b", { host: new LabHost("lab2") })];
      return new Link("ab", { a, b });
    },
    /^Link ab: b: the lab host lab2 has no address at which the other lab hosts reach it\n {2}help: set address, for example /,
  ],
  [
    "this machine",
    () => new Link("ab", { a: new Host("a"), b: new Host("b", { host: lab("lab2") }) }),
    /^Link ab: a: it is on this machine, which has no name and no address/,
  ],
  [
    "two families",
    linked({ address: "fd00::2" }),
    /^Link ab: b: the lab host lab1 has the address 192\.0\.2\.1, and lab2 has fd00::2\n/,
  ],
  [
    "equal addresses",
    linked({ address: "192.0.2.1" }),
    /^Link ab: b: the lab hosts lab1 and lab2 have the same address 192\.0\.2\.1\n/,
  ],
  [
    "an MTU that does not fit",
    linked({}, { mtu: 1500 }),
    /^Link ab: mtu: 1500 is more than 1450: VXLAN adds 50 bytes, and the lab host lab1 has an MTU of 1500\n/,
  ],
  [
    "an MTU that does not fit into a secure link",
    linked({ mtu: 1420 }, { mtu: 1311, secure: true }),
    /^Link ab: mtu: 1311 is more than 1310: VXLAN and WireGuard add 110 bytes, and the lab host lab2 has an MTU of 1420\n/,
  ],
  [
    "an identifier that is in use",
    () => {
      const [a, b] = [new Host("a", { host: lab("lab1") }), new Host("b", { host: lab("lab2") })];
      new Link("one", { a, b, vni: 7 });
      return new Link("other", { a, b, vni: 7 });
    },
    /vni: Vxlan \S+ and Vxlan \S+ declare the same VXLAN identifier 7 on udp port 14789 \(IPv4\)/,
  ],
  ["an invalid identifier", linked({}, { vni: 0 }), /vni: 0 is not a VXLAN network identifier/],
  [
    "a veth pair",
    () => new Veth("cable", { a: { name: "a", namespace: lab("lab1") }, b: { name: "b", namespace: lab("lab2") } }),
    /one end of a link is on the lab host lab1 and the other one on the lab host lab2\n {2}help: .* a Link, a Lan or a tunnel/,
  ],
  ["equal names", () => [lab("lab1"), new LabHost("lab1", { ssh: "other" })], /two LabHosts have the name lab1/],
  ["equal destinations", () => [lab("lab1"), new LabHost("again", { ssh: "lab1" })], /have the same destination lab1/],
])("a preview refuses %s in a link across lab hosts", async (_, program, why) => {
  expect((await preview(program)).failure?.message).toMatch(why);
});

test.each<[string, () => unknown, RegExp]>([
  [
    "a host on another lab host",
    () => lanOf({ spans: [lab("lab1"), lab("lab2")], hosts: [{ name: "ben", host: lab("lab3") }] }),
    /^Lan office: hosts: ben is on the lab host lab3, and the LAN office spans only the lab host lab1, the lab host lab2\n {2}help: /,
  ],
  [
    "a member on this machine",
    () => lanOf({ spans: [lab("lab1")], members: [new Host("ben")] }),
    /^Lan office: members: ben is on this machine, and the LAN office spans only the lab host lab1\n/,
  ],
  [
    "a router on another lab host",
    () => {
      const router = new Router("edge", { host: lab("lab2") });
      lanOf({ spans: [lab("lab1")], router });
    },
    /^Lan office: router: edge is on the lab host lab2, and /,
  ],
  [
    "a node that joins from another lab host",
    () => lanOf().join(new Host("ben", { host: lab("lab1") })),
    /^Lan office: join: ben is on the lab host lab1, and the LAN office spans only this machine\n/,
  ],
  [
    "the bridge of another LAN together with lab hosts",
    () => lanOf({ spans: [lab("lab1")], gateways: [], bridge: new Bridge("br") }),
    /^Lan office: spans: a LAN on the bridge of another one is on the lab host of that bridge\n {2}help: remove bridge/,
  ],
  ["an empty list of lab hosts", () => lanOf({ spans: [] }), /^Lan office: spans: the list is empty/],
  [
    "a lab host twice",
    () => {
      const lab1 = lab("lab1");
      lanOf({ spans: [lab1, lab1] });
    },
    /^Lan office: spans: lab1 is listed twice$/,
  ],
  [
    "a lab host without an address",
    () => lanOf({ spans: [lab("lab1"), new LabHost("lab2")] }),
    /^Lan office: spans: the lab host lab2 has no address at which /,
  ],
  [
    "an MTU that does not fit",
    () => lanOf({ spans: [lab("lab1"), lab("lab2")], mtu: 1451 }),
    /^Lan office: mtu: 1451 is more than 1450: VXLAN adds 50 bytes/,
  ],
])("a preview refuses %s in a LAN", async (_, program, why) => {
  expect((await preview(program)).failure?.message).toMatch(why);
});

test("the bridge of a LAN is on the lab host of its router, and a LAN on a single lab host has no tunnel", async () => {
  const program = () => {
    const lab2 = lab("lab2");
    const router = new Router("edge", { host: lab2 });
    const lan = lanOf({ router });
    lan.join(new Host("ben", { host: lab2 }));
    expect(lan.bridgeOn(lab2)).toBe(lan.bridge);
    expect(() => lan.bridgeOn(lab("lab3"))).toThrow("the LAN office has no bridge on the lab host lab3");
  };
  const planned = succeeds(await preview(program));
  expect(planned.filter((step) => step.includes("Vxlan"))).toEqual([]);
  expect(planned).toContain("create Bridge office");
});

test("the hosts of a LAN on a bridge of a lab host are on that lab host", async () => {
  const program = () => {
    const lab2 = lab("lab2");
    const bridge = new Bridge("switch", { namespace: lab2, vlanFiltering: true });
    const lan = lanOf({ bridge, vlan: 10, gateways: [], hosts: ["ben"] });
    expect(lan.hosts["ben"]?.host).toBe(lab2);
  };
  expect(succeeds(await preview(program))).toEqual([
    "create Bridge switch",
    "create Namespace ben",
    "create Veth office-ben",
  ]);
});

test("a LAN in a VLAN has the VLAN on each bridge, and its tunnels carry untagged frames", async () => {
  const vlans: unknown[] = [];
  const program = () => {
    const note: pulumi.ResourceTransformation = ({ name, props: { vlanFiltering, vlans: own, port, a, b } }) => {
      vlans.push([name, own ?? port?.vlans ?? a?.port?.vlans ?? b?.port?.vlans, vlanFiltering]);
      return undefined;
    };
    const spans = [lab("lab1"), lab("lab2")];
    new Lan("office", { networks: ["10.0.0.0/24"], vlan: 10, spans, hosts: ["ann"] }, { transformations: [note] });
  };
  succeeds(await preview(program));
  const inVlan = ["10 pvid untagged"];
  expect(vlans).toEqual(
    expect.arrayContaining([
      ["office", inVlan, true],
      ["office-lab2", undefined, true],
      ["office-lab1", inVlan, undefined],
      ["office-lab2", inVlan, undefined],
      ["office-ann", inVlan, undefined],
    ]),
  );
});

test.each<[string, LabHostArgs, string | undefined]>([
  ["a name in the configuration of ssh", {}, undefined],
  ["an address", { ssh: "192.0.2.7" }, "192.0.2.7"],
  ["a user and an address", { ssh: "ada@192.0.2.7" }, "192.0.2.7"],
  ["a URL", { ssh: "ssh://ada@192.0.2.7:2222" }, "192.0.2.7"],
  ["a user and an IPv6 address", { ssh: "ada@2001:db8::7" }, "2001:db8::7"],
  ["a URL with an IPv6 address", { ssh: "ssh://[2001:db8::7]:22/" }, "2001:db8::7"],
  ["a forwarded port", { ssh: "ssh://root@127.0.0.1:2222" }, undefined],
  ["a host name", { ssh: "ada@lab.example.com" }, undefined],
  ["the argument address", { ssh: "ada@192.0.2.7", address: "2001:DB8:0::9" }, "2001:db8::9"],
])("the address of a lab host is derived from %s", async (_, args, address) => {
  succeeds(await preview(() => expect(new LabHost("lab", args).address).toBe(address)));
});

test.each<[LabHostArgs, RegExp]>([
  [{ address: "lab.example.com" }, /^LabHost lab: address is "lab.example.com", and must be the IP address of a host/],
  [{ address: "192.0.2.7/24" }, /^LabHost lab: address is "192.0.2.7\/24"/],
  [{ address: "239.1.1.1" }, /^LabHost lab: address is "239.1.1.1"/],
  [
    { firstSecurePort: 60_000 },
    /^LabHost lab: firstSecurePort is 60000, and must be a whole number from 1024 to 55536$/,
  ],
  [{ mtu: 100 }, /^LabHost lab: mtu is 100, and must be a whole number from 576 to 65535$/],
])("a lab host with %j is refused", async (args, why) => {
  expect((await preview(() => new LabHost("lab", args))).failure?.message).toMatch(why);
});

test("the configuration gives the default lab host an address and an MTU", async () => {
  const config = { "pulumi-netns:host": JSON.stringify({ name: "lab1", ssh: "ada@192.0.2.1", mtu: 1400 }) };
  const program = () => new Link("ab", { a: new Host("a"), b: new Host("b", { host: lab("lab2") }), mtu: 1351 });
  expect((await preview(program, config)).failure?.message).toMatch(/^Link ab: mtu: 1351 is more than 1350/);
});

test("a Link and a Lan of the same name have different identifiers", async () => {
  const program = () => {
    const spans = [lab("lab1"), lab("lab2")] as const;
    new Lan("ab", { networks: ["10.0.0.0/24"], spans });
    const [a, b] = spans.map((host) => new Host(host.name, { host })) as [Host, Host];
    new Link("ab", { a, b });
  };
  expect(succeeds(await preview(program)).filter((step) => step.includes("Vxlan"))).toHaveLength(4);
});

test("a LabHost as the underlay of a tunnel is the network stack of the lab host, which must be that of the tunnel", async () => {
  const underlays: unknown[] = [];
  const args = { vni: 7, remote: "192.0.2.2" };
  const program = () => {
    const lab1 = lab("lab1");
    const tunnels = [
      new Vxlan("in-a", { namespace: new Namespace("a", { host: lab1 }), underlay: lab1, ...args }),
      new Vxlan("beside", { namespace: lab1, underlay: lab1, ...args, vni: 8 }),
    ];
    for (const { underlay } of tunnels) underlay.apply((one) => underlays.push(one));
  };
  succeeds(await preview(program));
  // An omitted argument is unknown at preview.
  expect(underlays).toEqual(["/"]);
  const elsewhere = () => new Vxlan("in-a", { namespace: lab("lab1"), underlay: lab("lab2"), ...args });
  expect((await preview(elsewhere)).failure?.message).toMatch(
    /one end of a link is on the lab host lab2 and the other/,
  );
});
