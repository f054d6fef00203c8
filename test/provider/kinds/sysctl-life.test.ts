import { describe, expect, test } from "vitest";
import { lifecycles } from "../../../provider/host.ts";
import { sysctl } from "../../../provider/kinds/sysctl.ts";
import type { Lifecycle, Properties } from "../../../provider/lifecycle.ts";
import { showPlan } from "../../../provider/plan.ts";
import { MARK } from "../samples.ts";
import { type Exchange, fails, scripted, tells } from "../script.ts";

const FORWARD = { key: "net.ipv4.ip_forward", value: "1" };
const KEPT: Properties = { ...FORWARD, previous: "0", __mark: MARK };
const says = (stdout: string) => ({ code: 0, stdout, stderr: "" });
const NOTED = "net.ipv4.ip_forward=0:19b9f019";
const NOTE = `ip link property add dev lo altname ${NOTED}`;
const ERASE = `ip link property del dev lo altname ${NOTED}`;

test("a note is taken back when the value cannot be set, and one that is there already is as good", () => {
  const state = { ...FORWARD, value: "0" };
  const own = { by: "19b9f019", previous: "0" };
  const seen = { state, mark: MARK, own, given: "1", noted: false, others: [] };
  const plan = sysctl.plan({ seen, desired: FORWARD, mark: MARK });
  expect(plan.map(({ undo, tolerate }) => [undo && showPlan([{ run: undo }]), tolerate])).toEqual([
    [ERASE, ["exists"]],
    [undefined, undefined],
  ]);
});

describe("in its life", () => {
  const live = <T>(script: Exchange[], act: (life: Lifecycle) => Promise<T>) =>
    scripted(script, (kernel) => act(lifecycles(kernel).get("Sysctl") as Lifecycle));
  const write = (value: string) => [`sysctl --write net.ipv4.ip_forward=${value}`] as const;
  const is = (value: string, ...altnames: string[]): Exchange[] => [
    ["sysctl --values net.ipv4.ip_forward", says(`${value}\n`)],
    ["ip -json -details link show dev lo", tells([{ ifindex: 1, ifname: "lo", flags: [], mtu: 65_536, altnames }])],
  ];
  const create = (...script: Exchange[]) => live(script, (life) => life.create({ ...FORWARD, __mark: MARK }));

  test("the value from before is noted and kept from the start", async () => {
    expect(await create(...is("0"), [NOTE], write("1"))).toEqual({ id: "net.ipv4.ip_forward", outs: KEPT });
  });

  test.each<[string, Exchange[]]>([
    ["before the value was set", [...is("0", NOTED), write("1")]],
    ["after it", is("1", NOTED)],
  ])("the value from before outlives a crash %s", async (_what, script) => {
    expect(await create(...script)).toEqual({ id: "net.ipv4.ip_forward", outs: KEPT });
  });

  test("the note goes again when the value cannot be set", async () => {
    const refused = fails('sysctl: setting key "net.ipv4.ip_forward": Invalid argument', 0);
    const failure = create(...is("0"), [NOTE], [write("1")[0], refused], [ERASE]);
    await expect(failure).rejects.toMatchObject({ name: "KernelError", reason: "failed" });
  });

  test.each<[string, Exchange[]]>([
    ["noted", [...is("1", NOTED), write("2")]],
    ["kept, and noted from now on", [...is("1"), [NOTE], write("2")]],
  ])("the value from before outlives an update, where it is %s", async (_what, script) => {
    const news = { ...FORWARD, value: "2", __mark: MARK };
    const made = await live(script, (life) => life.update("", KEPT, news));
    expect(made.outs).toEqual({ ...news, previous: "0" });
  });

  test.each([[[NOTED]], [[]]])(
    "the value from before outlives a refresh, and is no input, with %j",
    async (altnames) => {
      const { inputs, props } = await live(is("7", ...altnames), (life) => life.read("id", KEPT));
      expect(inputs).toEqual({ ...FORWARD, value: "7", __mark: MARK });
      expect(props).toEqual({ ...FORWARD, value: "7", previous: "0", __mark: MARK });
    },
  );

  test("the value from before comes back at the end", () =>
    live([...is("1", NOTED), write("0"), [ERASE]], (life) => life.delete("id", KEPT)));

  test("the value from before comes back at the end, also where it is not noted", () => {
    const gone = fails("RTNETLINK answers: No such file or directory");
    return live([...is("1"), write("0"), [ERASE, gone]], (life) => life.delete("id", KEPT));
  });

  test("the value from before is no difference", () => {
    const life = lifecycles({ run: async () => says("") }).get("Sysctl");
    expect(life?.diff("id", KEPT, { ...FORWARD, __mark: MARK })).toMatchObject({ changes: false, replaces: [] });
  });
});
