import { expect, test } from "vitest";
import { labHost } from "../../inspect/lab-host.ts";
import { showTrace } from "../../inspect/trace/text.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { Host, Lan, Link, NatRule, Route, Router } from "../../sdk/index.ts";
import { addressesOf, edit, engineOf, host, labHostForEachTest, succeeds } from "../support/edited.ts";

/* Changes by hand: the drift that a refresh reports, the hop where a ping is lost, and the steps of the next `up`. */

labHostForEachTest();

/** Hosts c1 and c2 on a LAN with the router r1; r1 has a link to r2, and r2 one to the host s1. r1 masquerades the LAN. */
const lab = () => {
  const [r1, r2] = [new Router("r1"), new Router("r2")];
  new Lan("lan", {
    networks: ["10.1.0.0/24"],
    router: r1,
    hosts: [
      { name: "c1", addresses: ["10.1.0.10"], interface: "eth0" },
      { name: "c2", addresses: ["10.1.0.11"], interface: "eth0" },
    ],
  });
  const core = new Link("core", { a: r1, b: r2, networks: ["10.9.0.0/30"] });
  new Link("net", { a: r2, b: new Host("s1"), networks: ["10.2.0.0/24"], gateway: "a" });
  new Route("to-s1", { namespace: r1, destination: "10.2.0.0/24", via: core.addresses.b[0]! });
  new NatRule("hide", { namespace: r1, type: "masquerade", source: "10.1.0.0/24" });
};

/** A fault: the commands that cause it, the steps of a refresh, the end of a trace, and the addresses of c1 after the next `up`. */
type Fault = [name: string, commands: string[], refresh: string[], told: RegExp, left: string[]];

test.each<Fault>([
  [
    "a gateway that no host has",
    ["ip -n c1 route replace default via 10.1.0.99"],
    ["update Veth lan-c1"],
    /\n10\.1\.0\.99 does not exist on the segment of eth0 in c1: the addresses on that segment are .*, and no namespace of the lab has 10\.1\.0\.99$/,
    ["10.1.0.10/24"],
  ],
  [
    "no NAT rule",
    ["ip netns exec r1 nft flush ruleset"],
    ["delete NatRule hide"],
    /its answer is dropped: r2 has no route to 10\.1\.0\.10 .*\n {2}help: add a route in r2:\n.*, or source NAT on r1:\n.*new NatRule\("…", \{ namespace: "r1", /,
    ["10.1.0.10/24"],
  ],
  [
    "no NAT rule, beside an address with the prefix length 32",
    [
      "ip -n c1 address flush dev eth0",
      "ip -n c1 address add 10.1.0.10/32 dev eth0",
      "ip -n c1 address add 10.1.0.10/24 dev eth0",
      "ip -n c1 route add default via 10.1.0.1",
      "ip netns exec r1 nft flush ruleset",
    ],
    ["delete NatRule hide", "update Veth lan-c1"],
    /destination: "10\.1\.0\.0\/24", via: "10\.9\.0\.1" \}\), or source NAT on r1:\n.*source: "10\.1\.0\.0\/24" \}\)$/,
    ["10.1.0.10/24", "10.1.0.10/32"],
  ],
  [
    "an address with the prefix length 32",
    ["ip -n c1 address flush dev eth0", "ip -n c1 address add 10.1.0.10/32 dev eth0"],
    ["update Veth lan-c1"],
    /\nc1 has no route to 10\.2\.0\.2 \(Network is unreachable\); 10\.1\.0\.\d+\/24 is on its segment, but not in the network of 10\.1\.0\.10\/32/,
    ["10.1.0.10/24", "10.1.0.10/32"],
  ],
  [
    "a second host with the address",
    ["ip -n c2 address add 10.1.0.10/24 dev eth0"],
    [],
    /10\.1\.0\.10 is also (the address of eth0 in c2, and either may receive|assigned to c2 \(duplicate address\))/,
    ["10.1.0.10/24"],
  ],
])("a trace reports a fault that was caused by hand: %s", async (_name, commands, refresh, told, left) => {
  await edit(lab);
  for (const command of commands) {
    const [program = "", ...args] = command.split(" ");
    await host.run(program, ...args);
  }
  const follow = () => trace(labHost(host.enter), "c1", "10.2.0.2");
  expect(showTrace(await follow())).toMatch(told);
  expect(succeeds(await engineOf().refresh())).toEqual(refresh);
  succeeds(await engineOf().up(lab));
  if (refresh.length > 0) expect((await follow()).outcome).toEqual({ kind: "answered" });
  // An address that no resource declares stays.
  expect((await addressesOf("c1", "eth0")).sort()).toEqual(left);
});

test("a trace names the NatRule that translates a packet", async () => {
  await edit(lab);
  const { there, outcome } = await trace(labHost(host.enter), "c1", "10.2.0.2");
  expect(outcome).toEqual({ kind: "answered" });
  expect(there[1]?.notes).toEqual(["masquerade: source 10.1.0.10 becomes 10.9.0.1 (NatRule hide)"]);
});
