import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { example, REPOSITORY } from "../../tools/stack.ts";
import { world } from "../../tools/world.ts";
import { openLocalExample, openLocalStack } from "../support/local-stack.ts";
import { pingFrom } from "../support/ping.ts";

let host: Sandbox;

beforeEach(async () => {
  host = await sandbox();
});

afterEach(() => host[Symbol.asyncDispose]());

const ping = (from: string, to: string) => pingFrom(host, from, to);

test("the seed's lab as components: LAN, NAT and internet", async () => {
  const around = await world(host);
  const before = await traces(host);
  const stack = openLocalExample(host, "seed-components");
  const planned = await stack.preview();
  expect(planned).toEqual([
    "create Bridge v-net-0",
    "create Namespace blue",
    "create Namespace red",
    "create NatRule lan-out",
    "create Sysctl forwarding",
    "create Veth v-net-0-blue",
    "create Veth v-net-0-red",
  ]);
  expect(await stack.up()).toEqual(planned);

  await ping("red", "192.168.15.2");
  await ping("blue", "192.168.15.5");
  await host.run("ping", "-c1", "-W2", "192.168.15.1");
  await ping("red", "192.168.1.3");
  expect(await around.pingsSeenInLan(around.hostInLan)).toBe(1);
  expect(await around.pingsSeenInLan("192.168.15.1")).toBe(0);
  await ping("blue", "8.8.8.8");

  expect(await stack.up()).toEqual([]);
  expect(await stack.refresh()).toEqual([]);
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});

const office = (...hosts: string[]) => `
  import { Host, Lan, Link, NatRule, Route, Router } from "pulumi-netns";
  const edge = new Router("edge", { nat: true });
  const lan = new Lan("the-office-of-the-north", {
    networks: ["10.1.0.0/24", "fd00:1::/64"], router: edge, mtu: 1400, hosts: ${JSON.stringify(hosts)},
  });
  const wan = new Lan("wan", { networks: ["203.0.113.0/24", "fd00:2::/64"], gateways: [], hosts: [] });
  const isp = new Host("isp");
  const uplink = new Link("uplink", { a: edge, b: isp, networks: ["198.51.100.0/30", "fd00:3::/64"], gateway: "b" });
  new Route("plain", { namespace: isp.namespace, destination: "203.0.113.0/24", via: uplink.addresses.a[0] });
  new NatRule("web", {
    namespace: edge.namespace, type: "dnat", inInterface: uplink.a, protocol: "tcp", destinationPort: 80,
    toAddress: lan.hosts["anna"].address, toPort: 8080,
  });
  wan.join(edge);
  new Lan("half", { networks: ["10.9.0.0/24", "fd00:9::/64"], gateways: ["10.9.0.1"], router: edge });
  new Lan("calm", { networks: ["10.8.0.0/24"], gateways: [], router: edge, hosts: ["bob"] });
  export const anna = lan.hosts["anna"].addresses.join(" ");
`;

//   anna, zoe, … ─ the-office-of-the-north ─ edge ── uplink ── isp, which has no route to the office
test("a host is added in the middle of a LAN and removed without a change of the others, and the router masquerades them", async () => {
  const before = await traces(host);
  const stack = openLocalStack(host, "office");
  stack.program(office("anna", "zoe"));
  await stack.up();
  const anna = String(stack.output("anna")).split(" ");
  expect(anna).toHaveLength(2);
  for (const address of anna) await ping("zoe", address);
  // The name was too long for an interface, so it is the alternative name.
  const [{ ifname, mtu }] = await host.ip("-n", "anna", "link", "show", "dev", "the-office-of-the-north");
  expect(ifname).toMatch(/^the-offi-[0-9a-f]{6}$/);
  expect(mtu).toBe(1400);
  // A router without a given gateway address gets an address like a host, and no host has a default route through it.
  const has = async (dev: string) =>
    (await host.run("ip", "-n", "edge", "-brief", "address", "show", "dev", dev)).trim();
  expect(await has("half")).toMatch(/ 10\.9\.0\.1\/24 fd00:9::[0-9a-f:]+\/64( fe80::\S+)?$/);
  const [, calm = ""] = / (10\.8\.0\.\d+)\/24/.exec(await has("calm")) ?? [];
  await ping("bob", calm);
  expect(await host.run("ip", "-n", "bob", "route", "show", "default")).toBe("");
  await ping("anna", "198.51.100.2");
  await ping("anna", "fd00:3::2");

  stack.program(office("anna", "mia", "zoe"));
  const added = ["create Namespace mia", "create Veth the-office-of-the-north-mia"];
  expect(await stack.preview()).toEqual(added);
  expect(await stack.up()).toEqual(added);
  for (const address of anna) await ping("mia", address);
  stack.program(office("anna", "zoe"));
  expect(await stack.up()).toEqual(["delete Namespace mia", "delete Veth the-office-of-the-north-mia"]);
  expect(String(stack.output("anna")).split(" ")).toEqual(anna);
  expect(await stack.refresh()).toEqual([]);
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test("the programs of docs/components.md are valid; the first one is the example, with ten lines", async () => {
  const page = readFileSync(join(REPOSITORY, "docs/components.md"), "utf8");
  const [first = "", ...others] = [...page.matchAll(/```ts\n([^`]*(?:`[^`]+`[^`]*)*?)```/g)].map(
    ([, text]) => text ?? "",
  );
  expect(first).toBe(readFileSync(join(example("seed-components"), "index.ts"), "utf8"));
  expect(first.split("\n").filter((line) => line !== "" && !line.startsWith("import"))).toHaveLength(10);
  expect(others).toHaveLength(6);

  const stack = openLocalStack(host, "page");
  const blocks = others.map((text) => `{\n${text.replace(/^import.*$/m, "")}\n}`).join("\n");
  stack.program(`
    import * as pulumi from "@pulumi/pulumi";
    import { Bridge, Lan, Link, Namespace, NatRule, Process, Route, Router, Sysctl, Trunk, Veth } from "pulumi-netns";
    const [r1, r2] = [new Router("r1"), new Router("r2")];
    ${blocks}
  `);
  const planned = await stack.preview();
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
