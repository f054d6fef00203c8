import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "./bench.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await openBench("seed");
});

afterAll(() => bench[Symbol.asyncDispose]());

test("a command runs in a namespace, with its own output and exit code", async () => {
  const script = "ip -brief address show dev veth-red; echo to you >&2; exit 7";
  expect(await bench.netns("exec", "red", "--", "sh", "-c", script)).toEqual({
    code: 7,
    stdout: expect.stringMatching(/^veth-red@\S+ +UP +192\.168\.15\.1\/24/),
    stderr: "to you",
  });
  expect((await bench.netns("exec", "red", "--", "sh", "-c", "kill -9 $$")).code).toBe(137);
});

test("the lab host is `host`", async () => {
  const told = await bench.netns("exec", "host", "--", "ip", "-brief", "address", "show", "dev", "v-net-0");
  expect(told).toEqual({ code: 0, stdout: expect.stringContaining("192.168.15.5/24"), stderr: "" });
});

test("--all runs a command in every namespace, names the host before each line, and returns the first exit code of a failure", async () => {
  const script = "ip -brief address show scope global; ip link show dev veth-red >/dev/null || exit 4";
  const told = await bench.netns("exec", "--all", "--", "sh", "-c", script);
  expect(told).toMatchObject({ code: 4, stderr: 'blue | Device "veth-red" does not exist.' });
  expect(told.stdout.split("\n").sort()).toEqual([
    expect.stringMatching(/^blue \| veth-blue@\S+ +UP +192\.168\.15\.2\/24/),
    expect.stringMatching(/^red  \| veth-red@\S+ +UP +192\.168\.15\.1\/24/),
  ]);
});

// arguments.test.ts has the errors before the state is read.
test.each([
  [
    ["exec", "bleu", "--", "true"],
    /^error: host "bleu" not found in this stack; did you mean blue\?\n {2}help: available: blue, red, host$/,
  ],
  [["exec", "host", "--", "no-such-command"], /^error: command no-such-command not found$/],
  [["exce", "red"], /^error: unknown command 'exce'\n\(Did you mean exec\?\)/],
  [["status", "--cwd", "/proc"], /\n {2}help: \/proc is not in a Pulumi project; run this in the folder of a project/],
])("the error about %j explains it", async ([command = "", ...args], message) => {
  const { code, stdout, stderr } = await bench.netns(command, ...args);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test("the error about a namespace that is gone gives advice", async () => {
  await bench.host.run("ip", "netns", "delete", "blue");
  const { code, stderr } = await bench.netns("exec", "blue", "--", "true");
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: namespace blue is in the stack's state but does not exist in the kernel\n {2}help: run `pulumi refresh`/,
  );
});

test("the error about missing permissions says how to get them", async () => {
  const { code, stderr } = await bench.host.try(
    ...(["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"] as [string, ...string[]]),
    ...bench.words("status"),
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: this process cannot enter network namespaces .*\n {2}help: run it as root: sudo/);
});

test("the error about a missing pulumi says so", async () => {
  const words = bench.words("status").map((word) => (word.startsWith("PATH=") ? "PATH=/nowhere" : word));
  const { code, stderr } = await bench.host.try(...(words as [string, ...string[]]));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: `pulumi`, which reads the stack's state, is not on the PATH/);
});
