import { expect, test } from "vitest";
import { labHost } from "../../inspect/lab-host.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";

labForEachTest("hub", "isp");

//   hub 10.1.0.2 ══ 10.1.0.1 isp ══ 203.0.113.1 west ══ 192.168.1.10 west-a
//                                 ╚═ 203.0.113.2 east ══ 192.168.1.10 east-a
test.each(["west", "east"])(
  "of two sites with the same network, a trace advises the gateway of the target: %s",
  async (site) => {
    await lab.run("ip", "-n", "isp", "link", "add", "br0", "up", "type", "bridge");
    await runAll(lab, [
      "ip -n isp address add 203.0.113.254/24 dev br0",
      "ip netns exec isp sysctl -qw net.ipv4.ip_forward=1",
    ]);
    await lab.resource("Veth", "hub").up({
      a: { name: "eth0", namespace: "hub", addresses: ["10.1.0.2/24"], gateways: ["10.1.0.1"] },
      b: { name: "hub", namespace: "isp", addresses: ["10.1.0.1/24"] },
    });
    for (const [index, name] of ["west", "east"].entries()) {
      await runAll(lab, [`ip netns add ${name}`, `ip netns add ${name}-a`]);
      await lab.resource("Veth", name).up({
        a: { name: "wan", namespace: name, addresses: [`203.0.113.${index + 1}/24`], gateways: ["203.0.113.254"] },
        b: { name, namespace: "isp", master: "br0" },
      });
      await lab.resource("Veth", `${name}-a`).up({
        a: { name: "eth0", namespace: `${name}-a`, addresses: ["192.168.1.10/24"], gateways: ["192.168.1.1"] },
        b: { name: "lan", namespace: name, addresses: ["192.168.1.1/24"] },
      });
      await runAll(lab, [`ip netns exec ${name} sysctl -qw net.ipv4.ip_forward=1`]);
    }
    const follow = async () =>
      (
        await traced(
          labHost(lab.enter),
          { from: "hub", to: "192.168.1.10", wait: 0.5 },
          { target: { place: `${site}-a` } },
        )
      ).outcome;
    const via = site === "west" ? "203.0.113.1" : "203.0.113.2";
    expect(await follow()).toEqual({
      ...{ kind: "died", way: "there", place: "isp", cause: "no-route" },
      reason: "isp has no route to 192.168.1.10 (Network is unreachable)",
      hint: `add a route:\n  new Route("…", { namespace: "isp", destination: "192.168.1.0/24", via: "${via}" })`,
    });
    await lab.run("ip", "-n", "isp", "route", "add", "192.168.1.0/24", "via", via);
    expect(await follow()).toEqual({ kind: "answered" });
  },
);

//   hub 10.1.0.2 ══ 10.1.0.1 edge 203.0.113.1 ══ 203.0.113.2 isp
//                              ╚═ 198.51.100.1 ══ 198.51.100.2 other
test("a trace does not advise to send a packet back to the router that it came from", async () => {
  await runAll(lab, ["ip netns add edge", "ip netns add other"]);
  await lab.resource("Veth", "hub").up({
    a: { name: "eth0", namespace: "hub", addresses: ["10.1.0.2/24"], gateways: ["10.1.0.1"] },
    b: { name: "lan", namespace: "edge", addresses: ["10.1.0.1/24"] },
  });
  for (const [name, network] of [
    ["isp", "203.0.113"],
    ["other", "198.51.100"],
  ] as const)
    await lab.resource("Veth", name).up({
      a: { name, namespace: "edge", addresses: [`${network}.1/24`] },
      b: { name: "wan", namespace: name, addresses: [`${network}.2/24`] },
    });
  await runAll(lab, [
    ...["edge", "isp", "other"].map((name) => `ip netns exec ${name} sysctl -qw net.ipv4.ip_forward=1`),
    "ip -n edge route add default via 198.51.100.2",
    "ip -n edge route add 192.0.2.0/24 via 203.0.113.2 table 100",
    "ip -n edge rule add iif lan priority 100 lookup 100",
  ]);
  const { outcome } = await traced(labHost(lab.enter), { from: "hub", to: "192.0.2.9", wait: 0.5 });
  expect(outcome).toMatchObject({
    place: "isp",
    hint: 'add a route:\n  new Route("…", { namespace: "isp", destination: "default", via: "GATEWAY" })',
  });
});
