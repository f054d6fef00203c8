import { describe, expect, test } from "vitest";
import { lifecycles } from "../../../provider/host.ts";
import { sysctl } from "../../../provider/kinds/sysctl.ts";
import type { Lifecycle, Properties } from "../../../provider/lifecycle.ts";
import { showPlan } from "../../../provider/plan.ts";
import { check } from "../../../provider/schema.ts";
import { MARK, ready } from "../samples.ts";
import { type Exchange, fails, scripted } from "../script.ts";

const FORWARD = { key: "net.ipv4.ip_forward", value: "1" };
const KEPT: Properties = { ...FORWARD, previous: "0", __mark: MARK };
const seen = (value: string, previous: string, more: object = {}) => ({
  state: ready(sysctl, { ...FORWARD, value, ...more }),
  mark: MARK,
  previous,
});
const says = (stdout: string) => ({ code: 0, stdout, stderr: "" });
const ASK = "sysctl --values net.ipv4.ip_forward";

test.each([
  [{ key: "kernel.hostname", value: "x" }, "key", '"kernel.hostname" is not a key below net'],
  [{ key: "net/../kernel/x", value: "x" }, "key", '"net/../kernel/x" is not a key below net'],
  [{ key: "net..ipv4", value: "x" }, "key", '"net..ipv4" is not a key below net'],
  [{ key: "../../etc/passwd", value: "x" }, "key", '"../../etc/passwd" is not a key below net'],
  [{ ...FORWARD, value: 1 }, "value", '1 is not a value of one line, e.g. "1" or "32768 60999"'],
  [{ ...FORWARD, value: "1\n2" }, "value", '"1\\n2" is not a value of one line'],
])("%j is refused at %s: %s", (args, property, reason) => {
  expect(check(sysctl.schema, args)).toEqual({ failures: [{ property, reason: expect.stringContaining(reason) }] });
});

test.each([
  ["to set a key", undefined, FORWARD, "sysctl --write net.ipv4.ip_forward=1"],
  [
    "to set one in a namespace",
    undefined,
    { ...FORWARD, namespace: "red" },
    "ip netns exec red sysctl --write net.ipv4.ip_forward=1",
  ],
  [
    "to set one to a value that a shell would take apart",
    undefined,
    { key: "net/ipv4/ip_local_port_range", value: "1024\t60000; id" },
    "sysctl --write 'net.ipv4.ip_local_port_range=1024 60000; id'",
  ],
  [
    "to set one of an interface with a dot in its name",
    undefined,
    { key: "net/ipv4/conf/eth0.1/forwarding", value: "1" },
    "sysctl --write net.ipv4.conf.eth0/1.forwarding=1",
  ],
  ["to change a key", seen("0", "0"), FORWARD, "sysctl --write net.ipv4.ip_forward=1"],
  ["to leave a key that has the value", seen("1", "0"), FORWARD, ""],
])("the plan %s", (_what, seen, args, text) => {
  expect(showPlan(sysctl.plan({ seen, desired: ready(sysctl, args), mark: MARK }))).toBe(text);
});

test.each([
  ["brings back the value from before", seen("1", "0"), "sysctl --write net.ipv4.ip_forward=0"],
  [
    "does so in its namespace",
    seen("1", "0", { namespace: "red" }),
    "ip netns exec red sysctl --write net.ipv4.ip_forward=0",
  ],
  ["leaves a key that has it", seen("0", "0"), ""],
  ["does nothing where the key is gone", undefined, ""],
])("the end of a sysctl %s", (_what, seen, text) => {
  const plan = sysctl.plan({ seen, desired: undefined, mark: MARK });
  expect(showPlan(plan)).toBe(text);
  expect(plan.every((step) => step.tolerate?.includes("absent"))).toBe(true);
});

describe("what is seen", () => {
  test.each([
    ["a value", says("1\n"), { state: FORWARD, mark: MARK, previous: "1" }],
    [
      "a value of several words",
      says("4096\t131072\t6291456\n"),
      { state: { ...FORWARD, value: "4096 131072 6291456" }, mark: MARK, previous: "4096 131072 6291456" },
    ],
    ["an empty value", says("\n"), { state: { ...FORWARD, value: "" }, mark: MARK, previous: "" }],
    ["nothing", fails("sysctl: cannot stat /proc/sys/net/ipv4/nope: No such file or directory", 1), undefined],
  ])("is %s", async (_what, answer, expected) => {
    expect(await scripted([[ASK, answer]], (kernel) => sysctl.observe(kernel, FORWARD, MARK))).toEqual(expected);
  });
});

describe("in its life", () => {
  const live = <T>(script: Exchange[], act: (life: Lifecycle) => Promise<T>) =>
    scripted(script, (kernel) => act(lifecycles(kernel).get("Sysctl") as Lifecycle));
  const write = (value: string) => [`sysctl --write net.ipv4.ip_forward=${value}`] as const;

  test("the value from before is kept from the start", async () => {
    const made = await live([[ASK, says("0\n")], write("1")], (life) => life.create({ ...FORWARD, __mark: MARK }));
    expect(made).toEqual({ id: "net.ipv4.ip_forward", outs: KEPT });
  });

  test("the value from before outlives an update", async () => {
    const news = { ...FORWARD, value: "2", __mark: MARK };
    const made = await live([[ASK, says("1\n")], write("2")], (life) => life.update("", KEPT, news));
    expect(made.outs).toEqual({ ...news, previous: "0" });
  });

  test("the value from before outlives a refresh, and is no input", async () => {
    const { inputs, props } = await live([[ASK, says("7\n")]], (life) => life.read("id", KEPT));
    expect(inputs).toEqual({ ...FORWARD, value: "7", __mark: MARK });
    expect(props).toEqual({ ...FORWARD, value: "7", previous: "0", __mark: MARK });
  });

  test("the value from before comes back at the end", () =>
    live([[ASK, says("1\n")], write("0")], (life) => life.delete("id", KEPT)));

  test("the value from before is no difference", () => {
    const life = lifecycles({ run: async () => says("") }).get("Sysctl");
    expect(life?.diff("id", KEPT, { ...FORWARD, __mark: MARK })).toMatchObject({ changes: false, replaces: [] });
  });
});
