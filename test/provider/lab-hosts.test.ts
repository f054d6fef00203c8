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

  test("that is gone is a failure of the check of each resource that the program still has on it, without a query", async () => {
    const { bridge, commands } = bridges({ lab2: DOWN }, { gone: new Set(["lab2"]) });
    const failure = {
      property: "",
      reason:
        "lab2: PULUMI_NETNS_GONE_HOSTS names this lab host, and the program still has a Bridge on it\n" +
        "  help: move the resource to another lab host, or remove it from the program",
    };
    for (const olds of [{}, on("lab2"), on("lab1")])
      expect(await bridge.conflicts(olds, on("lab2"))).toEqual([failure]);
    expect(await bridge.conflicts(on("lab2"), on("lab1"))).toEqual([]);
    expect(commands.filter((line) => line.startsWith("lab2"))).toEqual([]);
  });

  test("is a failure of the check of each resource that moves there, and of no other one", async () => {
    const { bridge, commands } = bridges({ lab2: DOWN });
    expect(await bridge.conflicts({}, on("lab2"))).toEqual([]);
    expect(commands).toEqual([]);
    expect(await bridge.conflicts({ ...on("lab2"), name: "br1" }, { ...on("lab2"), name: "br2" })).toEqual([]);
    const reasons = ["lab1", undefined].map(async (from) => {
      const inputs = { ...on("lab2"), __atHome: true, __mark: `${on("lab2").__mark}${from}` };
      return (await bridge.conflicts(on(from), inputs)).map(({ reason }) => reason);
    });
    expect(await Promise.all(reasons)).toEqual([
      [
        expect.stringMatching(
          /^the lab host lab2 cannot be reached: No such file or directory\n {2}help: nothing on it /,
        ),
      ],
      ["the lab host lab2 cannot be reached, see the first error about it"],
    ]);
  });
});

test("a resource that moves to a lab host with an object of its name is no conflict: the machine may be the same one", async () => {
  const theirs = [{ ifname: "br0", ifindex: 7, address: "02:00:00:00:00:02", linkinfo: { info_kind: "bridge" } }];
  const { bridge, commands } = bridges({ lab2: { ...DONE, stdout: JSON.stringify(theirs) } });
  expect(await bridge.conflicts(on("lab1"), on("lab2"))).toEqual([]);
  expect(commands).toContainEqual(expect.stringMatching(/^lab2: /));
  // The engine checks a resource that it replaces once more, as a new one.
  commands.length = 0;
  expect(await bridge.conflicts({}, on("lab2"))).toEqual([]);
  expect(commands).toEqual([]);
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
