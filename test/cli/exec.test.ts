import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "./bench.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await openBench("seed");
});

afterAll(() => bench[Symbol.asyncDispose]());

test("a command runs in a namespace, with its own output and exit code", async () => {
  const inRed = await bench.netns("exec", "red", "--", "ip", "-brief", "address", "show", "dev", "veth-red");
  expect(inRed).toMatchObject({ code: 0, stderr: "" });
  expect(inRed.stdout).toMatch(/^veth-red@\S+ +UP +192\.168\.15\.1\/24/);
  expect(await bench.netns("exec", "red", "--", "sh", "-c", "echo to you >&2; exit 7")).toEqual({
    code: 7,
    stdout: "",
    stderr: "to you",
  });
  expect((await bench.netns("exec", "red", "--", "sh", "-c", "kill -9 $$")).code).toBe(137);
});

test("the lab host is `host`", async () => {
  const { stdout } = await bench.netns("exec", "host", "--", "ip", "-brief", "address", "show", "dev", "v-net-0");
  expect(stdout).toMatch(/192\.168\.15\.5\/24/);
});

test("--all runs it in every namespace, each line with its host, and ends like the first that failed", async () => {
  const told = await bench.netns("exec", "--all", "--", "sh", "-c", "ip -brief address show scope global; exit 4");
  expect(told.code).toBe(4);
  expect(told.stdout.split("\n").sort()).toEqual([
    expect.stringMatching(/^blue \| veth-blue@\S+ +UP +192\.168\.15\.2\/24/),
    expect.stringMatching(/^red  \| veth-red@\S+ +UP +192\.168\.15\.1\/24/),
  ]);
  const half = await bench.netns("exec", "--all", "--", "ip", "link", "show", "dev", "veth-red");
  expect(half.code).toBe(1);
  expect(half.stderr).toBe('blue | Device "veth-red" does not exist.');
});

test.each([
  [
    ["exec", "bleu", "--", "true"],
    /^error: host "bleu" not found in this stack; did you mean blue\?\n {2}help: available: blue, red, host$/,
  ],
  [["exec", "red"], /^error: missing argument: command\n {2}help: for example: pulumi-netns exec red -- ip address$/],
  [
    ["exec"],
    /^error: missing arguments: host and command\n {2}help: for example: pulumi-netns exec red -- ip address$/,
  ],
  [["exec", "--all"], /^error: missing argument: command\n {2}help: for example: pulumi-netns exec --all -- ip route$/],
  [["exec", "red", "ping", "-c1"], /^error: unknown option '-c1'\n\(options of the command come after a --,/],
  [["exec", "host", "--", "no-such-command"], /^error: command no-such-command not found$/],
  [["exce", "red"], /^error: unknown command 'exce'\n\(Did you mean exec\?\)/],
  [["status", "--stack", "prod"], /^error: .*no stack named 'prod' found/],
  [["status", "--cwd", "/proc"], /\n {2}help: \/proc is not in a Pulumi project; run this in the folder of a project/],
  [["status", "--cwd", "/nowhere"], /^error: folder \/nowhere does not exist$/],
])("%j says what is wrong", async ([command = "", ...args], message) => {
  const { code, stdout, stderr } = await bench.netns(command, ...args);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test("a namespace that is gone is told of, with what to do", async () => {
  await bench.host.run("ip", "netns", "delete", "blue");
  const { code, stderr } = await bench.netns("exec", "blue", "--", "true");
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: namespace blue is in the stack's state but does not exist in the kernel\n {2}help: run `pulumi refresh`/,
  );
});

test("without the right to look it says so, and how to get it", async () => {
  const { code, stderr } = await bench.host.try(
    ...(["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"] as [string, ...string[]]),
    ...bench.words("status"),
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: this process cannot enter network namespaces .*\n {2}help: run it as root: sudo/);
});

test("without Pulumi it says so", async () => {
  const words = bench.words("status").map((word) => (word.startsWith("PATH=") ? "PATH=/nowhere" : word));
  const { code, stderr } = await bench.host.try(...(words as [string, ...string[]]));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: `pulumi`, which reads the stack's state, is not on the PATH/);
});
