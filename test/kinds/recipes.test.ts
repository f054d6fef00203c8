import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect, test, vi } from "vitest";
import { type Sandbox, SOON, sandbox } from "../../tools/sandbox.ts";
import { REPOSITORY } from "../../tools/stack.ts";
import { world } from "../../tools/world.ts";
import { openLocalStack } from "../support/local-stack.ts";
import { block } from "../support/page-block.ts";
import { pingFrom, pingOnce } from "../support/ping.ts";
import { serve } from "../support/server.ts";

/* The programs of the pages, with the in-process engine. test/engine/recipes.test.ts has those that need Pulumi's engine. */

interface Trial {
  readonly page: string;
  readonly heading: string;
  /** Creates the objects that exist before the program runs. */
  readonly before?: (host: Sandbox) => Promise<unknown>;
  readonly works: (host: Sandbox) => Promise<unknown>;
  /** A link that existed before and is deleted with the lab. */
  readonly takes?: string;
}

const trials: readonly Trial[] = [
  {
    page: "recipes",
    heading: "A LAN with IPv4 and IPv6",
    before: world,
    async works(host) {
      for (const target of ["10.1.0.3", "8.8.8.8"]) await pingOnce(host, "host1", target, "-W5");
      // With br_netfilter, the lab host masquerades what its bridge forwards, and the reply is for the lab host, which passes it on
      // only after duplicate address detection on the bridge has ended.
      await pingFrom(host, "host1", "fd00:1::3");
      expect(await host.run("ip", "-n", "host1", "-6", "route")).toContain("default via fd00:1::fe");
    },
  },
  {
    page: "recipes",
    heading: "Publish a port",
    before: world,
    async works(host) {
      await using _server = await serve(host, "web", 8080);
      const page = await host.run("ip", "netns", "exec", "lan", "curl", "-s", "-m5", "http://192.168.1.2/");
      expect(page).toBe("hello ::ffff:192.168.1.3");
    },
  },
  {
    page: "recipes",
    heading: "A service on two uplinks",
    async works(host) {
      await using _server = await serve(host, "web", 8080);
      const get = (address: string) =>
        host.try("ip", "netns", "exec", "visitor", "curl", "-s", "-m5", "--noproxy", "*", `http://${address}/`);
      for (const address of ["198.51.100.1", "203.0.113.1"])
        expect(await get(address)).toMatchObject({ stdout: "hello ::ffff:192.0.2.80" });
      // Without its mark, the answer leaves by the other uplink, whose provider drops it.
      const byMark = ["fwmark", "102", "lookup", "102"];
      await host.run("ip", "-n", "office", "rule", "delete", ...byMark);
      expect(await get("203.0.113.1")).toMatchObject({ stdout: "" });
      await host.run("ip", "-n", "office", "rule", "add", "priority", "1000", ...byMark, "protocol", "201");
    },
  },
  {
    page: "recipes",
    heading: "A web server, and its name",
    async works({ run }) {
      const asked = ["curl", "-s", "--retry", "9", "--retry-connrefused", "http://web.lab/"];
      expect(await run("ip", "netns", "exec", "anna", ...asked)).toContain("Directory listing for /");
    },
  },
  {
    page: "recipes",
    heading: "Take over what is there",
    async before({ run }) {
      await run("ip", "netns", "add", "red");
      await run("ip", "-n", "red", "link", "add", "mine", "type", "bridge");
      await run("ip", "link", "add", "v-net-0", "type", "bridge");
    },
    async works({ run }) {
      expect(await run("ip", "-n", "red", "link", "show")).toMatch(
        /alias pulumi-netns:recipe\/dev(@[0-9a-f]{8})?:red@[^]* mine: /,
      );
      expect(await run("ip", "link", "show", "dev", "v-net-0")).toMatch(
        /alias pulumi-netns:recipe\/dev(@[0-9a-f]{8})?:v-net-0@/,
      );
    },
    takes: "v-net-0",
  },
  {
    page: "coming-from",
    heading: "Here",
    before: world,
    async works(host) {
      for (const target of ["192.168.15.2", "8.8.8.8"]) await pingOnce(host, "red", target, "-W5");
    },
  },
];

test.for(trials)("$page, $heading: the program works as the page says, and a destroy leaves nothing", async (trial) => {
  await using host = await sandbox();
  await trial.before?.(host);
  const links = async () => (await host.ip("link")).map(({ ifname }) => ifname);
  const before = await links();
  const stack = openLocalStack(host, "recipe");
  stack.program(block(trial.page, trial.heading, "ts"));
  try {
    await stack.up();
    await trial.works(host);
    expect(await stack.refresh()).toEqual([]);
    expect(await stack.up()).toEqual([]);
  } finally {
    await stack.destroy();
  }
  await expect.poll(links, SOON).toEqual(before.filter((name) => name !== trial.takes));
});

test("recipes, Move resources into a component: the up changes no object, and the lab works all the time", async () => {
  await using host = await sandbox();
  const stack = openLocalStack(host, "recipe");
  const links = async () =>
    [await host.ip("link"), await host.ip("-n", "red", "link")].flat().map(({ ifindex, ifname }) => [ifindex, ifname]);
  stack.program(block("recipes", "Move resources into a component", "ts"));
  await stack.up();
  const before = await links();
  stack.program(block("recipes", "The same LAN as a component", "ts"));
  const steps = await stack.up();
  expect(steps.filter((step) => !step.startsWith("update"))).toEqual([]);
  expect(await links()).toEqual(before);
  await pingOnce(host, "red", "192.168.15.2", "-W5");
  expect(await stack.refresh()).toEqual([]);
  await stack.destroy();
  await expect.poll(() => host.try("ip", "link", "show", "dev", "v-net-0"), SOON).toMatchObject({ code: 1 });
});

test("the preview of the README's program creates its five resources", async () => {
  const [, program = ""] = /```ts\n(import [^`]*)```/.exec(readFileSync(join(REPOSITORY, "README.md"), "utf8")) ?? [];
  await using host = await sandbox();
  const stack = openLocalStack(host, "readme");
  stack.program(program);
  expect(await stack.preview()).toEqual([
    "create Bridge v-net-0",
    "create Namespace red",
    "create NatRule lan-out",
    "create Sysctl forwarding",
    "create Veth red-wire",
  ]);
});

test("coming-from, A shell script: the script creates the lab, and fails if it runs again", async () => {
  await using host = await sandbox();
  await world(host);
  const script = block("coming-from", "A shell script", "sh");
  await host.run("sh", "-c", script);
  for (const target of ["192.168.15.2", "8.8.8.8"]) await pingOnce(host, "red", target, "-W5");
  expect(await host.try("sh", "-c", script)).toMatchObject({ code: 1, stdout: "" });
});

test.each([
  ...["The seed's lab, both ways", "A LAN", "Addresses by DHCP", "A router"].map(
    (heading) => [`of the page on components, ${heading}`, () => block("components", heading, "ts")] as const,
  ),
  ...["bare", "lan", "router"].map(
    (name) =>
      [`of the template ${name}`, () => readFileSync(join(REPOSITORY, "templates", name, "index.ts"), "utf8")] as const,
  ),
])("the program %s gives no warning", async (_, text) => {
  await using host = await sandbox();
  using warned = vi.spyOn(pulumi.log, "warn");
  const stack = openLocalStack(host, "components");
  stack.program(text());
  expect(await stack.preview()).not.toEqual([]);
  expect(warned.mock.calls).toEqual([]);
});
