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

test("impair --off tells that nothing was set, and of no drift", async () => {
  const { code, stdout } = await bench.netns("impair", "red", "veth-red", "--off");
  expect([code, stdout]).toEqual([0, "red veth-red: nothing was set"]);
});

test("the summaries tell how long a change lasts: a plain up leaves it", async () => {
  const help = (await bench.netns("--help")).stdout.replaceAll(/\s+/g, " ");
  expect(help).toContain("take an interface down or up, until the next up --refresh");
  expect(help).toContain("slow down the packets of an interface, until the next up --refresh");
});

test("an interface that the host does not have is an error", async () => {
  expect(await bench.netns("link", "down", "red", "veth-blue")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^error: .*red\/veth-blue/),
  });
});
