import fc from "fast-check";
import { vxlan } from "../../provider/kinds/vxlan.ts";
import { inet, inet6, interfaceName, LEFT_TO_KERNEL, LINK, link, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const tunnel = {
  ...link,
  vni: fc.integer({ min: 1, max: 16_777_215 }),
  dev: interfaceName,
  dstport: fc.integer({ min: 1, max: 65_535 }),
  learning: fc.boolean(),
  ageing: fc.integer({ min: 0, max: 86_400 }),
};
const OPTIONS = { local: "10.0.0.1", dev: "eth0", dstport: 4790, learning: false, ageing: 60 };

export default kindSample(vxlan, {
  args: fc.oneof(
    record({ ...tunnel, local: inet.host, remote: inet.host }, { requiredKeys: ["name", "vni"] }),
    record({ ...tunnel, local: inet6.host, remote: inet6.host }, { requiredKeys: ["name", "vni"] }),
    record(
      { ...tunnel, group: fc.constantFrom("239.1.1.1", "FF05::100") },
      { requiredKeys: ["name", "vni", "dev", "group"] },
    ),
  ),
  examples: [
    { ...LINK, ...OPTIONS, vni: 42, remote: "10.0.0.2" },
    { ...LINK, ...OPTIONS, vni: 43, group: "239.1.1.1" },
  ],
  required: ["name", "vni"],
  replaces: ["name", "namespace", "vni", "remote", "group", "local", "dev", "dstport"],
  leftToKernel: LEFT_TO_KERNEL,
});
