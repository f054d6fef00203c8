import { expect, test } from "vitest";
import { SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { example, openStack } from "../../tools/stack.ts";
import { pingFrom } from "../support/ping.ts";

test("ten routers in a line forward packets from end to end and back, in both families", async () => {
  await using host = await sandbox();
  const before = await traces(host);
  await using stack = await openStack(host, example("ten-routers"));
  const planned = await stack.preview();
  expect(await stack.up()).toEqual(planned);
  const [v4 = "", v6 = ""] = JSON.parse(await stack.output("server")) as string[];
  // Each router decreases the TTL by one.
  expect(await pingFrom(host, "client", v4)).toContain("ttl=54");
  expect(await pingFrom(host, "client", v6)).toContain("ttl=54");
  expect(await stack.refresh()).toEqual([]);
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});
