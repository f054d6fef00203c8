import fc from "fast-check";
import { routingRule } from "../../provider/kinds/routing-rule.ts";
import { type Args, type Family, inet, inet6, interfaceName, namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const port = fc.oneof(fc.integer({ min: 1, max: 65_534 }), fc.constant("1000-2000"), fc.constant("80"));
const mark = { fwmark: fc.integer({ min: 0, max: 4_294_967_295 }), fwmask: fc.integer({ min: 1, max: 4_294_967_294 }) };

function ruleOf({ host, network }: Family): Args {
  const address = fc.oneof(
    host,
    network.filter((text) => !text.endsWith("/0")),
  );
  const common = {
    ...{ namespace: namespaceName, priority: fc.integer({ min: 1, max: 32_765 }), not: fc.boolean() },
    ...{ from: address, to: address, iif: interfaceName, oif: interfaceName },
    uidrange: fc
      .tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 1000, max: 9999 }))
      .map((pair) => pair.join("-")),
  };
  const protocols = [
    record({ ipproto: fc.constantFrom("tcp", "udp", "sctp"), sport: port, dport: port }, { requiredKeys: ["ipproto"] }),
    record({ ipproto: fc.constantFrom("icmp", "ospf", "icmpv6", "gre") }, { requiredKeys: [] }),
  ];
  const actions = [
    record(
      { table: fc.integer({ min: 1, max: 4_294_967_295 }), suppressPrefixlength: fc.integer({ min: 0, max: 128 }) },
      { requiredKeys: ["table"] },
    ),
    record({ type: fc.constantFrom("blackhole", "unreachable", "prohibit") }, { requiredKeys: ["type"] }),
  ];
  return fc
    .tuple(
      record(common, { requiredKeys: ["priority"] }),
      record(mark, { requiredKeys: ["fwmark"] }),
      fc.boolean(),
      fc.oneof(...protocols),
      fc.oneof(...actions),
    )
    .map(([match, marked, isMarked, protocol, action]) => ({
      ...match,
      ...(isMarked && marked),
      ...protocol,
      ...action,
    }));
}

/** Rules that the kernel accepts. */
export const kernelRule = fc.oneof(ruleOf(inet), ruleOf(inet6));

export default kindSample(routingRule, {
  args: kernelRule,
  examples: [
    {
      ...{ namespace: "red", family: "inet", priority: 100, not: true, from: "192.168.15.0/24", to: "10.9.9.9/32" },
      ...{ iif: "eth0", oif: "eth1", fwmark: 16, fwmask: 255, ipproto: "tcp", sport: 80, dport: "1000-2000" },
      ...{ uidrange: "100-200", type: "unicast", table: 100, suppressPrefixlength: 0 },
    },
  ],
  required: ["priority"],
  replaces: ["namespace"],
  leftToKernel: ["family"],
});
