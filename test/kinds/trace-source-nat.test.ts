import { beforeEach, expect, test } from "vitest";
import { labHost } from "../../inspect/lab-host.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { traced } from "../support/traced.ts";

labForEachTest("red", "gw", "isp");

//   red 10.8.0.2 ═ lan0 10.8.0.1 ─ gw ─ wan0 203.0.113.2 ═ 203.0.113.1 isp, which has no route to 10.8.0.0/24
beforeEach(async () => {
  await lab.resource("Veth", "lan").up({
    a: { name: "eth0", namespace: "red", addresses: ["10.8.0.2/24"], gateways: ["10.8.0.1"] },
    b: { name: "lan0", namespace: "gw", addresses: ["10.8.0.1/24"] },
  });
  await lab.resource("Veth", "wan").up({
    a: { name: "wan0", namespace: "gw", addresses: ["203.0.113.2/24"] },
    b: { name: "eth0", namespace: "isp", addresses: ["203.0.113.1/24"] },
  });
  await lab.resource("Sysctl", "router").up({ namespace: "gw", key: "net.ipv4.ip_forward", value: "1" });
});

const nat = (name: string, args: object) => lab.resource("NatRule", name).up({ namespace: "gw", ...args });

/** Traces a ping from red, compares it with a real one, and returns where the trace ends. */
const follow = async () => (await traced(labHost(lab.enter), { from: "red", to: "203.0.113.1", wait: 0.3 })).outcome;

const lost = {
  ...{ kind: "died", way: "back", place: "isp", cause: "no-route" },
  reason: "the ping arrives, but its answer is dropped: isp has no route to 10.8.0.2 (Network is unreachable)",
};
const ROUTE = 'new Route("…", { namespace: "isp", destination: "10.8.0.0/24", via: "203.0.113.2" })';
const RULE = { type: "masquerade", source: "10.8.0.0/24" };
const RULE_TEXT = 'new NatRule("…", { namespace: "gw", type: "masquerade", source: "10.8.0.0/24" })';

test("a trace names the NatRule that leaves packets as they are, and advises none that would come after it", async () => {
  await nat("direct", { type: "snat", source: "10.8.0.0/24", exclude: true });
  await nat("hide", { type: "masquerade", outInterface: "wan0" });
  expect(await follow()).toEqual({
    ...lost,
    hint: `add a route in isp:\n  ${ROUTE}, or source NAT on gw: correct NatRule direct, which comes before others and leaves packets from 10.8.0.2 to 203.0.113.1 as they are`,
  });
  await nat("late", RULE);
  expect((await follow()).kind).toBe("died");
});

test("a trace names the NatRules that do not match, and advises one that does", async () => {
  await nat("hide6", { type: "masquerade", family: "ip6" });
  await nat("wrong", { type: "masquerade", inInterface: "wan0" });
  expect(await follow()).toEqual({
    ...lost,
    hint: `add a route in isp:\n  ${ROUTE}, or source NAT on gw, because these packets do not match its rule \`meta nfproto ipv6 masquerade\` (NatRule hide6) and rule \`iifname "wan0" masquerade\` (NatRule wrong):\n  ${RULE_TEXT}`,
  });
  await nat("advised", RULE);
  expect(await follow()).toEqual({ kind: "answered" });
});

test("a NatRule that leaves packets as they are at an earlier priority does not keep the advised one from them", async () => {
  await nat("direct", { type: "snat", source: "10.8.0.0/24", exclude: true, priority: 50 });
  expect(await follow()).toEqual({
    ...lost,
    hint: `add a route in isp:\n  ${ROUTE}, or source NAT on gw:\n  ${RULE_TEXT}`,
  });
  await nat("advised", RULE);
  expect(await follow()).toEqual({ kind: "answered" });
});
