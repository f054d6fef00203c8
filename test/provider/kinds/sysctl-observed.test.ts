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

describe("the observed state", () => {
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

  test.each([[[]], [[BY_PROD]]])("is undefined if the key does not exist, with the notes %j", async (altnames) => {
    const script: Exchange[] = [
      [ASK, GONE],
      [LO, notes(...altnames)],
    ];
    expect(await scripted(script, (kernel) => sysctl.observe(kernel, FORWARD, MARK))).toBeUndefined();
  });

  test("has only the note if the key no longer exists", async () => {
    const script: Exchange[] = [[ASK, GONE], [LO, notes(BY_PROD, NOTED)], ...besides(FORWARD.key)];
    expect(await scripted(script, (kernel) => sysctl.observe(kernel, FORWARD, MARK))).toStrictEqual({
      ...fresh,
      state: undefined,
      previous: "0",
      note: NOTED,
      shared: true,
    });
  });

  test("is an error if the query for notes is denied", async () => {
    const script: Exchange[] = [
      [ASK, says("1\n")],
      [LO, fails("RTNETLINK answers: Operation not permitted")],
    ];
    const look = scripted(script, (kernel) => sysctl.observe(kernel, FORWARD, MARK));
    await expect(look).rejects.toMatchObject({ name: "KernelError", reason: "denied" });
  });

  test("is that of the namespace, including the notes", async () => {
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
    ["in the state", before("0"), [], { previous: "0" }],
    ["in the state, and empty", before(""), [], { previous: "" }],
    ["in a note", FORWARD, [NOTED], { previous: "0", note: NOTED }],
    ["in a note and not that in the state", before("5"), [NOTED], { previous: "0", note: NOTED }],
    [
      "in a note, and empty",
      before("5"),
      [`net.ipv4.ip_forward=:${SELF}`],
      { previous: "", note: `net.ipv4.ip_forward=:${SELF}` },
    ],
    [
      "in a note, with several words, colons and equals signs",
      FORWARD,
      [`net.ipv4.ip_forward=a=b~c:d:${SELF}`],
      { previous: "a=b c:d", note: `net.ipv4.ip_forward=a=b~c:d:${SELF}` },
    ],
    ["in a note of another stack", FORWARD, [BY_PROD], { previous: "5", shared: true }],
    [
      "in a note of another stack, and empty",
      FORWARD,
      [`net.ipv4.ip_forward=:${PROD}`],
      { previous: "", shared: true },
    ],
    ["in a note of another stack and not that in the state", before("7"), [BY_PROD], { previous: "5", shared: true }],
    [
      "in the note of the first of several other stacks",
      before("7"),
      [BY_PROD, `net.ipv4.ip_forward=2~3:${TEST}`],
      { previous: "5", shared: true },
    ],
    [
      "in the note of its own stack and not those of others",
      before("7"),
      [BY_PROD, NOTED, `net.ipv4.ip_forward=2~3:${TEST}`],
      { previous: "0", note: NOTED, shared: true },
    ],
    [
      "that is the current value if all notes are of other keys or invalid",
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
  ])("has the previous value %s", async (_what, wanted, altnames, expected) => {
    expect(await observe("1", altnames, wanted)).toStrictEqual({ ...fresh, state: FORWARD, ...expected });
  });

  test("has the note of its stack also if another resource of the stack has written it", async () => {
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

  /** Returns the text of the note for a previous value. */
  const noteOf = (state: typeof FORWARD, previous: string) => {
    const seen = { ...fresh, state, previous };
    const [first] = sysctl.plan({ seen, desired: state, mark: MARK });
    return first && argsOf(first.run).at(-1);
  };

  test("has the previous value that was written to a note, for any key and value", async () => {
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

  test("has the previous value of the state if that contains a slash, which fits into no note", async () => {
    const text = noteOf(FORWARD, "a/b");
    const seen = await observe("1", text === undefined ? [] : [text], before("a/b"));
    expect([text, seen?.previous]).toEqual([undefined, "a/b"]);
  });
});
