import { ifb } from "../../provider/kinds/ifb.ts";
import { LEFT_TO_KERNEL, LINK, link, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

export default kindSample(ifb, {
  args: record(link, { requiredKeys: ["name"] }),
  examples: [LINK],
  required: ["name"],
  replaces: ["name", "namespace", "mac"],
  leftToKernel: LEFT_TO_KERNEL,
});
