import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "./bench.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await openBench("seed");
});

afterAll(() => bench[Symbol.asyncDispose]());

test("link takes an interface down, which status shows and the next up reverts", async () => {
  const { code, stdout } = await bench.netns("link", "down", "red", "veth-red");
  expect([code, stdout]).toEqual([
    0,
    "red veth-red is down\n  help: `pulumi-netns status` shows this as drift, and `pulumi up --refresh` reverts it",
  ]);
  const [{ flags }] = await bench.host.ip("-n", "red", "link", "show", "dev", "veth-red");
  expect(flags).not.toContain("UP");
  expect((await bench.netns("status")).stdout).toMatch(/^ +a\.up true → false$/m);
  expect((await bench.netns("link", "up", "red", "veth-red")).code).toBe(0);
  const [link] = await bench.host.ip("-n", "red", "link", "show", "dev", "veth-red");
  expect(link.flags).toContain("UP");
});

test.each([
  [["link", "down", "red", "veth-blue"], /red\/veth-blue/],
  [["link", "sideways", "red", "veth-red"], /Allowed choices are down, up/],
  [["impair", "red", "veth-red"], /impair takes settings, or --off/],
  [["impair", "red", "veth-red", "--off", "--loss", "1%"], /impair takes settings, or --off/],
  [["impair", "red", "veth-red", "--delay", "80"], /delay: "80" is not a delay: it is text without a unit/],
  [["impair", "red", "veth-red", "--jitter", "8ms"], /jitter: "8ms" is longer than the delay, which is missing/],
])("%j is an error that says why", async (words, why) => {
  const { code, stderr } = await bench.netns(...(words as [string, ...string[]]));
  expect(code).toBe(1);
  expect(stderr).toMatch(why);
});
