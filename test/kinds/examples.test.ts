import * as pulumi from "@pulumi/pulumi";
import { expect, test, vi } from "vitest";
import { sandbox } from "../../tools/sandbox.ts";
import { lives } from "../support/example-lives.ts";
import { liveExample } from "../support/live-example.ts";
import { openLocalExample, openLocalStack } from "../support/local-stack.ts";

// A YAML program needs the language host of Pulumi: test/engine/examples.test.ts runs it.
for (const [name, life] of Object.entries(lives).filter(([name]) => !name.endsWith("-yaml"))) liveExample(name, life);

const [NORTH, SOUTH] = [8, 16].map((byte) => Buffer.alloc(32, byte).toString("base64")) as [string, string];

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
  ["vlan-trunk", [{}]],
  ["wireguard-sites", [{ northKey: NORTH, southKey: SOUTH }]],
  ["vxlan-fabric", [{}]],
  ["bond", [{}]],
  ["seed", [2, 4, 5].map((stage) => ({ stage, nat: true }))],
])("the example %s gives no warning", async (name, configurations: Record<string, boolean | number | string>[]) => {
  await using host = await sandbox();
  using warned = vi.spyOn(pulumi.log, "warn");
  const stack = openLocalExample(host, name);
  for (const configuration of configurations) {
    await stack.config(configuration);
    await stack.preview();
  }
  expect(warned.mock.calls).toEqual([]);
});

test("a lab with a duplicate address gives a warning", async () => {
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

test("WireGuard interfaces that are not both each other's peers give a warning", async () => {
  await using host = await sandbox();
  using warned = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  const stack = openLocalStack(host, "keys");
  stack.program(`
    import { Namespace, WireGuard } from "pulumi-netns";
    const keys = ["${NORTH}", "${SOUTH}"];
    const [own, other] = keys.map((privateKey) => WireGuard.publicKeyOf(privateKey));
    new WireGuard("north", { namespace: new Namespace("a"), privateKey: keys[0], peers: [{ publicKey: other }] });
    new WireGuard("south", { namespace: new Namespace("b"), privateKey: keys[1] });
  `);
  await stack.preview();
  expect(warned.mock.calls.map(([text]) => text)).toEqual([
    expect.stringMatching(/^unknown-peer: a\/north has b\/south .* as a peer, which does not have a\/north as one/),
  ]);
});

test.each([
  ["r22", "r2"],
  ["rotuer", "router"],
])("the namespace %s beside a component %s gives a warning", async (given, name) => {
  await using host = await sandbox();
  using warned = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  const stack = openLocalStack(host, "misspelt");
  stack.program(`
    import { Lan, Router, Route } from "pulumi-netns";
    const router = new Router("${name}");
    new Lan("office", { networks: ["10.1.0.0/24"], router, hosts: ["anna"] });
    new Route("out", { namespace: "${given}", destination: "default", via: "10.1.0.9" });
  `);
  await stack.preview();
  expect(warned.mock.calls.map(([text]) => text)).toEqual([
    expect.stringContaining(`no resource creates the namespace ${given}; did you mean ${name}?`),
  ]);
});

test("a trunk to a Lan without VLANs gives a warning", async () => {
  await using host = await sandbox();
  using warned = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  const stack = openLocalStack(host, "untagged");
  stack.program(`
    import { Lan, Router, Trunk } from "pulumi-netns";
    const [router, inner] = [new Router("router"), new Router("inner")];
    const plain = new Lan("plain", { networks: ["10.1.0.0/24"], router, hosts: ["anna"] });
    new Trunk("stick", { a: inner, b: plain, vlans: [10, 20] });
  `);
  await stack.preview();
  expect(warned.mock.calls.map(([text]) => text)).toEqual([
    expect.stringMatching(
      /^ignored-by-master: b\.port\.vlans has no effect on stick: Bridge plain has no VLAN filtering, /,
    ),
  ]);
});
