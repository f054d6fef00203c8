import { describe, expect, test } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { markOf } from "../../provider/owner.ts";
import { bridgeArgs, bridgeCommands, MARK } from "./samples.ts";
import { type Exchange, fails, scripted, tells, UNFILTERED } from "./script.ts";

const SIBLING = markOf({ project: "lab", stack: "dev", name: "sibling", urn: "urn:sibling" });
const STRANGER = markOf({ project: "lab", stack: "prod", name: "it", urn: "urn:it" });
const FOREIGN = [
  ["of another stack", STRANGER, "belongs to the stack lab/prod"],
  ["without a mark", undefined, "is not managed by pulumi-netns"],
  ["with an alias that a user set", "uplink of the lab", "is not managed by pulumi-netns"],
] as const;

const MAC = "02:00:00:00:00:01";
const inputs = { ...bridgeArgs(), __mark: MARK };
const adopting = { ...inputs, __adopt: true };
const SHOW = "ip -json -details address show dev br0";
const { add: ADD, set: SET } = bridgeCommands();
const TAKE_UP = `ip link set dev br0 address ${MAC} up alias ${MARK}`;
const TAKE = `ip link set dev br0 alias ${MARK}`;
/** The address may be one that the bridge has taken from a port. */
const TAKE_WITH_MAC = `ip link set dev br0 address ${MAC} alias ${MARK}`;
const DUMMY = { linkinfo: { info_kind: "dummy" } };
const ABSENT = fails('Device "br0" does not exist.');

const link = (ifalias?: string, more: object = {}) =>
  tells([
    {
      ifindex: 3,
      ifname: "br0",
      flags: ["BROADCAST", "UP"],
      mtu: 1500,
      address: MAC,
      ...(ifalias !== undefined && { ifalias }),
      linkinfo: { info_kind: "bridge", info_data: { stp_state: 0, vlan_filtering: 0 } },
      ...more,
    },
  ]);

const live = <T>(type: string, script: Exchange[], act: (life: Lifecycle) => Promise<T>) =>
  scripted(script, (kernel) => act(lifecycles(kernel).get(type) as Lifecycle));
const create = (news: typeof inputs, ...script: Exchange[]) => live("Bridge", script, (life) => life.create(news));
const update = (news: typeof inputs, ...script: Exchange[]) =>
  live("Bridge", script, (life) => life.update("br0", { ...inputs, up: false }, news));

describe("create with adopt: true", () => {
  const adopt = (...script: Exchange[]) => create(adopting, ...script);
  const made = { id: "br0", outs: adopting };

  test.each(FOREIGN)("marks an object %s", async (_whose, mark) => {
    expect(await adopt([SHOW, link(mark)], [TAKE_WITH_MAC], UNFILTERED)).toEqual(made);
  });

  test("updates the existing object to the desired state", () =>
    adopt(
      [SHOW, link(STRANGER, { flags: [], linkinfo: { info_kind: "bridge", info_data: { stp_state: 1 } } })],
      ["ip link set dev br0 type bridge stp_state 0"],
      [TAKE_UP],
      UNFILTERED,
    ));

  test("adopts an object that another stack has created but not marked", () =>
    adopt([SHOW, link(undefined, { address: "02:50:a3:66:c0:49", flags: [] })], [TAKE_UP], UNFILTERED));

  test("creates a missing object", async () => {
    expect(await adopt([SHOW, ABSENT], [ADD], [SET], UNFILTERED)).toEqual(made);
  });

  test("leaves its own object unchanged", async () => {
    expect(await adopt([SHOW, link(MARK)], UNFILTERED)).toEqual(made);
  });

  test("does not delete an existing object if a later step fails", async () => {
    await expect(adopt([SHOW, link(STRANGER)], [TAKE_WITH_MAC, fails("no")])).rejects.toMatchObject({
      reason: "failed",
    });
  });

  test.each(FOREIGN)("refuses an object %s that is of another kind", async (_whose, mark, reason) => {
    const failure = adopt([SHOW, link(mark, DUMMY)]);
    await expect(failure).rejects.toMatchObject({ name: "ForeignError" });
    await expect(failure).rejects.toThrow(`Bridge br0 already exists and ${reason}\n`);
    await expect(failure).rejects.toThrow("; it is of another kind, so adopt cannot take it over");
  });

  test("replaces a leftover of its own stack that is of another kind", () =>
    adopt([SHOW, link(SIBLING, DUMMY)], ["ip link delete dev br0"], [ADD], [SET], UNFILTERED));
});

describe.each([
  ["without adopt", inputs],
  ["with adopt: false", { ...inputs, __adopt: false }],
])("create %s", (_what, news) => {
  test.each(FOREIGN)("refuses an object %s, and suggests adopt", async (_whose, mark, reason) => {
    const failure = create(news, [SHOW, link(mark)]);
    await expect(failure).rejects.toThrow(`Bridge br0 already exists and ${reason}\n`);
    await expect(failure).rejects.toThrow(/, or take it over with adopt: true$/);
  });

  test("refuses an object of another kind, and does not suggest adopt", async () => {
    const failure = create(news, [SHOW, link(STRANGER, DUMMY)]);
    await expect(failure).rejects.toThrow(/; it is of another kind, so adopt cannot take it over$/);
  });
});

describe("update", () => {
  test.each(FOREIGN)("adopts an object %s with adopt: true", async (_whose, mark) => {
    expect(await update(adopting, [SHOW, link(mark)], [TAKE])).toEqual({ outs: adopting });
  });

  test.each(FOREIGN)("refuses an object %s without adopt", async (_whose, mark, reason) => {
    await expect(update(inputs, [SHOW, link(mark)])).rejects.toThrow(reason);
  });

  test("refuses an object of another kind, also with adopt: true", async () => {
    await expect(update(adopting, [SHOW, link(STRANGER, DUMMY)])).rejects.toMatchObject({ name: "ForeignError" });
  });

  test("uses the adopt option of the new arguments, not that of the old ones", async () => {
    const failure = live("Bridge", [[SHOW, link(STRANGER)]], (life) => life.update("br0", adopting, inputs));
    await expect(failure).rejects.toMatchObject({ name: "ForeignError" });
  });
});

test.each([
  ["read", (life: Lifecycle) => life.read("br0", adopting), { id: "" }],
  ["delete", (life: Lifecycle) => life.delete("br0", adopting), undefined],
])("a %s with adopt: true adopts nothing", async (_verb, act, answer) => {
  expect(await live<unknown>("Bridge", [[SHOW, link(STRANGER)]], act)).toEqual(answer);
});

const LO = { ifindex: 1, ifname: "lo", flags: ["UP"], mtu: 65_536 };
const ROUTE = {
  destination: "10.7.0.0/16",
  type: "unicast",
  via: "192.168.15.5",
  onlink: false,
  metric: 0,
  table: 254,
};
const NOTE = "ip link property add dev lo altname 'pulumi-netns:route:93501850:lab!dev'";
const EXISTS = fails("RTNETLINK answers: File exists");
const born = (name: string, mac: string) => `name ${name} address ${mac} mtu 1500`;
const entry = { type: "unicast", dst: "10.7.0.0/16", gateway: "192.168.15.5", dev: "eth0", flags: [] };
const end = (ifname: string, peer: string, more: object = {}) =>
  tells([{ ...LO, ifname, link: peer, address: MAC, mtu: 1500, linkinfo: { info_kind: "veth" }, ...more }]);

describe.each<[string, object, Exchange[], Exchange[]]>([
  [
    "Namespace",
    { name: "red" },
    [
      ["ip -n red -json -details address show", tells([LO])],
      ["ip -json -details address show dev lo", tells([LO])],
    ],
    [
      [`ip -n red link set dev lo up alias ${MARK}`],
      ["ip link property del dev lo altname pulumi-netns:making:6d3d18b0:b1f51a51", fails("No such file or directory")],
    ],
  ],
  [
    "Veth",
    { a: { name: "left", mac: MAC, mtu: 1500, up: true }, b: { name: "right", mac: MAC, mtu: 1500, up: true } },
    [
      [
        `ip link add ${born("left", "02:92:a3:7f:ac:fe")} up type veth peer ${born("right", "02:91:42:72:a5:1b")}`,
        EXISTS,
      ],
      ["ip -json -details address show dev left", end("left", "right", { ifalias: STRANGER })],
      ["ip -json -details address show dev right", end("right", "left")],
    ],
    [[`ip link set dev left alias ${MARK}`], [`ip link set dev right alias ${MARK}`]],
  ],
  [
    "Route",
    ROUTE,
    [
      [NOTE],
      ["ip -4 route add 10.7.0.0/16 via 192.168.15.5 protocol 201", EXISTS],
      [NOTE.replace(" add ", " del ")],
      ["ip -json -details -4 route show exact 10.7.0.0/16 table 254", tells([{ ...entry, protocol: "static" }])],
      ["ip -json -details address show dev eth0", tells([{ ...LO, ifname: "eth0", address: MAC }])],
    ],
    [[NOTE], ["ip -4 route replace 10.7.0.0/16 via 192.168.15.5 protocol 201"]],
  ],
])("a %s", (type, args, looks, commands) => {
  test("is adopted with adopt: true if it is foreign", () => {
    const news = { ...args, __adopt: true, __mark: MARK };
    return live(type, [...looks, ...commands], async (life) => {
      expect((await life.create(news)).outs).toEqual(news);
    });
  });

  test("is refused without adopt if it is foreign", async () => {
    const failure = live(type, looks, (life) => life.create({ ...args, __mark: MARK }));
    await expect(failure).rejects.toThrow("or take it over with adopt: true");
  });
});
