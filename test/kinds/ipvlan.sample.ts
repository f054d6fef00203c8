import fc from "fast-check";
import { ipvlan } from "../../provider/kinds/ipvlan.ts";
import { interfaceName, LEFT_TO_KERNEL, LINK, link, namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const { mac: _mac, ...withoutMac } = link;
const { mac: _MAC, ...EXAMPLE } = LINK;

export default kindSample(ipvlan, {
  args: record(
    {
      ...withoutMac,
      link: interfaceName,
      linkNamespace: namespaceName,
      mode: fc.constantFrom("l2", "l3", "l3s"),
      flag: fc.constantFrom("bridge", "private", "vepa"),
    },
    { requiredKeys: ["name", "namespace", "link"] },
  ),
  examples: [{ ...EXAMPLE, link: "eth0", linkNamespace: "blue", mode: "l2", flag: "private" }],
  required: ["name", "link"],
  replaces: ["name", "namespace", "link", "linkNamespace"],
  leftToKernel: LEFT_TO_KERNEL,
});
