import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argsOf } from "../../../provider/kernel/command.ts";
import { sysctl } from "../../../provider/kinds/sysctl.ts";
import sysctlSample from "../../kinds/sysctl.sample.ts";
import { MARK, ready } from "../samples.ts";
import { besides, type Exchange, fails, scripted, tells } from "../script.ts";

const FORWARD = { key: "net.ipv4.ip_forward", value: "1" };
const [SELF, PROD, TEST] = ["6d3d18b0", "7fbc2d58", "a778b4f4"];
const NOTED = `net.ipv4.ip_forward=0:${SELF}`;
const BY_PROD = `net.ipv4.ip_forward=5:${PROD}`;
const ASK = "sysctl --values net.ipv4.ip_forward";
const LO = "ip -json -details address show dev lo";
const says = (stdout: string) => ({ code: 0, stdout, stderr: "" });
const notes = (...altnames: string[]) => tells([{ ifindex: 1, ifname: "lo", flags: [], mtu: 65_536, altnames }]);

describe("what is seen", () => {
  const fresh = { namespace: undefined, mark: MARK, note: undefined, shared: false, sideEffects: [] };
  const observe = (value: string, altnames: string[], wanted: Parameters<typeof sysctl.observe>[1] = FORWARD) =>
    scripted(
      [[`sysctl --values ${wanted.key}`, says(`${value}\n`)], [LO, notes(...altnames)], ...besides(wanted.key)],
      (kernel) => sysctl.observe(kernel, wanted, MARK),
    );

  test.each([
    ["a value", "1", "1"],
    ["a value of several words", "4096\t131072\t6291456", "4096 131072 6291456"],
    ["an empty value", "", ""],
  ])("is %s", async (_what, said, value) => {
    expect(await observe(said, [])).toStrictEqual({
      ...fresh,
      state: { ...FORWARD, value },
      previous: value,
    });
  });

  const GONE = fails("sysctl: cannot stat /proc/sys/net/ipv4/nope: No such file or directory", 1);

  test.each([[[]], [[BY_PROD]]])("is nothing where the key is not there, and %j is noted", async (altnames) => {
    const script: Exchange[] = [
      [ASK, GONE],
      [LO, notes(...altnames)],
    ];
    expect(await scripted(script, (kernel) => sysctl.observe(kernel, FORWARD, MARK))).toBeUndefined();
  });

  test("is its note alone where the key is not there any more", async () => {
    const script: Exchange[] = [[ASK, GONE], [LO, notes(BY_PROD, NOTED)], ...besides(FORWARD.key)];
    expect(await scripted(script, (kernel) => sysctl.observe(kernel, FORWARD, MARK))).toStrictEqual({
      ...fresh,
      state: undefined,
      previous: "0",
      note: NOTED,
      shared: true,
    });
  });

  test("is not told where the notes may not be read", async () => {
    const script: Exchange[] = [
      [ASK, says("1\n")],
      [LO, fails("RTNETLINK answers: Operation not permitted")],
    ];
    const look = scripted(script, (kernel) => sysctl.observe(kernel, FORWARD, MARK));
    await expect(look).rejects.toMatchObject({ name: "KernelError", reason: "denied" });
  });

  test("is in the namespace, notes and all", async () => {
    const script: Exchange[] = [
      ["ip netns exec red sysctl --values net.ipv4.ip_forward", says("1\n")],
      ["ip -n red -json -details address show dev lo", notes(NOTED)],
      ...besides(FORWARD.key, {}, "red"),
    ];
    const wanted = { ...FORWARD, namespace: "red" };
    expect(await scripted(script, (kernel) => sysctl.observe(kernel, wanted, MARK))).toEqual({
      ...fresh,
      namespace: "red",
      state: wanted,
      previous: "0",
      note: NOTED,
    });
  });

  const before = (previous: string): typeof FORWARD => Object.assign({ previous }, FORWARD);

  test.each<[string, typeof FORWARD, string[], object]>([
    ["kept", before("0"), [], { previous: "0" }],
    ["kept, and empty", before(""), [], { previous: "" }],
    ["noted", FORWARD, [NOTED], { previous: "0", note: NOTED }],
    ["noted rather than kept", before("5"), [NOTED], { previous: "0", note: NOTED }],
    [
      "noted, and empty",
      before("5"),
      [`net.ipv4.ip_forward=:${SELF}`],
      { previous: "", note: `net.ipv4.ip_forward=:${SELF}` },
    ],
    [
      "noted, of several words, with colons and signs of equality",
      FORWARD,
      [`net.ipv4.ip_forward=a=b~c:d:${SELF}`],
      { previous: "a=b c:d", note: `net.ipv4.ip_forward=a=b~c:d:${SELF}` },
    ],
    ["noted by another stack", FORWARD, [BY_PROD], { previous: "5", shared: true }],
    ["noted by another stack, and empty", FORWARD, [`net.ipv4.ip_forward=:${PROD}`], { previous: "", shared: true }],
    ["noted by another stack rather than kept", before("7"), [BY_PROD], { previous: "5", shared: true }],
    [
      "noted by the first of other stacks",
      before("7"),
      [BY_PROD, `net.ipv4.ip_forward=2~3:${TEST}`],
      { previous: "5", shared: true },
    ],
    [
      "noted by its own stack rather than by others",
      before("7"),
      [BY_PROD, NOTED, `net.ipv4.ip_forward=2~3:${TEST}`],
      { previous: "0", note: NOTED, shared: true },
    ],
    [
      "not what is noted of other keys, or no note of a key",
      FORWARD,
      [
        `net.ipv6.conf.all.forwarding=0:${SELF}`,
        `net.ipv4.ip_forward!x=0:${PROD}`,
        `net.ipv4.ip_forward.x=0:${PROD}`,
        `xnet.ipv4.ip_forward=0:${SELF}`,
        `net.ipv4.ip_forward:${SELF}`,
        "net.ipv4.ip_forward=0",
        "net.ipv4.ip_forward=0:0123ABCD",
        `net.ipv4.ip_forward=0:${SELF}0`,
        "pulumi-netns:making:6d3d18b0:b1f51a51",
        "uplink",
      ],
      { previous: "1" },
    ],
  ])("is the value from before, %s", async (_what, wanted, altnames, expected) => {
    expect(await observe("1", altnames, wanted)).toStrictEqual({ ...fresh, state: FORWARD, ...expected });
  });

  test("is its stack's note, whatever its own name in the stack", async () => {
    const sibling = "pulumi-netns:lab/dev:sibling@89abcdef";
    const script: Exchange[] = [[ASK, says("1\n")], [LO, notes(NOTED)], ...besides(FORWARD.key)];
    expect(await scripted(script, (kernel) => sysctl.observe(kernel, FORWARD, sibling))).toEqual({
      ...fresh,
      mark: sibling,
      state: FORWARD,
      previous: "0",
      note: NOTED,
    });
  });

  /** The text that is noted of a value from before. */
  const noteOf = (state: typeof FORWARD, previous: string) => {
    const seen = { ...fresh, state, previous };
    const [first] = sysctl.plan({ seen, desired: state, mark: MARK });
    return first && argsOf(first.run).at(-1);
  };

  test("is what was noted, whatever the key and the value", async () => {
    await fc.assert(
      fc.asyncProperty(sysctlSample.args, async (some) => {
        const { key, value } = ready(sysctl, some);
        fc.pre(!value.includes("~"));
        const state = { key, value: "1" };
        const text = noteOf(state, value);
        fc.pre(text !== undefined);
        expect([text.length <= 127, /[\s/]/.test(text)]).toEqual([true, false]);
        expect(await observe("1", [text], state)).toEqual({ ...fresh, state, previous: value, note: text });
      }),
    );
  });

  test("is what was noted, and what has a slash in it is kept alone", async () => {
    const text = noteOf(FORWARD, "a/b");
    const seen = await observe("1", text === undefined ? [] : [text], before("a/b"));
    expect([text, seen?.previous]).toEqual([undefined, "a/b"]);
  });
});
