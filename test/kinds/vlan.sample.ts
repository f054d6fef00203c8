import fc from "fast-check";
import { vlan } from "../../provider/kinds/vlan.ts";
import { interfaceName, LEFT_TO_KERNEL, LINK, link, namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const priority = fc.integer({ min: 0, max: 7 });

export default kindSample(vlan, {
  args: record(
    {
      ...link,
      link: interfaceName,
      linkNamespace: namespaceName,
      vid: fc.integer({ min: 1, max: 4094 }),
      protocol: fc.constantFrom("802.1Q", "802.1ad"),
      ...Object.fromEntries(
        ["reorderHdr", "gvrp", "mvrp", "looseBinding", "bridgeBinding"].map((name) => [name, fc.boolean()]),
      ),
      ingressQosMap: fc.dictionary(priority.map(String), priority),
      egressQosMap: fc.dictionary(priority.map(String), priority),
    },
    { requiredKeys: ["name", "namespace", "link", "vid"] },
  ),
  examples: [
    {
      ...LINK,
      ...{
        link: "eth0",
        linkNamespace: "blue",
        vid: 10,
        protocol: "802.1ad",
        reorderHdr: false,
        gvrp: true,
        mvrp: true,
      },
      ...{ looseBinding: true, bridgeBinding: true, ingressQosMap: { "1": 2 }, egressQosMap: { "2": 5 } },
    },
  ],
  required: ["name", "link", "vid"],
  replaces: ["name", "namespace", "link", "linkNamespace", "vid", "protocol"],
  leftToKernel: LEFT_TO_KERNEL,
  right: { ingressQosMap: {}, egressQosMap: {} },
});
