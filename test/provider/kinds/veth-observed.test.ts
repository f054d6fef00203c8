import { describe, expect, test } from "vitest";
import { veth } from "../../../provider/kinds/veth.ts";
import { MARK, ready } from "../samples.ts";
import { type Exchange, fails, scripted, tells } from "../script.ts";
import { A, B, BIRTH_A, BIRTH_B, pair } from "./pair.ts";

const SIBLING = "pulumi-netns:lab/dev:sibling@0123abcd";
const STRANGER = "pulumi-netns:lab/prod:it@0123abcd";
const { a, b } = pair();

describe("the observed state", () => {
  const link = (more: object) =>
    tells([{ flags: ["UP"], mtu: 1500, ifalias: MARK, linkinfo: { info_kind: "veth" }, ...more }]);
  const left = (more: object = {}) => link({ ifindex: 2, ifname: "left", link_index: 7, address: A.mac, ...more });
  const right = (more: object = {}) => link({ ifindex: 7, ifname: "right", link_index: 2, address: B.mac, ...more });
  const none = fails("Device does not exist.");
  const UNMARKED = { ifalias: undefined };
  const BORN_A = { ifalias: undefined, address: BIRTH_A };
  const BORN_B = { ifalias: undefined, address: BIRTH_B };
  const observe = (one: typeof none, other: typeof none) =>
    scripted(
      [
        ["ip -n red -json -details address show dev left", one],
        ["ip -json -details address show dev right", other],
      ],
      (kernel) => veth.observe(kernel, pair(), MARK),
    );

  test.each([
    ["a pair", left(), right(), { whole: true, mark: MARK, occupants: 2 }],
    ["a pair with a port", left({ master: "br0" }), right(), { whole: true, mark: MARK, occupants: 2 }],
    ["undefined without a pair", none, none, undefined],
    ["one end", left(), none, { whole: false, mark: MARK, occupants: 1 }],
    [
      "the other end, owned by another resource",
      none,
      right({ ifalias: SIBLING }),
      { whole: false, mark: SIBLING, occupants: 1 },
    ],
    ["ends of two pairs", left({ link_index: 9 }), right(), { whole: false, mark: MARK, occupants: 2 }],
    [
      "a link of another kind",
      left(),
      right({ linkinfo: { info_kind: "bridge" } }),
      { whole: false, mark: MARK, occupants: 2 },
    ],
    [
      "its own mark before another resource's one",
      left({ ifalias: SIBLING }),
      right(),
      { whole: true, mark: MARK, occupants: 2 },
    ],
    ["its own mark on either end", left({ ifalias: STRANGER }), right(), { whole: true, mark: MARK, occupants: 2 }],
    ["its own mark on one end", left(), right({ ifalias: undefined }), { whole: true, mark: MARK, occupants: 2 }],
    ["an unmarked pair", left(UNMARKED), right(UNMARKED), { whole: true, mark: undefined, occupants: 2 }],
    ["a pair that is not marked yet", left(BORN_A), right(BORN_B), { whole: true, mark: MARK, occupants: 2 }],
    ["a pair of which one end is marked", left(), right(BORN_B), { whole: true, mark: MARK, occupants: 2 }],
    ["one end that is not marked yet", left(BORN_A), none, { whole: false, mark: MARK, occupants: 1 }],
    [
      "an unmarked pair with the MAC addresses exchanged",
      left({ ...UNMARKED, address: BIRTH_B }),
      right({ ...UNMARKED, address: BIRTH_A }),
      { whole: true, mark: undefined, occupants: 2 },
    ],
    [
      "another stack's end beside one that is not marked yet",
      left(BORN_A),
      right({ ifalias: STRANGER, link_index: 9 }),
      { whole: false, mark: STRANGER, occupants: 2 },
    ],
  ])("is %s", async (_what, one, other, expected) => {
    const found = await observe(one, other);
    expect(found && { whole: found.state !== undefined, mark: found.mark, occupants: found.occupants.length }).toEqual(
      expected,
    );
  });

  test.each([
    ["marked", left(), right(), [MARK, MARK], [MARK, MARK]],
    ["not marked yet", left(BORN_A), right(BORN_B), [undefined, undefined], [MARK, MARK]],
    [
      "owned by another resource",
      left({ ifalias: SIBLING, address: BIRTH_A }),
      right(),
      [SIBLING, MARK],
      [SIBLING, MARK],
    ],
    ["unmarked", left(UNMARKED), right(UNMARKED), [undefined, undefined], [undefined, undefined]],
  ])("has the alias and the mark of each end of a pair that is %s", async (_what, one, other, aliases, marks) => {
    expect((await observe(one, other))?.occupants).toMatchObject([
      { end: a, alias: aliases[0], mark: marks[0] },
      { end: b, alias: aliases[1], mark: marks[1] },
    ]);
  });

  describe("without both ends", () => {
    const args = { a: { name: "left", addresses: ["10.0.0.2/24"], gateways: ["10.0.0.1"] }, b: { name: "right" } };
    const look = (...routes: object[]) => {
      const script: Exchange[] = [
        ["ip -json -details address show dev left", none],
        ["ip -json -details address show dev right", none],
        ["ip -json -details -4 route show exact default table 254", tells(routes)],
        ["ip -json -details address show dev lo", tells([{ ifindex: 1, ifname: "lo", flags: ["UP"], mtu: 65_536 }])],
      ];
      const entry = [["ip -json -details address show dev other", none] as const];
      const all = routes.length === 0 ? script : [...script, ...entry];
      return scripted(all, (kernel) => veth.observe(kernel, ready(veth, args), MARK));
    };

    test("is undefined without a default route", async () => {
      expect(await look()).toBeUndefined();
    });

    test("has a default route over another link, which conflicts", async () => {
      const seen = await look({ dst: "default", gateway: "10.9.0.1", dev: "other", protocol: "201" });
      expect(seen).toMatchObject({ state: undefined, mark: MARK, occupants: [] });
      expect(seen?.addressing.a.routes).toMatchObject([
        { seen: { state: { via: "10.9.0.1", interface: "other" }, mark: MARK } },
      ]);
      expect(seen?.addressing.b.routes).toEqual([]);
    });
  });

  test("has both ends in terms of their arguments", async () => {
    expect(await observe(left({ master: "br0", mtu: 1400, flags: [] }), right())).toMatchObject({
      state: pair({ master: "br0", mtu: 1400, up: false }),
    });
  });

  test("is a pair within one place if each end names the other one as its peer", async () => {
    const near = ready(veth, { a: { name: "left" }, b: { name: "right" } });
    const asked = (name: string, peer: string) =>
      [`ip -json -details address show dev ${name}`, link({ ifindex: 1, ifname: name, link: peer })] as const;
    const look = (peer: string) =>
      scripted([asked("left", peer), asked("right", "left")], (kernel) => veth.observe(kernel, near, MARK));
    expect((await look("right"))?.state).toBeDefined();
    expect((await look("wrong"))?.state).toBeUndefined();
  });
});
