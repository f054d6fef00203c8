import { describe, expect, test } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { initialGroup } from "../../provider/kinds/link.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { markOf } from "../../provider/owner.ts";
import { bridgeArgs, bridgeCommands, MARK } from "./samples.ts";
import { type Exchange, fails, scripted, tells, UNFILTERED } from "./script.ts";

const SIBLING = markOf({ project: "lab", stack: "dev", name: "sibling", urn: "urn:sibling" });
const STRANGER = markOf({ project: "lab", stack: "prod", name: "it", urn: "urn:it" });

const inputs = { ...bridgeArgs(), __mark: MARK };
const ABSENT = fails('Device "br0" does not exist.');
const SHOW = "ip -json -details address show dev br0";
const { add: ADD, set: SET } = bridgeCommands();
const GROUP = initialGroup({ name: "br0" }, MARK);

const link = (ifalias?: string, more: object = {}) =>
  tells([
    {
      ifindex: 3,
      ifname: "br0",
      flags: ["BROADCAST", "UP"],
      mtu: 1500,
      address: "02:00:00:00:00:01",
      ...(ifalias !== undefined && { ifalias }),
      linkinfo: { info_kind: "bridge", info_data: { stp_state: 0, vlan_filtering: 0 } },
      ...more,
    },
  ]);

/** A link that was made, and not yet marked, when the provider went down. */
const newborn = (group = GROUP) => link(undefined, { group: String(group), flags: ["BROADCAST"] });

const bridge = (kernel: KernelClient) => lifecycles(kernel).get("Bridge") as Lifecycle;
const create = (...script: Exchange[]) => scripted(script, (kernel) => bridge(kernel).create(inputs));
const read = (...script: Exchange[]) => scripted(script, (kernel) => bridge(kernel).read("br0", inputs));
const remove = (...script: Exchange[]) => scripted(script, (kernel) => bridge(kernel).delete("br0", inputs));
const update = (olds: object, ...script: Exchange[]) =>
  scripted(script, (kernel) => bridge(kernel).update("br0", { ...inputs, ...olds }, inputs));

describe("create", () => {
  test("makes what is not there, and keeps the engine's properties beside it", async () => {
    expect(await create([SHOW, ABSENT], [ADD], [SET], UNFILTERED)).toEqual({ id: "br0", outs: inputs });
  });

  test("takes on what bears its own mark, as it is", async () => {
    expect(await create([SHOW, link(MARK)], UNFILTERED)).toEqual({ id: "br0", outs: inputs });
  });

  test("takes on what bears its own mark, from where it is", () =>
    create([SHOW, link(MARK, { flags: [] })], ["ip link set dev br0 up"], UNFILTERED));

  test("makes anew what another resource of its stack has left, with all that lies on it", () =>
    create([SHOW, link(SIBLING)], ["ip link delete dev br0"], [ADD], [SET], UNFILTERED));

  test("takes on what it has made and not marked yet", async () => {
    expect(await create([SHOW, newborn()], [SET], UNFILTERED)).toEqual({ id: "br0", outs: inputs });
  });

  test("makes anew what is no such object, where its own stack has left it", () =>
    create(
      [SHOW, link(SIBLING, { linkinfo: { info_kind: "dummy" } })],
      ["ip link delete dev br0"],
      [ADD],
      [SET],
      UNFILTERED,
    ));

  test.each([
    ["another stack's", STRANGER, "belongs to the stack lab/prod"],
    ["unmarked", undefined, "is not managed by pulumi-netns"],
    ["a person's", "uplink of the lab", "is not managed by pulumi-netns"],
  ])("refuses what is %s", async (_whose, mark, reason) => {
    await expect(create([SHOW, link(mark)])).rejects.toThrow(`Bridge br0 already exists and ${reason}`);
  });

  test("refuses what another stack has made and not marked yet", async () => {
    await expect(create([SHOW, newborn(initialGroup({ name: "br0" }, STRANGER))])).rejects.toThrow(
      "Bridge br0 already exists and is not managed",
    );
  });

  test("takes back what it has made when a later step fails, and throws the failure", async () => {
    const failure = create(
      [SHOW, ABSENT],
      [ADD],
      [SET, fails("RTNETLINK answers: Invalid argument")],
      ["ip link delete dev br0"],
    );
    await expect(failure).rejects.toMatchObject({ name: "KernelError", reason: "failed" });
  });

  test("that loses a race takes nothing back that it has not made", async () => {
    const failure = create([SHOW, ABSENT], [ADD, fails("RTNETLINK answers: File exists")], [SHOW, link(STRANGER)]);
    await expect(failure).rejects.toThrow("Bridge br0 already exists and belongs to the stack lab/prod");
  });
});

describe("read", () => {
  test("gives the object as it is, without what the kernel chose", async () => {
    const seen = { ...inputs, stp: true, up: false };
    const drifted = link(MARK, {
      flags: [],
      mtu: 1400,
      linkinfo: { info_kind: "bridge", info_data: { stp_state: 1 } },
    });
    expect(await read([SHOW, drifted])).toEqual({ id: "br0", inputs: seen, props: seen });
  });

  test("gives what is not marked yet as its own", async () => {
    const seen = { ...inputs, up: false };
    expect(await read([SHOW, newborn()])).toEqual({ id: "br0", inputs: seen, props: seen });
  });

  test.each([
    ["what is not there", ABSENT],
    ["what another stack has not marked yet", newborn(initialGroup({ name: "br0" }, STRANGER))],
    ["what has lost its mark", link()],
    ["another resource's", link(SIBLING)],
    ["another stack's", link(STRANGER)],
    ["what is no such object", link(MARK, { linkinfo: { info_kind: "dummy" } })],
  ])("finds %s gone", async (_what, answer) => {
    expect(await read([SHOW, answer])).toEqual({ id: "" });
  });
});

describe("update", () => {
  test("changes what differs in the kernel, whatever the state says", async () => {
    expect(await update({ stp: true }, [SHOW, link(MARK, { flags: [] })], ["ip link set dev br0 up"])).toEqual({
      outs: inputs,
    });
  });

  test("marks what is not marked yet", () => update({ up: false }, [SHOW, newborn()], [SET]));

  test("makes what has gone", () => update({ up: false }, [SHOW, ABSENT], [ADD], [SET]));

  test("marks an object anew whose resource has another name", () =>
    update({ __mark: SIBLING }, [SHOW, link(SIBLING)], [`ip link set dev br0 alias ${MARK}`]));

  test("keeps an object whose stack has another name", () =>
    update({ __mark: STRANGER }, [SHOW, link(STRANGER)], [`ip link set dev br0 alias ${MARK}`]));

  test("refuses what somebody else has put in the place", async () => {
    await expect(update({ up: false }, [SHOW, link(STRANGER)])).rejects.toThrow("belongs to the stack lab/prod");
  });
});

describe("delete", () => {
  const ROUTES = "ip -json -details route show table all protocol 201";
  const DELETE = "ip link delete dev br0";

  test("deletes what is its own", () => remove([SHOW, link(MARK)], [DELETE]));

  test("deletes what is its own and not marked yet", () => remove([SHOW, newborn()], [DELETE]));

  test("lets be what another stack has not marked yet", () =>
    remove([SHOW, newborn(initialGroup({ name: "br0" }, STRANGER))]));

  test("is done when nothing is there", () => remove([SHOW, ABSENT]));

  test("is done when the object goes while it looks", () =>
    remove([SHOW, link(MARK)], [DELETE, fails('Cannot find device "br0"')]));

  test.each([
    ["has lost its mark", undefined],
    ["is another resource's", SIBLING],
    ["is another stack's", STRANGER],
  ])("lets be what %s", (_what, mark) => remove([SHOW, link(mark)]));

  test("does nothing when another resource of the running program has taken the name", () =>
    scripted([], async (kernel) => {
      const life = bridge(kernel);
      life.check({}, { ...inputs, __mark: SIBLING });
      await life.delete("br0", inputs);
    }));

  test("is done by the resource that has claimed the name itself", () =>
    scripted([[ROUTES, tells([])], [SHOW, link(MARK)], [DELETE]], async (kernel) => {
      const life = bridge(kernel);
      life.check({}, inputs);
      await life.delete("br0", inputs);
    }));

  test("of a pair goes on while one of its names is its own", () =>
    scripted(
      [
        [ROUTES, tells([])],
        ["ip -json -details address show dev left", fails('Device "left" does not exist.')],
        ["ip -json -details address show dev right", fails('Device "right" does not exist.')],
      ],
      async (kernel) => {
        const lives = lifecycles(kernel);
        lives.get("Bridge")?.check({}, { name: "left", __mark: SIBLING });
        await lives.get("Veth")?.delete("left:right", { a: { name: "left" }, b: { name: "right" }, __mark: MARK });
      },
    ));
});
