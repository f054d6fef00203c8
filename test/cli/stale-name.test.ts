import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "./bench.ts";

// `ip` mounts a namespace on a file in /run/netns. Without the mount, the file remains, and `ip` lists its name.

let bench: Bench;

beforeAll(async () => {
  bench = await openBench("seed");
});

afterAll(() => bench[Symbol.asyncDispose]());

// One command for each way to list namespaces. `exec` and `shell` use only those in the state, which the second test covers, and the
// text of `status` has the data of its JSON.
const COMMANDS: [string, ...string[]][] = [
  ["status", "--json"],
  ["trace", "blue", "red"],
  ["graph", "--live", "--format", "mermaid"],
  ["clean", "--force", "--json"],
  ["ping", "--json"],
];

/** Returns the answer of a command, without the times of pings. */
const answer = async ([command, ...args]: [string, ...string[]]) => {
  const { code, stdout, stderr } = await bench.netns(command, ...args);
  return { code, stdout: stdout.replaceAll(/"ms": [\d.]+/g, '"ms": 1'), stderr };
};

test("a foreign file without a namespace changes no answer", async () => {
  const answers = [];
  for (const command of COMMANDS) answers.push(await answer(command));
  expect(answers.map(({ code }) => code)).toEqual(COMMANDS.map(() => 0));

  await bench.host.run("touch", "/run/netns/stale");
  expect(await bench.host.run("ip", "netns", "list")).toMatch(/^stale$/m);
  for (const [index, command] of COMMANDS.entries()) expect(await answer(command)).toEqual(answers[index]);
});

test("a namespace of the stack of which only the file is left is reported as missing, with advice", async () => {
  const { host, netns } = bench;
  await host.run("umount", "/run/netns/red");
  expect(await host.run("ip", "netns", "list")).toMatch(/^red$/m);
  const missing =
    "namespace red is in the stack's state but does not exist in the kernel\n" +
    "  help: run `pulumi refresh`, then `pulumi up` to create it again";

  const status = await netns("status");
  expect(status.code).toBe(3);
  expect(status.stdout).toMatch(/^ {4}Namespace +red +red +missing$/m);
  expect(status.stdout).toMatch(/^ {4}Namespace +blue +blue +up$/m);
  for (const command of [
    ["shell", "red"],
    ["trace", "red", "blue"],
    ["trace", "blue", "red"],
    ["ping", "red", "blue"],
    ["capture", "red-wire"],
  ] as [string, ...string[]][])
    expect(await netns(...command)).toMatchObject({ code: 1, stderr: `error: ${missing}` });

  const everywhere = await netns("exec", "--all", "--", "echo", "there");
  expect(everywhere).toMatchObject({ code: 1, stdout: "blue | there" });
  expect(everywhere.stderr).toBe(missing.replaceAll(/^/gm, "red  | "));
  expect((await netns("graph", "--live", "--format", "mermaid")).stdout).toMatch(/red<\/b> \(not in the kernel\)/);
  expect((await netns("clean", "--force", "--json")).stdout).toMatch(/"name": "blue"/);
});

test("an up with a refresh creates the namespace again", async () => {
  expect(await bench.stack.up("--refresh")).toContain("create Namespace red");
  expect((await bench.host.ip("-n", "red", "link", "show", "dev", "lo"))[0].flags).toContain("UP");
});
