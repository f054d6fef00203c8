import { describe, expect, test } from "vitest";
import { lifecycles } from "../../../provider/host.ts";
import { oneByOne } from "../../../provider/kernel/kernel.ts";
import { sysctl } from "../../../provider/kinds/sysctl.ts";
import type { Lifecycle } from "../../../provider/lifecycle.ts";
import { showPlan } from "../../../provider/plan.ts";
import type { Properties } from "../../../provider/properties.ts";
import { MARK } from "../samples.ts";
import { type Exchange, fails, scripted, tells } from "../script.ts";

const COOKIES = { key: "net.ipv4.tcp_syncookies", value: "1" };
const KEPT: Properties = { ...COOKIES, previous: "0", __mark: MARK };
const says = (stdout: string) => ({ code: 0, stdout, stderr: "" });
const NOTED = "net.ipv4.tcp_syncookies=0:6d3d18b0";
const PROD = "pulumi-netns:lab/prod:it@0123abcd";
const [BY_PROD, BY_TEST] = ["net.ipv4.tcp_syncookies=0:7fbc2d58", "net.ipv4.tcp_syncookies=0:a778b4f4"];
const NOTE = `ip link property add dev lo altname ${NOTED}`;
const ERASE = `ip link property del dev lo altname ${NOTED}`;

test("the step that adds a note is undone if the value cannot be set, and tolerates an existing note", () => {
  const state = { ...COOKIES, value: "0" };
  const seen = {
    namespace: undefined,
    state,
    mark: MARK,
    previous: "0",
    note: undefined,
    shared: false,
    sideEffects: [],
  };
  const plan = sysctl.plan({ seen, desired: COOKIES, mark: MARK });
  expect(plan.map(({ undo, tolerate }) => [undo && showPlan([{ run: undo }]), tolerate])).toEqual([
    [ERASE, ["exists"]],
    [undefined, undefined],
  ]);
});

describe("a sysctl", () => {
  const live = <T>(script: Exchange[], act: (life: Lifecycle) => Promise<T>) =>
    scripted(script, (kernel) => act(lifecycles(kernel).get("Sysctl") as Lifecycle));
  const write = (value: string) => [`sysctl --write net.ipv4.tcp_syncookies=${value}`] as const;
  const is = (value: string, ...altnames: string[]): Exchange[] => [
    ["sysctl --values net.ipv4.tcp_syncookies", says(`${value}\n`)],
    ["ip -json -details address show dev lo", tells([{ ifindex: 1, ifname: "lo", flags: [], mtu: 65_536, altnames }])],
  ];
  const create = (...script: Exchange[]) => live(script, (life) => life.create({ ...COOKIES, __mark: MARK }));

  test("stores the previous value in a note and in the state when it is created", async () => {
    expect(await create(...is("0"), [NOTE], write("1"))).toEqual({ id: "net.ipv4.tcp_syncookies", outs: KEPT });
  });

  test.each<[string, Exchange[]]>([
    ["before the value was set", [...is("0", NOTED), write("1")]],
    ["after the value was set", is("1", NOTED)],
  ])("has the previous value also after a crash %s", async (_what, script) => {
    expect(await create(...script)).toEqual({ id: "net.ipv4.tcp_syncookies", outs: KEPT });
  });

  test("deletes its note if the value cannot be set", async () => {
    const refused = fails('sysctl: setting key "net.ipv4.tcp_syncookies": Invalid argument', 0);
    const failure = create(...is("0"), [NOTE], [write("1")[0], refused], [ERASE]);
    await expect(failure).rejects.toMatchObject({ name: "KernelError", reason: "failed" });
  });

  test.each<[string, Exchange[]]>([
    ["in a note", [...is("1", NOTED), write("2")]],
    ["in the state, and then also in a note", [...is("1"), [NOTE], write("2")]],
  ])("keeps the previous value in an update if that is %s", async (_what, script) => {
    const news = { ...COOKIES, value: "2", __mark: MARK };
    const made = await live(script, (life) => life.update("", KEPT, news));
    expect(made.outs).toEqual({ ...news, previous: "0" });
  });

  test.each([[[NOTED]], [[]]])(
    "keeps the previous value in a refresh, and not in the inputs, with the notes %j",
    async (altnames) => {
      const { inputs, props } = await live(is("7", ...altnames), (life) => life.read("id", KEPT));
      expect(inputs).toEqual({ ...COOKIES, value: "7", __mark: MARK });
      expect(props).toEqual({ ...COOKIES, value: "7", previous: "0", __mark: MARK });
    },
  );

  test("restores the previous value when it is deleted", () =>
    live([...is("1", NOTED), write("0"), [ERASE]], (life) => life.delete("id", KEPT)));

  test("restores the previous value when it is deleted, also without a note, and then deletes no note", () =>
    live([...is("1"), write("0")], (life) => life.delete("id", KEPT)));

  test("restores the previous value when it is deleted, also if the note disappears meanwhile", () => {
    const gone = fails("RTNETLINK answers: No such file or directory");
    return live([...is("1", NOTED), write("0"), [ERASE, gone]], (life) => life.delete("id", KEPT));
  });

  test("deletes only its note if another stack has set the value", () =>
    live([...is("1", BY_PROD, NOTED), [ERASE]], (life) => life.delete("id", KEPT)));

  test("deletes nothing if another stack has set the value and its own note is missing", () =>
    live(is("1", BY_PROD), (life) => life.delete("id", KEPT)));

  test("stores the value from before the other stack's setting, not that setting", async () => {
    const script = [...is("5", BY_PROD), [NOTE], write("1")] as const;
    expect(await create(...script)).toEqual({ id: "net.ipv4.tcp_syncookies", outs: KEPT });
  });

  test("stores the value from before the other stack's setting also if the key already has the desired value", async () => {
    expect(await create(...is("1", BY_PROD), [NOTE])).toEqual({ id: "net.ipv4.tcp_syncookies", outs: KEPT });
  });

  test("prefers the previous value in another stack's note to the one in the state", async () => {
    const olds = { ...KEPT, previous: "7" };
    const script: Exchange[] = [...is("1", BY_PROD), [NOTE]];
    expect((await live(script, (life) => life.update("", olds, { ...COOKIES, __mark: MARK }))).outs).toEqual(KEPT);
  });

  test("keeps the note of the former stack name and deletes the new one if the value cannot be set", async () => {
    const refused = fails('sysctl: setting key "net.ipv4.tcp_syncookies": Invalid argument', 0);
    const script: Exchange[] = [...is("0", BY_PROD), [NOTE], [write("1")[0], refused], [ERASE]];
    const failure = live(script, (life) => life.update("", { ...KEPT, __mark: PROD }, { ...COOKIES, __mark: MARK }));
    await expect(failure).rejects.toMatchObject({ name: "KernelError", reason: "failed" });
  });

  test("deletes the note of the former stack name last when the value changes", async () => {
    const script: Exchange[] = [
      ...is("0", BY_PROD),
      [NOTE],
      write("1"),
      [`ip link property del dev lo altname ${BY_PROD}`],
    ];
    const olds = { ...KEPT, __mark: PROD };
    expect((await live(script, (life) => life.update("", olds, { ...COOKIES, __mark: MARK }))).outs).toEqual(KEPT);
  });

  test.each([[[]], [[BY_TEST]]])(
    "replaces the note of the former stack name if only the stack's name changes, beside the notes %j",
    async (others) => {
      const olds = { ...KEPT, __mark: PROD };
      const script: Exchange[] = [
        ...is("1", ...others, BY_PROD),
        [NOTE],
        [`ip link property del dev lo altname ${BY_PROD}`],
      ];
      expect((await live(script, (life) => life.update("", olds, { ...COOKIES, __mark: MARK }))).outs).toEqual(KEPT);
    },
  );

  test("shows no change for the previous value", () => {
    const life = lifecycles(oneByOne(async () => says(""))).get("Sysctl");
    expect(life?.diff("id", KEPT, { ...COOKIES, __mark: MARK })).toMatchObject({ changes: false, replaces: [] });
  });
});
