import fc from "fast-check";
import { macvlan } from "../../provider/kinds/macvlan.ts";
import { interfaceName, LEFT_TO_KERNEL, LINK, link, namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const { mac: _mac, ...withoutMac } = link;
const child = { ...link, link: interfaceName, mode: fc.constantFrom("bridge", "private", "vepa") };

/** The sample properties that macvlan and macvtap have in common. */
export const CHILD = {
  args: fc.oneof(
    record(child, { requiredKeys: ["name", "link"] }),
    record({ ...child, linkNamespace: namespaceName }, { requiredKeys: ["name", "link", "namespace"] }),
    record(
      { ...withoutMac, link: interfaceName, mode: fc.constant("passthru") },
      { requiredKeys: ["name", "link", "mode"] },
    ),
  ),
  examples: [{ ...LINK, link: "eth0", linkNamespace: "blue", mode: "private" }],
  required: ["name", "link"],
  replaces: ["name", "namespace", "link", "linkNamespace", "mode"],
  leftToKernel: LEFT_TO_KERNEL,
};

export default kindSample(macvlan, CHILD);
