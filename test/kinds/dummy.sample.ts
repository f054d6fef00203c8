import { dummy } from "../../provider/kinds/dummy.ts";
import { LEFT_TO_KERNEL, LINK, link, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

export default kindSample(dummy, {
  args: record(link, { requiredKeys: ["name"] }),
  examples: [LINK],
  required: ["name"],
  replaces: ["name", "namespace"],
  leftToKernel: LEFT_TO_KERNEL,
});
