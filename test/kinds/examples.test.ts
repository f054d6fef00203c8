import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { lives } from "../support/example-lives.ts";
import { type LocalStack, openLocalExample, openLocalStack } from "../support/local-stack.ts";

// A YAML program needs the language host of Pulumi: test/engine/examples.test.ts runs it.
describe.each(Object.entries(lives).filter(([name]) => name !== "seed-yaml"))(
  "example %s",
  (name, { works, drifts }) => {
    let host: Sandbox;
    let stack: LocalStack;
    let before: string;

    beforeAll(async () => {
      host = await sandbox();
      before = await traces(host);
      stack = openLocalExample(host, name);
      await stack.config({ hosts: 3 });
    });

    afterAll(() => host[Symbol.asyncDispose]());

    test("comes up as previewed, works, and then there is nothing to do", async () => {
      const planned = await stack.preview();
      expect(await stack.up()).toEqual(planned);
      await works(host);
      expect(await stack.up()).toEqual([]);
      expect(await stack.refresh()).toEqual([]);
    });

    test.each(drifts)("$what: refresh sees it, up mends it", async ({ command, refresh, up }) => {
      const [program = "", ...args] = command.split(" ");
      await host.run(program, ...args);
      await settled(host);
      expect(await stack.refresh()).toEqual(refresh);
      expect(await stack.preview()).toEqual(up);
      expect(await stack.up()).toEqual(up);
      await works(host);
      expect(await stack.refresh()).toEqual([]);
    });

    test("goes without a trace", async () => {
      await stack.destroy();
      await expect.poll(() => traces(host), SOON).toBe(before);
    });
  },
);

test.each([
  ["two-namespaces", [{}]],
  ["bridge-lan", [{ hosts: 3 }]],
  ["nat-gateway", [{}]],
  ["ten-routers", [{}]],
  ["seed-components", [{}]],
  ["dhcp-lan", [{}]],
  ["ospf-triangle", [{}]],
  ["home-router", [{}]],
  ["dual-homed", [{}]],
  ["anycast", [{}]],
  ["seed", [2, 4, 5].map((stage) => ({ stage, nat: true }))],
])("the example %s gives no warning", async (name, configurations: Record<string, boolean | number>[]) => {
  await using host = await sandbox();
  using warned = vi.spyOn(pulumi.log, "warn");
  const stack = openLocalExample(host, name);
  for (const configuration of configurations) {
    await stack.config(configuration);
    await stack.preview();
  }
  expect(warned.mock.calls).toEqual([]);
});

test("and a lab with one address twice gives one", async () => {
  await using host = await sandbox();
  using warned = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  const stack = openLocalStack(host, "faulty");
  stack.program(`
    import { Namespace, Veth } from "pulumi-netns";
    const [anna, ben] = [new Namespace("anna"), new Namespace("ben")];
    new Veth("wire", {
      a: { name: "eth0", namespace: anna, addresses: ["10.0.0.1/24"] },
      b: { name: "eth0", namespace: ben, addresses: ["10.0.0.1/24"] },
    });
  `);
  await stack.preview();
  expect(warned.mock.calls.map(([text]) => text)).toEqual([expect.stringMatching(/^duplicate-address: 10\.0\.0\.1 /)]);
});

/** Waits until the kernel has ended a namespace that was deleted: the links that go with it are there for a moment. */
async function settled(host: Sandbox): Promise<void> {
  let before = "";
  await expect
    .poll(async () => {
      const [last, now] = [before, await host.run("sh", "-c", LINKS)];
      before = now;
      return now === last;
    }, SOON)
    .toBe(true);
}

const LINKS = "ip -brief link show; ip -all netns exec ip -brief link show";
