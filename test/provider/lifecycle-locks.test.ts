import { expect, test } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import { argsOf, displayCommand } from "../../provider/kernel/command.ts";
import { oneByOne } from "../../provider/kernel/kernel.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { MARK } from "./samples.ts";
import { fails, tells } from "./script.ts";

/** Returns lifecycles over a kernel without links, and the commands that they run. */
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

/** Returns whether the second change waits for the first: all commands of the first come before all commands of the second. */
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

test("changes of the same name in the kernel wait for each other, also if they are of different kinds", async () => {
  // Each pattern matches only commands of one of the two changes.
  const left = ["Bridge", bridge("x", { mac: "02:00:00:00:00:01" }), /02:00:00:00:00:01/] as const;
  const right = ["Veth", wire({ name: "x" }, { name: "y" }), /type veth/] as const;
  expect(await wait([...left], [...right])).toBe(true);
});

test("a change of an alternative name waits for a change of the same name", async () => {
  const left = ["Bridge", bridge("br0", { altname: "office" }), /br0/] as const;
  const right = ["Bridge", bridge("office", { mac: "02:00:00:00:00:01" }), /02:00:00:00:00:01/] as const;
  expect(await wait([...left], [...right])).toBe(true);
});

test.each([
  ["a link of another name", bridge("br1")],
  ["a link of the same name in another place", bridge("br0", { namespace: "red" })],
])("a change of %s does not wait", async (_what, other) => {
  const about = other.name === "br1" ? /br1/ : /-n red/;
  expect(await wait(["Bridge", bridge("br0"), /(?<!-n red.*)br0/], ["Bridge", other, about])).toBe(false);
});

test("changes of sysctls in one place wait for each other, because a switch also writes other settings", async () => {
  const setting = (key: string, more: object = {}) => ({ key: `net.ipv4.${key}`, value: "1", ...more, __mark: MARK });
  const [one, other] = [setting("tcp_syncookies"), setting("ip_forward")];
  expect(await wait(["Sysctl", one, /syncookies/], ["Sysctl", other, /ip_forward/])).toBe(true);
  const there = setting("ip_forward", { namespace: "red" });
  expect(await wait(["Sysctl", one, /syncookies/], ["Sysctl", there, /ip_forward/])).toBe(false);
});
