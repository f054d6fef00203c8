import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sysctl } from "../../../provider/kinds/sysctl.ts";
import { showPlan } from "../../../provider/plan.ts";
import { check } from "../../../provider/schema.ts";
import { everyKind } from "../../support/arbitraries.ts";
import { MARK, ready } from "../samples.ts";
import { type Exchange, fails, scripted, tells } from "../script.ts";

const FORWARD = { key: "net.ipv4.ip_forward", value: "1" };
const SELF = "19b9f019";
const seen = (value: string, previous: string, noted = true, more: object = {}) => ({
  state: ready(sysctl, { ...FORWARD, value, ...more }),
  mark: MARK,
  own: { by: SELF, previous },
  given: "1",
  noted,
  others: [],
});
const says = (stdout: string) => ({ code: 0, stdout, stderr: "" });
const ASK = "sysctl --values net.ipv4.ip_forward";
const LO = "ip -json -details link show dev lo";
const notes = (...altnames: string[]) => tells([{ ifindex: 1, ifname: "lo", flags: [], mtu: 65_536, altnames }]);
const NOTED = `net.ipv4.ip_forward=0:${SELF}`;
const NOTE = `ip link property add dev lo altname ${NOTED}`;
const ERASE = `ip link property del dev lo altname ${NOTED}`;

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
  [
    "to change a key, once the value from before is noted",
    seen("0", "0", false),
    FORWARD,
    `${NOTE}\nsysctl --write net.ipv4.ip_forward=1`,
  ],
  ["to note the value from before of a key that has the value", seen("1", "0", false), FORWARD, NOTE],
  [
    "to note it in the namespace",
    seen("0", "0", false, { namespace: "red" }),
    { ...FORWARD, namespace: "red" },
    `ip -n red link property add dev lo altname ${NOTED}\nip netns exec red sysctl --write net.ipv4.ip_forward=1`,
  ],
  [
    "to note a value of several words",
    seen("1", "32768 60999", false, { key: "net.ipv4.ip_local_port_range" }),
    { ...FORWARD, key: "net.ipv4.ip_local_port_range" },
    `ip link property add dev lo altname 'net.ipv4.ip_local_port_range=32768~60999:${SELF}'`,
  ],
  [
    "to note a key of an interface with a dot in its name",
    seen("1", "0", false, { key: "net/ipv4/conf/eth0.1/forwarding" }),
    { ...FORWARD, key: "net/ipv4/conf/eth0.1/forwarding" },
    `ip link property add dev lo altname 'net.ipv4.conf.eth0!1.forwarding=0:${SELF}'`,
  ],
  [
    "to note an empty value",
    seen("1", "", false),
    FORWARD,
    `ip link property add dev lo altname net.ipv4.ip_forward=:${SELF}`,
  ],
  [
    "to note a value that just fits",
    seen("1", "1".repeat(98), false),
    FORWARD,
    `ip link property add dev lo altname net.ipv4.ip_forward=${"1".repeat(98)}:${SELF}`,
  ],
  ["without a note of what is too long for one", seen("1", "1".repeat(99), false), FORWARD, ""],
  [
    "without a note of what has a slash in it",
    seen("0", "a/b", false),
    FORWARD,
    "sysctl --write net.ipv4.ip_forward=1",
  ],
])("the plan %s", (_what, seen, args, text) => {
  expect(showPlan(sysctl.plan({ seen, desired: ready(sysctl, args), mark: MARK }))).toBe(text);
});

test.each([
  ["brings back the value from before", seen("1", "0"), `sysctl --write net.ipv4.ip_forward=0\n${ERASE}`],
  [
    "does so in its namespace",
    seen("1", "0", true, { namespace: "red" }),
    `ip netns exec red sysctl --write net.ipv4.ip_forward=0\nip -n red link property del dev lo altname ${NOTED}`,
  ],
  ["leaves a key that has it", seen("0", "0"), ERASE],
  [
    "brings back what somebody else has changed meanwhile",
    seen("7", "0"),
    `sysctl --write net.ipv4.ip_forward=0\n${ERASE}`,
  ],
  [
    "erases a note that it has not seen, in case that it is there",
    seen("1", "0", false),
    `sysctl --write net.ipv4.ip_forward=0\n${ERASE}`,
  ],
  ["does nothing where the key is gone", undefined, ""],
])("the end of a sysctl %s", (_what, seen, text) => {
  const plan = sysctl.plan({ seen, desired: undefined, mark: MARK });
  expect(showPlan(plan)).toBe(text);
  expect(plan.every((step) => step.tolerate?.includes("absent"))).toBe(true);
});

describe("what is seen", () => {
  const fresh = { mark: MARK, given: "1", noted: false, others: [] };
  const observe = (value: string, altnames: string[], wanted: Parameters<typeof sysctl.observe>[1] = FORWARD) =>
    scripted(
      [
        [`sysctl --values ${wanted.key}`, says(`${value}\n`)],
        [LO, notes(...altnames)],
      ],
      (kernel) => sysctl.observe(kernel, wanted, MARK),
    );

  test.each([
    ["a value", "1", "1"],
    ["a value of several words", "4096\t131072\t6291456", "4096 131072 6291456"],
    ["an empty value", "", ""],
  ])("is %s", async (_what, said, value) => {
    expect(await observe(said, [])).toEqual({
      ...fresh,
      state: { ...FORWARD, value },
      own: { by: SELF, previous: value },
    });
  });

  test("is nothing where the key is not there, without a look at the notes", async () => {
    const answer = fails("sysctl: cannot stat /proc/sys/net/ipv4/nope: No such file or directory", 1);
    expect(await scripted([[ASK, answer]], (kernel) => sysctl.observe(kernel, FORWARD, MARK))).toBeUndefined();
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
      ["ip -n red -json -details link show dev lo", notes(NOTED)],
    ];
    const wanted = { ...FORWARD, namespace: "red" };
    expect(await scripted(script, (kernel) => sysctl.observe(kernel, wanted, MARK))).toEqual({
      ...fresh,
      state: wanted,
      own: { by: SELF, previous: "0" },
      noted: true,
    });
  });

  const before = (previous: string): typeof FORWARD => Object.assign({ previous }, FORWARD);

  test.each<[string, typeof FORWARD, string[], object]>([
    ["kept", before("0"), [], { own: { by: SELF, previous: "0" }, noted: false }],
    ["noted", FORWARD, [NOTED], { own: { by: SELF, previous: "0" }, noted: true }],
    ["noted rather than kept", before("5"), [NOTED], { own: { by: SELF, previous: "0" }, noted: true }],
    ["noted, and empty", FORWARD, [`net.ipv4.ip_forward=:${SELF}`], { own: { by: SELF, previous: "" }, noted: true }],
    [
      "noted, of several words, with colons and signs of equality",
      FORWARD,
      [`net.ipv4.ip_forward=a=b~c:d:${SELF}`],
      { own: { by: SELF, previous: "a=b c:d" }, noted: true },
    ],
    [
      "noted among others of the key, in their order",
      FORWARD,
      ["net.ipv4.ip_forward=1:cf913497", NOTED, "net.ipv4.ip_forward=2~3:6d115268"],
      {
        own: { by: SELF, previous: "0" },
        noted: true,
        others: [
          { by: "cf913497", previous: "1" },
          { by: "6d115268", previous: "2 3" },
        ],
      },
    ],
    [
      "not what is noted of other keys, or no note of a key",
      FORWARD,
      [
        `net.ipv6.conf.all.forwarding=0:${SELF}`,
        `net.ipv4.ip_forward!x=0:${SELF}`,
        `xnet.ipv4.ip_forward=0:${SELF}`,
        `net.ipv4.ip_forward:${SELF}`,
        "net.ipv4.ip_forward=0",
        "net.ipv4.ip_forward=0:0123ABCD",
        `net.ipv4.ip_forward=0:${SELF}0`,
        "pulumi-netns:making:19b9f019",
        "uplink",
      ],
      { own: { by: SELF, previous: "1" }, noted: false },
    ],
  ])("is the value from before, %s", async (_what, wanted, altnames, expected) => {
    expect(await observe("1", altnames, wanted)).toEqual({ ...fresh, state: FORWARD, ...expected });
  });

  test("is what was noted, whatever the key and the value", async () => {
    const args = everyKind.find(({ type }) => type === "Sysctl")?.args ?? fc.constant({});
    await fc.assert(
      fc.asyncProperty(args, async (some) => {
        const { key, value } = ready(sysctl, some);
        fc.pre(!/[~/]/.test(value));
        const state = { key, value: "1" };
        const unnoted = { ...seen("1", value, false), state };
        const [step] = sysctl.plan({ seen: unnoted, desired: state, mark: MARK });
        const text = step?.run.args.at(-1);
        fc.pre(text !== undefined);
        expect([text.length <= 127, /[\s/]/.test(text)]).toEqual([true, false]);
        expect(await observe("1", [text], state)).toEqual({ ...unnoted, noted: true });
      }),
    );
  });
});
