import { describe, expect, test } from "vitest";
import { MissingError } from "../../provider/errors.ts";
import { lifecycles } from "../../provider/host.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { bridgeArgs, MARK } from "./samples.ts";
import { type Exchange, fails, scripted, tells } from "./script.ts";

const STRANGER = "pulumi-netns:lab/prod:it@0123abcd";
const hidden = { __mark: MARK, __reference: true, __provider: "code" };
const MAC = "02:00:00:00:00:01";
const LINK = { ifindex: 3, flags: ["UP"], mtu: 1400, address: MAC };
const BRIDGE = { info_kind: "bridge", info_data: { stp_state: 1, vlan_filtering: 0 } };
const ABSENT = fails("Cannot find device");
const LO = { ifindex: 1, ifname: "lo", flags: ["UP"], mtu: 65_536 };
const MAKING = "pulumi-netns:making:6d3d18b0:b1f51a51";

/**
 * Expects that a missing object is an error for a program, which passes only the id, and is reported as deleted to a refresh, which passes
 * the state.
 */
async function misses(type: string, id: string, state: object, ...script: Exchange[]) {
  const { name, message } = new MissingError(`${type} ${id}`);
  // V8 does not always make the empty stack of such an error enumerable, so whole errors cannot be compared.
  await expect(read(type, id, hidden, ...script)).rejects.toMatchObject({ name, message });
  expect(await read(type, id, { ...state, ...hidden }, ...script)).toStrictEqual({ id: "" });
}

const read = (type: string, id: string, outputs: object, ...script: Exchange[]) =>
  scripted(script, (kernel) => (lifecycles(kernel).get(type) as Lifecycle).read(id, { ...outputs, __mark: MARK }));

const bridge = (ifalias?: string, more: object = {}) =>
  tells([{ ...LINK, ifname: "br0", linkinfo: BRIDGE, ...(ifalias !== undefined && { ifalias }), ...more }]);
const SHOW = "ip -json -details address show dev br0";
const IN_RED = "ip -n red -json -details address show dev br0";
const STATE = bridgeArgs({ mtu: 1400, stp: true });

describe("a reference to a bridge", () => {
  test.each([MARK, STRANGER, "a person's", undefined])(
    "is found with any owner, here with the mark %s",
    async (mark) => {
      expect(await read("Bridge", "br0", hidden, [SHOW, bridge(mark)])).toStrictEqual({
        id: "br0",
        props: { ...STATE, ...hidden },
      });
    },
  );

  test("is found in a namespace", async () => {
    expect(await read("Bridge", "red/br0", hidden, [IN_RED, bridge(STRANGER)])).toStrictEqual({
      id: "red/br0",
      props: { ...STATE, namespace: "red", ...hidden },
    });
  });

  test("is read by its id, not by the arguments in the state", async () => {
    const outputs = { ...hidden, name: "other", namespace: "blue", stp: false };
    const found = await read("Bridge", "red/br0", outputs, [IN_RED, bridge()]);
    expect(found.props).toEqual({ ...STATE, namespace: "red", ...hidden });
  });

  test.each([
    ["there is no object", ABSENT],
    ["there is no such namespace", fails('Cannot open network namespace "red": No such file or directory', 255)],
    ["there is a link of another kind", bridge(MARK, { linkinfo: { info_kind: "dummy" } })],
    ["there is a link without a kind", bridge(STRANGER, { linkinfo: undefined })],
  ])("is an error for a program and deleted for a refresh if %s", async (_where, answer) => {
    await misses("Bridge", "red/br0", { ...STATE, namespace: "red" }, [IN_RED, answer]);
  });

  test("is deleted for a refresh with a single property in the state", async () => {
    expect(await read("Bridge", "br0", { ...hidden, up: false }, [SHOW, ABSENT])).toStrictEqual({ id: "" });
  });

  test("is an error for a program also with the properties that the SDK and the engine add", async () => {
    const outputs = { ...hidden, __on: ["eth0"], __adopt: true, __defaults: [] };
    const failure = read("Bridge", "br0", outputs, [SHOW, ABSENT]);
    const { name, message } = new MissingError("Bridge br0");
    await expect(failure).rejects.toMatchObject({ name, message });
  });

  test.each([{}, STATE])("is an error if the query is denied, with %j in the state", async (state) => {
    const failure = read("Bridge", "br0", { ...state, ...hidden }, [
      SHOW,
      fails("RTNETLINK answers: Operation not permitted"),
    ]);
    await expect(failure).rejects.toMatchObject({ name: "KernelError", reason: "denied" });
  });
});

describe.each([{}, { __reference: false }])("a bridge that is no reference, with %j", (more) => {
  test("is read by its arguments and its mark", async () => {
    const outputs = { name: "br0", up: true, ...more };
    expect(await read("Bridge", "red/other", outputs, [SHOW, bridge(STRANGER)])).toEqual({ id: "" });
    expect(await read("Bridge", "red/other", outputs, [SHOW, bridge(MARK)])).toMatchObject({ id: "red/other" });
  });
});

describe("a reference to a namespace", () => {
  const LOOK = "ip -n red -json -details address show";
  const HOST = "ip -json -details address show dev lo";

  test.each<[string, Exchange[]]>([
    ["owned by another stack", [[LOOK, tells([{ ...LO, ifalias: STRANGER }])]]],
    [
      "without a mark",
      [
        [LOOK, tells([LO])],
        [HOST, tells([LO])],
      ],
    ],
  ])("is found if the namespace is %s", async (_whose, script) => {
    expect(await read("Namespace", "red", hidden, ...script)).toStrictEqual({
      id: "red",
      props: { name: "red", ...hidden },
    });
  });

  test.each([
    ["does not exist", []],
    ["has only a note", [MAKING]],
  ])("is an error for a program and deleted for a refresh if the namespace %s", async (_what, altnames) => {
    await misses("Namespace", "red", { name: "red" }, [LOOK, ABSENT], [HOST, tells([{ ...LO, altnames }])]);
  });
});

describe("a reference to a pair", () => {
  const LEFT = "ip -n red -json -details address show dev left";
  const RIGHT = "ip -json -details address show dev right";
  const end = (ifname: string, ifindex: number, link_index: number) =>
    tells([{ ...LINK, ifname, ifindex, link_index, linkinfo: { info_kind: "veth" }, ifalias: STRANGER }]);

  test("is read from both ends", async () => {
    const found = await read("Veth", "red/left:right", hidden, [LEFT, end("left", 2, 7)], [RIGHT, end("right", 7, 2)]);
    expect(found).toStrictEqual({
      id: "red/left:right",
      props: {
        a: { name: "left", namespace: "red", mac: MAC, mtu: 1400, up: true },
        b: { name: "right", mac: MAC, mtu: 1400, up: true },
        ...hidden,
      },
    });
  });

  test.each([
    ["neither end exists", ABSENT, ABSENT],
    ["only one end exists", end("left", 2, 7), ABSENT],
    ["the ends are not a pair", end("left", 2, 7), end("right", 8, 2)],
  ])("is an error for a program and deleted for a refresh if %s", async (_where, left, right) => {
    const state = { a: { name: "left", namespace: "red" }, b: { name: "right" } };
    await misses("Veth", "red/left:right", state, [LEFT, left], [RIGHT, right]);
  });
});

test.each([
  ["Address", "red/eth0/192.168.15.1/24"],
  ["Route", "inet/default/table/254/metric/0"],
  ["NatRule", MARK],
  ["Sysctl", "net.ipv4.ip_forward"],
])("a reference to a %s is an error for a program and deleted for a refresh, without a query", async (type, id) => {
  await misses(type, id, { key: "x" });
});
