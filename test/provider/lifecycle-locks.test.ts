import { expect, test } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import { argsOf, displayCommand } from "../../provider/kernel/command.ts";
import { oneByOne } from "../../provider/kernel/kernel.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { MARK } from "./samples.ts";
import { fails, tells } from "./script.ts";

/** A kernel without a link, and what it is asked, each with the number of the change that asks. */
function lab() {
  const asked: string[] = [];
  const kernel = oneByOne(async (command) => {
    asked.push(displayCommand(command));
    await new Promise((resolve) => setImmediate(resolve));
    if (argsOf(command).includes("route")) return tells([]);
    return argsOf(command).includes("show") ? fails('Device "x" does not exist.') : { code: 0, stdout: "", stderr: "" };
  });
  return { asked, lives: lifecycles(kernel, { warn: () => undefined }) };
}

const bridge = (name: string, more: object = {}) => ({
  name,
  up: true,
  stp: false,
  vlanFiltering: false,
  ...more,
  __mark: MARK,
});
const wire = (a: object, b: object) => ({
  a: { mtu: 1500, up: true, ...a },
  b: { mtu: 1500, up: true, ...b },
  __mark: MARK,
});

/** Whether two changes are done one after the other: all that the first asks comes before all that the second asks. */
async function wait(
  one: [type: string, args: { __mark: string }, about: RegExp],
  other: [type: string, args: { __mark: string }, about: RegExp],
): Promise<boolean> {
  const { asked, lives } = lab();
  const create = ([type, args]: typeof one) => (lives.get(type) as Lifecycle).create(args);
  await Promise.all([create(one), create(other)]);
  const [last, first] = [
    asked.findLastIndex((line) => one[2].test(line)),
    asked.findIndex((line) => other[2].test(line)),
  ];
  expect([last, first]).not.toContain(-1);
  return last < first;
}

test("changes that share a name in the kernel are done one after the other, of whatever kinds they are", async () => {
  // The one is told from the other by what it alone asks.
  const left = ["Bridge", bridge("x", { mac: "02:00:00:00:00:01" }), /02:00:00:00:00:01/] as const;
  const right = ["Veth", wire({ name: "x" }, { name: "y" }), /type veth/] as const;
  expect(await wait([...left], [...right])).toBe(true);
});

test("an alternative name is a name", async () => {
  const left = ["Bridge", bridge("br0", { altname: "office" }), /br0/] as const;
  const right = ["Bridge", bridge("office", { mac: "02:00:00:00:00:01" }), /02:00:00:00:00:01/] as const;
  expect(await wait([...left], [...right])).toBe(true);
});

test.each([
  ["another name", bridge("br1")],
  ["the same name in another place", bridge("br0", { namespace: "red" })],
])("a change of %s does not wait", async (_what, other) => {
  const about = other.name === "br1" ? /br1/ : /-n red/;
  expect(await wait(["Bridge", bridge("br0"), /(?<!-n red.*)br0/], ["Bridge", other, about])).toBe(false);
});

test("the settings of a place are changed one after the other: a switch writes the others", async () => {
  const setting = (key: string, more: object = {}) => ({ key: `net.ipv4.${key}`, value: "1", ...more, __mark: MARK });
  const [one, other] = [setting("tcp_syncookies"), setting("ip_forward")];
  expect(await wait(["Sysctl", one, /syncookies/], ["Sysctl", other, /ip_forward/])).toBe(true);
  const there = setting("ip_forward", { namespace: "red" });
  expect(await wait(["Sysctl", one, /syncookies/], ["Sysctl", there, /ip_forward/])).toBe(false);
});
