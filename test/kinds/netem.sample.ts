import fc from "fast-check";
import { netem } from "../../provider/kinds/netem.ts";
import {
  interfaceName,
  NETEM,
  NETEM_PER_DESTINATION,
  namespaceName,
  netemOptions,
  record,
} from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

export default kindSample(netem, {
  args: fc
    .tuple(
      record(
        { interface: interfaceName, namespace: namespaceName, direction: fc.constantFrom("egress", "ingress") },
        { requiredKeys: ["interface"] },
      ),
      netemOptions,
    )
    .map(([on, options]) => ({ ...on, ...options })),
  examples: [
    { interface: "eth0", namespace: "red", direction: "egress", ...NETEM },
    { interface: "eth0", namespace: "red", direction: "ingress", ...NETEM_PER_DESTINATION },
  ],
  required: ["interface"],
  replaces: ["interface", "namespace", "direction"],
  leftToKernel: [],
});
