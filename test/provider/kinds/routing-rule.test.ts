import { expect, test } from "vitest";
import { routingRule } from "../../../provider/kinds/routing-rule.ts";
import { showPlan } from "../../../provider/plan.ts";
import { MARK, ready } from "../samples.ts";

const rule = (args: object = {}) =>
  ready(routingRule, { namespace: "red", priority: 100, from: "192.168.15.0/24", table: 100, ...args });

test("a change adds the new rule before it deletes the old one", () => {
  const plan = routingRule.plan({
    seen: undefined,
    was: rule(),
    desired: rule({ table: 101 }),
    mark: MARK,
    ownsPlace: true,
  });
  expect(showPlan(plan).split("\n")).toEqual([
    "ip -n red -4 rule add priority 100 from 192.168.15.0/24 lookup 101 protocol 201",
    "ip -n red -4 rule delete priority 100 from 192.168.15.0/24 lookup 100 protocol 201",
  ]);
});

test("an existing new rule is not added, and the old one is still deleted", () => {
  const seen = { state: rule({ table: 101 }), note: undefined, mark: MARK };
  const plan = routingRule.plan({ seen, was: rule(), desired: rule({ table: 101 }), mark: MARK, ownsPlace: true });
  expect(showPlan(plan)).toBe("ip -n red -4 rule delete priority 100 from 192.168.15.0/24 lookup 100 protocol 201");
});

test("a rule with all arguments is one command", () => {
  const args = {
    ...{ not: true, to: "10.0.0.1", iif: "eth0", oif: "eth1", fwmark: 16, fwmask: 255, ipproto: "icmpv6" },
    ...{ uidrange: "5", suppressPrefixlength: 0 },
  };
  const plan = routingRule.plan({ seen: undefined, desired: rule(args), mark: MARK, ownsPlace: true });
  expect(showPlan(plan)).toBe(
    "ip -n red -4 rule add priority 100 not from 192.168.15.0/24 to 10.0.0.1/32 iif eth0 oif eth1 fwmark 16/255 " +
      "ipproto ipv6-icmp uidrange 5-5 lookup 100 suppress_prefixlength 0 protocol 201",
  );
});
