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

/** A link that was created but not marked before the provider crashed. */
const newborn = (group = GROUP) => link(undefined, { group: String(group), flags: ["BROADCAST"] });

const bridge = (kernel: KernelClient) => lifecycles(kernel).get("Bridge") as Lifecycle;
const create = (...script: Exchange[]) => scripted(script, (kernel) => bridge(kernel).create(inputs));
const read = (...script: Exchange[]) => scripted(script, (kernel) => bridge(kernel).read("br0", inputs));
const remove = (...script: Exchange[]) => scripted(script, (kernel) => bridge(kernel).delete("br0", inputs));
const update = (olds: object, ...script: Exchange[]) =>
  scripted(script, (kernel) => bridge(kernel).update("br0", { ...inputs, ...olds }, inputs));

describe("create", () => {
  test("creates a missing object, and keeps the engine's own properties in the outputs", async () => {
    expect(await create([SHOW, ABSENT], [ADD], [SET], UNFILTERED)).toEqual({ id: "br0", outs: inputs });
  });

  test("leaves an object with its own mark unchanged if nothing differs", async () => {
    expect(await create([SHOW, link(MARK)], UNFILTERED)).toEqual({ id: "br0", outs: inputs });
  });

  test("updates an existing object with its own mark", () =>
    create([SHOW, link(MARK, { flags: [] })], ["ip link set dev br0 up"], UNFILTERED));

  test("replaces an object that another resource of the stack left behind, with everything on it", () =>
    create([SHOW, link(SIBLING)], ["ip link delete dev br0"], [ADD], [SET], UNFILTERED));

  test("marks an object that it created before but did not mark", async () => {
    expect(await create([SHOW, newborn()], [SET], UNFILTERED)).toEqual({ id: "br0", outs: inputs });
  });

  test("replaces a leftover of its own stack that is of another kind", () =>
    create(
      [SHOW, link(SIBLING, { linkinfo: { info_kind: "dummy" } })],
      ["ip link delete dev br0"],
      [ADD],
      [SET],
      UNFILTERED,
    ));

  test.each([
    ["of another stack", STRANGER, "belongs to the stack lab/prod"],
    ["without a mark", undefined, "is not managed by pulumi-netns"],
    ["with an alias that a user set", "uplink of the lab", "is not managed by pulumi-netns"],
  ])("refuses an object %s", async (_whose, mark, reason) => {
    await expect(create([SHOW, link(mark)])).rejects.toThrow(`Bridge br0 already exists and ${reason}`);
  });

  test("refuses an object that another stack has created but not marked", async () => {
    await expect(create([SHOW, newborn(initialGroup({ name: "br0" }, STRANGER))])).rejects.toThrow(
      "Bridge br0 already exists and is not managed",
    );
  });

  test("deletes the created object if a later step fails, and throws that error", async () => {
    const failure = create(
      [SHOW, ABSENT],
      [ADD],
      [SET, fails("RTNETLINK answers: Invalid argument")],
      ["ip link delete dev br0"],
    );
    await expect(failure).rejects.toMatchObject({ name: "KernelError", reason: "failed" });
  });

  test("deletes nothing if another stack creates the object first", async () => {
    const failure = create([SHOW, ABSENT], [ADD, fails("RTNETLINK answers: File exists")], [SHOW, link(STRANGER)]);
    await expect(failure).rejects.toThrow("Bridge br0 already exists and belongs to the stack lab/prod");
  });
});

describe("read", () => {
  test("returns the observed arguments, without values that the kernel chose", async () => {
    const seen = { ...inputs, stp: true, up: false };
    const drifted = link(MARK, {
      flags: [],
      mtu: 1400,
      linkinfo: { info_kind: "bridge", info_data: { stp_state: 1 } },
    });
    expect(await read([SHOW, drifted])).toEqual({ id: "br0", inputs: seen, props: seen });
  });

  test("returns an object that is not marked yet as its own", async () => {
    const seen = { ...inputs, up: false };
    expect(await read([SHOW, newborn()])).toEqual({ id: "br0", inputs: seen, props: seen });
  });

  test.each([
    ["missing", ABSENT],
    ["not yet marked by another stack", newborn(initialGroup({ name: "br0" }, STRANGER))],
    ["without its mark", link()],
    ["owned by another resource", link(SIBLING)],
    ["owned by another stack", link(STRANGER)],
    ["of another kind", link(MARK, { linkinfo: { info_kind: "dummy" } })],
  ])("reports an object that is %s as deleted", async (_what, answer) => {
    expect(await read([SHOW, answer])).toEqual({ id: "" });
  });
});

describe("update", () => {
  test("changes the arguments that differ in the kernel, not those that differ in the state", async () => {
    expect(await update({ stp: true }, [SHOW, link(MARK, { flags: [] })], ["ip link set dev br0 up"])).toEqual({
      outs: inputs,
    });
  });

  test("marks an object that is not marked yet", () => update({ up: false }, [SHOW, newborn()], [SET]));

  test("creates the object again if it is missing", () => update({ up: false }, [SHOW, ABSENT], [ADD], [SET]));

  test("sets a new mark if the resource has been renamed", () =>
    update({ __mark: SIBLING }, [SHOW, link(SIBLING)], [`ip link set dev br0 alias ${MARK}`]));

  test("keeps the object and sets a new mark if the stack has been renamed", () =>
    update({ __mark: STRANGER }, [SHOW, link(STRANGER)], [`ip link set dev br0 alias ${MARK}`]));

  test("refuses an object that another stack has created in its place", async () => {
    await expect(update({ up: false }, [SHOW, link(STRANGER)])).rejects.toThrow("belongs to the stack lab/prod");
  });
});

describe("delete", () => {
  const ROUTES = "ip -json -details route show table all protocol 201";
  const DELETE = "ip link delete dev br0";

  test("deletes its own object", () => remove([SHOW, link(MARK)], [DELETE]));

  test("deletes its own object that is not marked yet", () => remove([SHOW, newborn()], [DELETE]));

  test("leaves an object that another stack has not marked yet", () =>
    remove([SHOW, newborn(initialGroup({ name: "br0" }, STRANGER))]));

  test("succeeds if the object does not exist", () => remove([SHOW, ABSENT]));

  test("succeeds if the object disappears after the query", () =>
    remove([SHOW, link(MARK)], [DELETE, fails('Cannot find device "br0"')]));

  test.each([
    ["without its mark", undefined],
    ["of another resource", SIBLING],
    ["of another stack", STRANGER],
  ])("leaves an object %s", (_what, mark) => remove([SHOW, link(mark)]));

  test("does nothing if another resource of the running program has claimed the name", () =>
    scripted([], async (kernel) => {
      const life = bridge(kernel);
      life.check({}, { ...inputs, __mark: SIBLING });
      await life.delete("br0", inputs);
    }));

  test("deletes the object if the same resource has claimed the name", () =>
    scripted([[ROUTES, tells([])], [SHOW, link(MARK)], [DELETE]], async (kernel) => {
      const life = bridge(kernel);
      life.check({}, inputs);
      await life.delete("br0", inputs);
    }));

  test("of a pair continues if another resource has claimed only one of its names", () =>
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
