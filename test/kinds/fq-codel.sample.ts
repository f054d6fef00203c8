import fc from "fast-check";
import { fqCodel } from "../../provider/kinds/fq-codel.ts";
import { interfaceName, namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

export default kindSample(fqCodel, {
  args: record(
    {
      interface: interfaceName,
      namespace: namespaceName,
      direction: fc.constantFrom("egress", "ingress"),
      limit: fc.integer({ min: 1, max: 100_000 }),
      flows: fc.integer({ min: 1, max: 65_536 }),
      target: fc.constantFrom("5ms", 1, "100us"),
      interval: fc.constantFrom("0.1s", 50, "20msec"),
      quantum: fc.integer({ min: 256, max: 1_048_576 }),
      ecn: fc.boolean(),
    },
    { requiredKeys: ["interface"] },
  ),
  examples: [
    {
      interface: "eth0",
      namespace: "red",
      direction: "egress",
      limit: 1000,
      flows: 512,
      target: "10ms",
      interval: "200ms",
      quantum: 300,
      ecn: false,
    },
  ],
  required: ["interface"],
  replaces: ["interface", "namespace", "direction", "flows"],
  leftToKernel: ["quantum"],
});
