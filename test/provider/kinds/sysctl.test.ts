import { expect, test } from "vitest";
import { sysctl } from "../../../provider/kinds/sysctl.ts";
import { showPlan } from "../../../provider/plan.ts";
import { check } from "../../../provider/schema.ts";
import { MARK, ready } from "../samples.ts";

const FORWARD = { key: "net.ipv4.ip_forward", value: "1" };
const [SELF, PROD] = ["6d3d18b0", "7fbc2d58"];
type Seen = NonNullable<Parameters<typeof sysctl.plan>[0]["seen"]>;
const noted = (previous: string): Seen["note"] => `net.ipv4.ip_forward=${previous}:${SELF}`;
const seen = (
  value: string,
  previous: string,
  more: Partial<Seen> = {},
  args: { namespace?: string; key?: string } = {},
): Seen => ({
  namespace: args.namespace,
  state: ready(sysctl, { ...FORWARD, value, ...args }),
  mark: MARK,
  previous,
  note: noted(previous),
  shared: false,
  sideEffects: [],
  ...more,
});
const unnoted = (value: string, previous: string, args: object = {}) =>
  seen(value, previous, { note: undefined }, args);
const NOTED = `net.ipv4.ip_forward=0:${SELF}`;
const NOTE = `ip link property add dev lo altname ${NOTED}`;
const ERASE = `ip link property del dev lo altname ${NOTED}`;
const [ON, OFF] = ["sysctl --write net.ipv4.ip_forward=1", "sysctl --write net.ipv4.ip_forward=0"];

test.each([
  [{ key: "kernel.hostname", value: "x" }, "key", '"kernel.hostname" is not a sysctl key below net'],
  [{ key: "net/../kernel/x", value: "x" }, "key", '"net/../kernel/x" is not a sysctl key below net'],
  [{ key: "net..ipv4", value: "x" }, "key", '"net..ipv4" is not a sysctl key below net'],
  [{ key: "../../etc/passwd", value: "x" }, "key", '"../../etc/passwd" is not a sysctl key below net'],
  [{ ...FORWARD, value: true }, "value", "true is not a one-line value: it is a boolean; use 1"],
  [{ ...FORWARD, value: 1.5 }, "value", '1.5 is not a one-line value, e.g. 1 or "32768 60999"'],
  [
    { ...FORWARD, value: "yes" },
    "value",
    '"yes" is not a value of net.ipv4.ip_forward: its value is an integer; use 1',
  ],
  [
    { key: "net.ipv4.conf.{interface}.rp_filter", interface: "eth0.1", value: "Off" },
    "value",
    '"Off" is not a value of net.ipv4.conf.{interface}.rp_filter: its value is an integer; use 0',
  ],
  [
    { key: "net/ipv4/conf/eth0.1/arp_ignore", value: "loose" },
    "value",
    '"loose" is not a value of net.ipv4.conf.eth0/1.arp_ignore: its value is an integer',
  ],
  [{ ...FORWARD, value: "1\n2" }, "value", '"1\\n2" is not a one-line value'],
])("%j is refused at %s: %s", (args, property, reason) => {
  expect(check(sysctl.schema, args)).toEqual({ failures: [{ property, reason: expect.stringContaining(reason) }] });
});

test.each<[string, Seen | undefined, object, string[]]>([
  ["to set a key", undefined, FORWARD, [ON]],
  ["to set a key in a namespace", undefined, { ...FORWARD, namespace: "red" }, [`ip netns exec red ${ON}`]],
  [
    "to set a key to a value with shell metacharacters",
    undefined,
    { key: "net/ipv4/tcp_congestion_control", value: "cubic;\tid" },
    ["sysctl --write 'net.ipv4.tcp_congestion_control=cubic; id'"],
  ],
  [
    "to set a key of an interface with a dot in its name",
    undefined,
    { key: "net/ipv4/conf/eth0.1/forwarding", value: "1" },
    ["sysctl --write net.ipv4.conf.eth0/1.forwarding=1"],
  ],
  ["to change a key", seen("0", "0"), FORWARD, [ON]],
  ["to change nothing if the key has the value", seen("1", "0"), FORWARD, []],
  ["to add a note with the previous value before it changes a key", unnoted("0", "0"), FORWARD, [NOTE, ON]],
  ["to add a note with the previous value if the key has the value", unnoted("1", "0"), FORWARD, [NOTE]],
  [
    "to add a note in the namespace",
    unnoted("0", "0", { namespace: "red" }),
    { ...FORWARD, namespace: "red" },
    [`ip -n red link property add dev lo altname ${NOTED}`, `ip netns exec red ${ON}`],
  ],
  [
    "to add a note with a value of several words",
    unnoted("1", "32768 60999", { key: "net.ipv4.ip_local_port_range" }),
    { ...FORWARD, key: "net.ipv4.ip_local_port_range" },
    [`ip link property add dev lo altname 'net.ipv4.ip_local_port_range=32768~60999:${SELF}'`],
  ],
  [
    "to add a note with a key of an interface with a dot in its name",
    unnoted("1", "0", { key: "net/ipv4/conf/eth0.1/forwarding" }),
    { ...FORWARD, key: "net/ipv4/conf/eth0.1/forwarding" },
    [`ip link property add dev lo altname 'net.ipv4.conf.eth0!1.forwarding=0:${SELF}'`],
  ],
  [
    "to add a note with an empty value",
    unnoted("1", ""),
    FORWARD,
    [`ip link property add dev lo altname net.ipv4.ip_forward=:${SELF}`],
  ],
  [
    "to add a note of the maximum length",
    unnoted("1", "1".repeat(98)),
    FORWARD,
    [`ip link property add dev lo altname net.ipv4.ip_forward=${"1".repeat(98)}:${SELF}`],
  ],
  ["to add no note if the value is too long for one", unnoted("1", "1".repeat(99)), FORWARD, []],
  ["to change a key without a note if the value is too long for one", unnoted("0", "1".repeat(99)), FORWARD, [ON]],
  ["to add no note if the value contains a slash", unnoted("1", "a/b"), FORWARD, []],
  ["to change a key without a note if the value contains a slash", unnoted("0", "a/b"), FORWARD, [ON]],
  ["to keep an existing note if the previous value contains a slash", seen("0", "a/b", { note: NOTED }), FORWARD, [ON]],
  [
    "to keep an existing note if the previous value is too long for one",
    seen("0", "1".repeat(99), { note: NOTED }),
    FORWARD,
    [ON],
  ],
  [
    "to replace a note of the former stack name, with the new one added first",
    seen("1", "0", { note: `net.ipv4.ip_forward=0:${PROD}` }),
    FORWARD,
    [NOTE, `ip link property del dev lo altname net.ipv4.ip_forward=0:${PROD}`],
  ],
  [
    "to replace a note with another value, with the new one added before the change and the old one deleted after it",
    seen("2", "0", { note: noted("5") }),
    FORWARD,
    [NOTE, ON, `ip link property del dev lo altname net.ipv4.ip_forward=5:${SELF}`],
  ],
  [
    "to replace a note in the namespace",
    seen("1", "0", { note: `net.ipv4.ip_forward=0:${PROD}` }, { namespace: "red" }),
    { ...FORWARD, namespace: "red" },
    [
      `ip -n red link property add dev lo altname ${NOTED}`,
      `ip -n red link property del dev lo altname net.ipv4.ip_forward=0:${PROD}`,
    ],
  ],
  ["to add a note beside those of other stacks", seen("1", "0", { note: undefined, shared: true }), FORWARD, [NOTE]],
  ["to set the value in spite of notes of other stacks", seen("2", "0", { shared: true }), FORWARD, [ON]],
])("the plan %s", (_what, seen, args, lines) => {
  expect(showPlan(sysctl.plan({ seen, desired: ready(sysctl, args), mark: MARK }))).toBe(lines.join("\n"));
});

test.each<[string, Seen | undefined, string[]]>([
  ["restores the previous value", seen("1", "0"), [OFF, ERASE]],
  [
    "restores the previous value in its namespace",
    seen("1", "0", {}, { namespace: "red" }),
    [`ip netns exec red ${OFF}`, `ip -n red link property del dev lo altname ${NOTED}`],
  ],
  ["writes no value if the key has the previous one", seen("0", "0"), [ERASE]],
  ["restores the previous value after a change by another program", seen("7", "0"), [OFF, ERASE]],
  ["deletes no note if none was observed", unnoted("1", "0"), [OFF]],
  [
    "deletes no note if the previous value is too long for one",
    unnoted("0", "1".repeat(99)),
    [`sysctl --write net.ipv4.ip_forward=${"1".repeat(99)}`],
  ],
  [
    "restores a previous value with a slash, and deletes no note",
    unnoted("1", "a/b"),
    ["sysctl --write net.ipv4.ip_forward=a/b"],
  ],
  ["keeps the value if other stacks have set it, and deletes its own note", seen("1", "0", { shared: true }), [ERASE]],
  ["keeps a changed value if other stacks have set the key, too", seen("7", "0", { shared: true }), [ERASE]],
  [
    "does nothing if other stacks have set the key and its own note is missing",
    seen("1", "0", { shared: true, note: undefined }),
    [],
  ],
  [
    "deletes the note as it was observed",
    seen("1", "0", { note: `net.ipv4.ip_forward=5:${PROD}` }),
    [OFF, `ip link property del dev lo altname net.ipv4.ip_forward=5:${PROD}`],
  ],
  [
    "restores a value of several words, of an interface with a dot in its name",
    seen("1", "3 4", { note: `net.ipv4.conf.eth0!1.x=3~4:${SELF}` }, { key: "net/ipv4/conf/eth0.1/x" }),
    [
      "sysctl --write 'net.ipv4.conf.eth0/1.x=3 4'",
      `ip link property del dev lo altname 'net.ipv4.conf.eth0!1.x=3~4:${SELF}'`,
    ],
  ],
  ["does nothing if the key does not exist", undefined, []],
  ["deletes its note if the key does not exist", { ...seen("1", "0"), state: undefined }, [ERASE]],
  [
    "deletes its note in the namespace if the key does not exist",
    { ...seen("1", "0", {}, { namespace: "red" }), state: undefined },
    [`ip -n red link property del dev lo altname ${NOTED}`],
  ],
])("a delete of a sysctl %s", (_what, seen, lines) => {
  const plan = sysctl.plan({ seen, desired: undefined, mark: MARK });
  expect(showPlan(plan)).toBe(lines.join("\n"));
  expect(plan.every((step) => step.tolerate?.includes("absent"))).toBe(true);
});
