import { beforeEach, describe, expect, test } from "vitest";
import { lab, labByDoorForEachTest, wireRed } from "../support/lab-for-each.ts";

const run = async (lines: readonly string[]) => {
  for (const line of lines) {
    const [program = "", ...args] = line.split(" ");
    await lab.run(program, ...args);
  }
};

const address = { interface: "eth0", namespace: "red", address: "10.0.0.1/24" };
const route = { namespace: "red", destination: "10.7.0.0/16", via: "192.168.15.5" };
const pair = { a: { name: "x0", namespace: "red" }, b: { name: "x1" } };

describe.each(["dynamic", "plugin"] as const)("drift, with the %s provider", (door) => {
  labByDoorForEachTest(door);
  beforeEach(() => wireRed("192.168.15.1/24"));

  /** Drift that the tests of the kinds do not have: the arguments, the commands by hand, and the result of a refresh. */
  test.each<[string, string, object, string[], string[] | "gone"]>([
    [
      "the scope of an address",
      "Address",
      { ...address, scope: "link" },
      ["ip -n red address delete 10.0.0.1/24 dev eth0", "ip -n red address add 10.0.0.1/24 dev eth0"],
      ["scope"],
    ],
    [
      "the peer of an address",
      "Address",
      { ...address, address: "10.0.0.1/32", peer: "10.0.0.2" },
      ["ip -n red address delete 10.0.0.1 peer 10.0.0.2/32 dev eth0"],
      "gone",
    ],
    [
      "the prefix length of an address",
      "Address",
      address,
      ["ip -n red address delete 10.0.0.1/24 dev eth0", "ip -n red address add 10.0.0.1/25 dev eth0"],
      "gone",
    ],
    ["the type of a route", "Route", route, ["ip -n red route replace unreachable 10.7.0.0/16"], ["type", "via"]],
    [
      "the interface of a route",
      "Route",
      { namespace: "red", destination: "10.7.0.0/16", interface: "eth0" },
      ["ip -n red route replace 10.7.0.0/16 dev lo"],
      ["interface"],
    ],
    [
      "the metric of a route",
      "Route",
      route,
      ["ip -n red route delete 10.7.0.0/16", "ip -n red route add 10.7.0.0/16 via 192.168.15.5 metric 5"],
      "gone",
    ],
    ["the namespace of an end", "Veth", pair, ["ip link set dev x1 netns red"], "gone"],
    ["the name of an end", "Veth", pair, ["ip link set dev x1 down", "ip link set dev x1 name x2"], "gone"],
    [
      "a master that the program does not declare",
      "Veth",
      pair,
      ["ip link add name br9 type bridge", "ip link set dev x1 master br9"],
      ["b.master"],
    ],
    [
      "the policy of a NAT rule's chain",
      "NatRule",
      { namespace: "red", type: "masquerade" },
      ["ip netns exec red nft add chain inet pulumi-netns/test/dev postrouting { policy drop ; }"],
      ["policy"],
    ],
    [
      "both ends at once",
      "Veth",
      pair,
      ["ip -n red link set dev x0 mtu 1300", "ip link set dev x1 down"],
      ["a.mtu", "b.up"],
    ],
  ])("%s", async (_what, type, args, byHand, seen) => {
    const resource = lab.resource(type, "it");
    await resource.up(args);
    await run(byHand);
    const found = await resource.refresh();
    expect(found === "gone" ? found : [...found].sort()).toEqual(seen);
    expect(await resource.up(args)).not.toBe("same");
    expect(await resource.refresh()).toEqual([]);
    await resource.destroy();
  });

  const FULL = {
    type: "dnat",
    namespace: "red",
    destination: "192.168.15.1/32",
    source: "10.0.0.0/8",
    protocol: "tcp",
    sourcePort: "1000-2000",
    destinationPort: 80,
    inInterface: "eth0",
    toAddress: "10.0.0.9",
    toPort: 8080,
  };

  test.each([
    ["destination", { destination: "192.168.15.9/32" }],
    ["source", { source: "10.1.0.0/16" }],
    ["protocol", { protocol: "udp" }],
    ["sourcePort", { sourcePort: 1 }],
    ["destinationPort", { destinationPort: 81 }],
    ["inInterface", { inInterface: "eth1" }],
    ["toAddress", { toAddress: "10.0.0.8" }],
    ["toPort", { toPort: 8081 }],
  ])("%s of a NAT rule", async (property, other) => {
    // The second rule differs in one argument. It replaces the first in the kernel, with the same mark, like an edit by hand.
    const [rule, bent] = [lab.resource("NatRule", "rule"), lab.nextRun().resource("NatRule", "rule")];
    await rule.up(FULL);
    await bent.up({ ...FULL, ...other });
    expect(await rule.refresh()).toEqual([property]);
    expect(await rule.up(FULL)).toBe("update");
    expect(await rule.refresh()).toEqual([]);
  });
});
