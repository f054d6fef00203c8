import fc from "fast-check";
import { tbf } from "../../provider/kinds/tbf.ts";
import { interfaceName, namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const ON = { interface: interfaceName, namespace: namespaceName, direction: fc.constantFrom("egress", "ingress") };
const RATE = fc.oneof(fc.integer({ min: 1_000_000, max: 10 ** 9 }), fc.constantFrom("10mbit", "1.5Gbit", "512kbit"));
const BURST = fc.oneof(fc.integer({ min: 8000, max: 100_000 }), fc.constantFrom("32kb", "1Mb", "5000b"));
const REQUIRED = { requiredKeys: ["interface", "rate"] };

export default kindSample(tbf, {
  args: fc.oneof(
    record({ ...ON, rate: RATE, burst: BURST, latency: fc.constantFrom("50ms", 3, "0.5s") }, REQUIRED),
    record({ ...ON, rate: RATE, burst: BURST, limit: BURST }, REQUIRED),
  ),
  examples: [
    { interface: "eth0", namespace: "red", direction: "egress", rate: "10mbit", burst: "32kb", latency: "50ms" },
    { interface: "eth0", namespace: "red", direction: "ingress", rate: "10mbit", burst: "5000b", limit: "64kb" },
  ],
  required: ["interface", "rate"],
  replaces: ["interface", "namespace", "direction"],
  leftToKernel: [],
});
