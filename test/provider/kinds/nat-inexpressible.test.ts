import { expect, test } from "vitest";
import { stateOf } from "../../../provider/kinds/nat-text.ts";

const match = (left: object, right: unknown, op = "==") => ({ match: { op, left, right } });
const meta = (key: string, right: unknown) => match({ meta: { key } }, right);
const header = (protocol: string, field: string, right: unknown) => match({ payload: { protocol, field } }, right);

test.each([
  ["what it does is not known", [{ drop: null }]],
  ["it matches something else", [meta("mark", 1), { masquerade: null }]],
  ["it matches the opposite", [match({ meta: { key: "oifname" } }, "eth0", "!="), { masquerade: null }]],
  ["it matches a set with a name", [header("ip", "saddr", "@servers"), { masquerade: null }]],
  ["it matches a type of messages", [header("icmp", "type", "echo-request"), { masquerade: null }]],
  ["its protocol has no name here", [meta("l4proto", "pim"), { masquerade: null }]],
  ["it counts", [{ counter: { packets: 0, bytes: 0 } }, { masquerade: null }]],
  ["its arguments do not go together", [meta("oifname", "eth0"), { redirect: null }]],
  ["it translates to the addresses of a map", [{ snat: { family: "ip", addr: { map: { key: "mark", data: {} } } } }]],
])("a rule has no arguments if %s", (_why, expr) => {
  expect(stateOf({ chain: "postrouting", handle: 4, expr }, undefined)).toBeUndefined();
});

test("a rule without a translation has no arguments", () => {
  const expr = [meta("oifname", "eth0")];
  expect(stateOf({ chain: "postrouting", handle: 4, expr }, undefined)).toBeUndefined();
});

test("a rule with a translation that no arguments can describe has no arguments", () => {
  const expr = [{ masquerade: { flags: ["random", "fully-random"] } }];
  expect(stateOf({ chain: "postrouting", handle: 4, expr }, undefined)).toBeUndefined();
});
