import fc from "fast-check";
import { nexthop } from "../../provider/kinds/nexthop.ts";
import { inet, inet6, interfaceName, namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const number = fc.integer({ min: 1, max: 4_294_967_295 });
const common = { namespace: namespaceName, nhid: number };

export default kindSample(nexthop, {
  args: fc.oneof(
    record(
      { ...common, via: fc.oneof(inet.host, inet6.host), interface: interfaceName, onlink: fc.boolean() },
      { requiredKeys: ["nhid", "via", "interface"] },
    ),
    record(
      { ...common, interface: interfaceName, family: fc.constantFrom("inet", "inet6") },
      { requiredKeys: ["nhid", "interface"] },
    ),
    record({ ...common, blackhole: fc.constant(true) }, { requiredKeys: ["nhid", "blackhole"] }),
    fc
      .tuple(
        record(common, { requiredKeys: ["nhid"] }),
        fc.uniqueArray(record({ nhid: number, weight: fc.integer({ min: 1, max: 256 }) }, { requiredKeys: ["nhid"] }), {
          minLength: 1,
          maxLength: 4,
          selector: ({ nhid }) => nhid,
        }),
      )
      .map(([args, group]) => ({ ...args, group: group.filter(({ nhid }) => nhid !== args["nhid"]) }))
      .filter(({ group }) => group.length > 0),
  ),
  examples: [
    {
      ...{ namespace: "red", nhid: 10, family: "inet", via: "10.0.0.2", interface: "eth0", onlink: true },
      blackhole: false,
    },
    { namespace: "red", nhid: 20, onlink: false, blackhole: false, group: [{ nhid: 10, weight: 2 }] },
  ],
  required: ["nhid"],
  replaces: ["namespace", "nhid", "family", "blackhole", "group"],
  leftToKernel: ["family"],
});
