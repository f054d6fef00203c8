import * as v from "valibot";
import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type NatArgs, natSchema } from "../../provider/kinds/nat-args.ts";
import { chainOf, definition, statement, usualPriority } from "../../provider/kinds/nat-text.ts";
import { impliedFamily } from "../../provider/kinds/packet-match.ts";
import { sandbox } from "../../tools/sandbox.ts";

/* The check `no-return-route`, compared with the kernel: a ping through a router with NAT rules is lost if and only if the check says so. */

const veths = {
  pc: {
    a: { name: "lan", namespace: "r", addresses: ["10.8.0.1/24"] },
    b: { name: "eth0", namespace: "pc", addresses: ["10.8.0.2/24"] },
  },
  isp: {
    a: { name: "wan", namespace: "r", addresses: ["203.0.113.2/30"] },
    b: { name: "eth0", namespace: "isp", addresses: ["203.0.113.1/30"] },
  },
};
const gateways = { pc: "10.8.0.1", r: "203.0.113.1" };

const out = { type: "masquerade", outInterface: "wan" };
const spared = { type: "snat", source: "10.8.0.0/24", exclude: true };
const rules: readonly (readonly object[])[] = [
  [],
  [out],
  [{ ...out, family: "ip6" }],
  [{ ...out, family: "ip" }],
  [{ ...out, outInterface: "w*" }],
  [{ type: "masquerade", inInterface: "lan" }],
  [{ type: "masquerade", inInterface: "wan" }],
  [spared, out],
  [{ ...spared, inInterface: "wan" }, out],
  [{ ...spared, outInterface: "wan" }, out],
  [{ ...spared, destination: "10.9.0.0/24" }, out],
  [{ ...spared, priority: 50 }, out],
  [{ type: "snat", outInterface: "wan", toAddress: "203.0.113.2" }],
  [{ type: "snat", outInterface: "wan", toAddress: "203.0.99.9" }],
  [{ type: "snat", outInterface: "wan", toAddress: "10.8.0.1" }],
];

const found = (nats: readonly object[]): boolean =>
  runChecks([
    ...["pc", "r", "isp"].map((name) => ({ type: "Namespace", name, args: { name } })),
    ...["r", "isp"].map((namespace) => ({
      ...{ type: "Sysctl", name: `forward-${namespace}` },
      args: { namespace, key: "net.ipv4.ip_forward", value: "1" },
    })),
    ...Object.entries(veths).map(([name, args]) => ({ type: "Veth", name, args })),
    ...Object.entries(gateways).map(([namespace, via]) => ({
      ...{ type: "Route", name: `way-${namespace}` },
      args: { namespace, destination: "default", via },
    })),
    ...nats.map((args, index) => ({
      ...{ type: "NatRule", name: `n${index}` },
      args: { namespace: "r", ...args, ...(index > 0 && { after: "n@00000000" }) },
    })),
  ]).some(({ check }) => check === "no-return-route");

const argsOf = (given: object): NatArgs => {
  const args = v.parse(natSchema, given);
  return { ...args, family: impliedFamily(args), priority: args.priority ?? usualPriority(args.type) };
};

test("a ping is lost if and only if the check says so", async () => {
  await using host = await sandbox();
  const { run } = host;
  for (const name of ["pc", "r", "isp"]) await run("ip", "netns", "add", name);
  for (const { a, b } of Object.values(veths)) {
    await run(
      "ip",
      "link",
      "add",
      a.name,
      "netns",
      a.namespace,
      "type",
      "veth",
      "peer",
      "name",
      b.name,
      "netns",
      b.namespace,
    );
    for (const { name, namespace, addresses } of [a, b]) {
      for (const address of addresses) await run("ip", "-n", namespace, "address", "add", address, "dev", name);
      await run("ip", "-n", namespace, "link", "set", name, "up");
    }
  }
  for (const [namespace, via] of Object.entries(gateways))
    await run("ip", "-n", namespace, "route", "add", "default", "via", via);
  for (const namespace of ["r", "isp"])
    await run("ip", "netns", "exec", namespace, "sysctl", "-qw", "net.ipv4.ip_forward=1");
  const verdicts = new Set<boolean>();
  for (const given of rules) {
    const lines = given
      .map(argsOf)
      .flatMap((args) => [
        `add chain inet t ${chainOf(args)} ${definition(args)}`,
        `add rule inet t ${chainOf(args)} ${statement(args, "x")}`,
      ]);
    await run(
      "ip",
      "netns",
      "exec",
      "r",
      "nft",
      ["add table inet t", "delete table inet t", "add table inet t", ...lines].join("; "),
    );
    const { code } = await host.try("ip", "netns", "exec", "pc", "ping", "-c1", "-W0.3", "203.0.113.1");
    expect([given, found(given)]).toEqual([given, code !== 0]);
    verdicts.add(code !== 0);
  }
  expect(verdicts.size).toBe(2);
});
