import fc from "fast-check";
import { vrf } from "../../provider/kinds/vrf.ts";
import { LEFT_TO_KERNEL, LINK, link, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

export default kindSample(vrf, {
  args: record(
    { ...link, mtu: fc.integer({ min: 1280, max: 65_535 }), table: fc.integer({ min: 256, max: 4_294_967_294 }) },
    { requiredKeys: ["name", "table"] },
  ),
  examples: [{ ...LINK, table: 10 }],
  required: ["name", "table"],
  replaces: ["name", "namespace", "table"],
  leftToKernel: LEFT_TO_KERNEL,
});
