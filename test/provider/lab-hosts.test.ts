import { describe, expect, test } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import { displayCommand } from "../../provider/kernel/command.ts";
import { type CommandResult, type KernelClient, oneByOne } from "../../provider/kernel/kernel.ts";
import { type LabHostOptions, onLabHosts } from "../../provider/lab-hosts.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { markOf } from "../../provider/owner.ts";
import type { Properties } from "../../provider/properties.ts";

const ABSENT: CommandResult = { code: 1, stdout: "", stderr: 'Device "br0" does not exist.\n' };
const DONE: CommandResult = { code: 0, stdout: "", stderr: "" };
const DOWN: CommandResult = { code: 255, stdout: "", stderr: "No such file or directory", lost: "unreachable" };

/** Returns the lifecycle of bridges on lab hosts whose kernels give these answers, and the commands on each of them. */
function bridges(answers: Readonly<Record<string, CommandResult>> = {}, options: Partial<LabHostOptions> = {}) {
  const commands: string[] = [];
  const addresses: unknown[] = [];
  const kernel = (host: string, address?: () => unknown): KernelClient =>
    oneByOne(async (command) => {
      commands.push(`${host}: ${displayCommand(command)}`);
      if (address !== undefined) addresses.push(address());
      return answers[host] ?? (command.query ? ABSENT : DONE);
    });
  const all = onLabHosts({
    local: () => lifecycles(kernel("here")),
    remote: (host, address) => lifecycles(kernel(host, address)),
    ...options,
  });
  return { commands, addresses, bridge: all.get("Bridge") as Lifecycle };
}

const on = (host?: string, to = `root@${host}`): Properties => ({
  ...{ name: "br0", mac: "02:00:00:00:00:01", up: true, stp: false, vlanFiltering: false },
  ...(host !== undefined && { host, __ssh: { to, sudo: false } }),
  __mark: markOf({ project: "lab", stack: "dev", host, name: "br0", urn: "urn:br0" }),
});

test("each operation runs on the lab host of the resource, which remains in its properties", async () => {
  const { bridge, commands } = bridges();
  for (const host of [undefined, "lab1", "lab2"]) {
    const { inputs, failures } = bridge.check({}, on(host));
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject(on(host));
    const { outs } = await bridge.create(inputs as Properties);
    expect(outs).toMatchObject(on(host));
    expect(await bridge.read("br0", outs as Properties)).toEqual({ id: "" });
    expect(commands.length).toBeGreaterThan(1);
    expect(commands.every((line) => line.startsWith(`${host ?? "here"}: `))).toBe(true);
    commands.length = 0;
  }
});

test("a name must be unique only on its lab host", () => {
  const { bridge } = bridges();
  const twin = (host?: string) => ({ ...on(host), __mark: "pulumi-netns:lab/dev:twin@89abcdef" });
  expect(bridge.check({}, on()).failures).toEqual([]);
  expect(bridge.check({}, on("lab1")).failures).toEqual([]);
  expect(bridge.check({}, on("lab2")).failures).toEqual([]);
  expect(bridge.check({}, twin("lab2")).failures).toMatchObject([{ reason: expect.stringContaining("interface br0") }]);
});

test.each([
  [undefined, "lab1"],
  ["lab1", undefined],
  ["lab1", "lab2"],
])("a resource that moves from %s to %s is replaced", (from, to) => {
  expect(bridges().bridge.diff("br0", on(from), on(to))).toEqual({
    changes: true,
    replaces: ["host"],
    deleteBeforeReplace: true,
  });
});

test("a changed address of a lab host is an update without commands, and is used immediately", async () => {
  const { bridge, commands, addresses } = bridges({ lab2: { ...DONE, stdout: "[]" } });
  const [olds, news] = [on("lab2"), on("lab2", "root@10.0.0.9")];
  // A refresh runs before the program, and uses the address in the state.
  await bridge.read("br0", olds);
  bridge.check(olds, news);
  expect(bridge.diff("br0", olds, news)).toEqual({ changes: true, replaces: [], deleteBeforeReplace: true });
  expect(bridge.diff("br0", olds, olds)).toMatchObject({ changes: false });
  await bridge.delete("br0", olds);
  expect([...new Set(addresses)]).toEqual([olds.__ssh, news.__ssh]);
  expect(commands.filter((line) => !line.includes(" show "))).toEqual([]);
});

describe("an unreachable lab host", () => {
  test("is an error of each resource on it and of no other resource; only the first error has the reason", async () => {
    const { bridge } = bridges({ lab2: DOWN });
    const first = await bridge.read("br0", on("lab2")).catch((error: unknown) => error);
    expect(first).toMatchObject({
      name: "UnreachableError",
      stack: "",
      message: expect.stringMatching(/^the lab host lab2 cannot be reached: No such file or directory\n {2}help: /),
    });
    for (const verb of [() => bridge.delete("br0", on("lab2")), () => bridge.create(on("lab2"))])
      await expect(verb()).rejects.toThrow(/^the lab host lab2 cannot be reached, see the first error about it$/);
    expect(await bridge.read("br0", on("lab1"))).toEqual({ id: "" });
  });

  test("is not queried by a check and a diff", () => {
    const { bridge, commands } = bridges({ lab2: DOWN });
    bridge.check({}, on("lab2"));
    bridge.diff("br0", on("lab2"), on("lab2"));
    expect(commands).toEqual([]);
  });

  test("counts as deleted with all its objects if the user has declared it as gone, and refuses changes", async () => {
    const { bridge, commands } = bridges({ lab2: DOWN }, { gone: new Set(["lab2"]) });
    expect(await bridge.read("br0", on("lab2"))).toEqual({ id: "" });
    await bridge.delete("br0", on("lab2"));
    await expect(bridge.create(on("lab2"))).rejects.toThrow(/PULUMI_NETNS_GONE_HOSTS names this lab host/);
    expect(commands).toEqual([]);
    await bridge.create(on("lab1"));
    expect(commands).not.toEqual([]);
  });
});

test("other errors name the lab host", async () => {
  const { bridge } = bridges({ lab2: { code: 2, stdout: "", stderr: "RTNETLINK answers: Invalid argument" } });
  await expect(bridge.create(on("lab2"))).rejects.toThrow(/^lab2: ip /);
});

test("a broken connection is opened again by the same operation", async () => {
  let left = 2;
  const kernel = oneByOne(async (command) => {
    if (command.query) return ABSENT;
    left -= 1;
    return left >= 0 ? { ...DOWN, lost: "broken" as const } : DONE;
  });
  const { bridge } = bridges({}, { remote: () => lifecycles(kernel) });
  await bridge.create(on("lab2"));
  expect(left).toBeLessThan(0);
});
