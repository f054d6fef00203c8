import fc from "fast-check";
import { nic } from "../../provider/kinds/nic.ts";
import { interfaceName, LEFT_TO_KERNEL, LINK, link, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

export default kindSample(nic, {
  args: record(
    { ...link, from: interfaceName, takeInUse: fc.boolean() },
    { requiredKeys: ["name", "namespace", "from"] },
  ),
  examples: [{ ...LINK, from: "enp3s0", takeInUse: true }],
  required: ["name", "namespace", "from"],
  replaces: ["name", "namespace", "from"],
  leftToKernel: ["mac", ...LEFT_TO_KERNEL],
});
