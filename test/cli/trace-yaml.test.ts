import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "./bench.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await openBench("seed-yaml");
});

afterAll(() => bench[Symbol.asyncDispose]());

test("the help of a trace shows a resource in the language of the project", async () => {
  expect((await bench.netns("trace", "red", "192.0.2.1")).stdout).toMatch(
    /^the lab host has no route to 192\.0\.2\.1 .*\n {2}help: add a route:\n {4}…: \{ type: "netns:Route", properties: \{ destination: "default", via: "GATEWAY" \} \}$/m,
  );
});
