import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { example, openStack, REPOSITORY } from "../../tools/stack.ts";
import { pingFrom } from "../support/ping.ts";
import { openProject } from "../support/project.ts";

let host: Sandbox;

beforeEach(async () => {
  host = await sandbox();
});

afterEach(() => host[Symbol.asyncDispose]());

const ping = (from: string, to: string) => pingFrom(host, from, to);

test("ten routers in a line carry packets from end to end and back, in both families", async () => {
  const before = await traces(host);
  await using stack = await openStack(host, example("ten-routers"));
  const planned = await stack.preview();
  expect(await stack.up()).toEqual(planned);
  const [v4 = "", v6 = ""] = JSON.parse(await stack.output("server")) as string[];
  // Each router counts the time to live down by one.
  expect(await ping("client", v4)).toContain("ttl=54");
  expect(await ping("client", v6)).toContain("ttl=54");
  expect(await stack.refresh()).toEqual([]);
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test("the programs of docs/components.md are ones; the first is the example, and no longer than it says", async () => {
  const page = readFileSync(join(REPOSITORY, "docs/components.md"), "utf8");
  const [first = "", ...others] = [...page.matchAll(/```ts\n([^`]*(?:`[^`]+`[^`]*)*?)```/g)].map(
    ([, text]) => text ?? "",
  );
  expect(first).toBe(readFileSync(join(example("seed-components"), "index.ts"), "utf8"));
  expect(first.split("\n").filter((line) => line !== "" && !line.startsWith("import"))).toHaveLength(10);
  expect(others).toHaveLength(6);

  await using project = await openProject(host, "page");
  const blocks = others.map((text) => `{\n${text.replace(/^import.*$/m, "")}\n}`).join("\n");
  await project.program(`
    import { Lan, Link, Process, Router, Trunk } from "pulumi-netns";
    const [r1, r2] = [new Router("r1"), new Router("r2")];
    ${blocks}
  `);
  const planned = await project.stack.preview();
  for (const step of [
    "create Veth home-zoe",
    "create NatRule edge-nat-internet",
    "create Veth r1-r2",
    "create Vlan lab-core",
    "create Veth red-wire",
  ]) {
    expect(planned).toContain(step);
  }
});
