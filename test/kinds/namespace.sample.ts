import { namespace } from "../../provider/kinds/namespace.ts";
import { namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

export default kindSample(namespace, {
  args: record({ name: namespaceName }, { requiredKeys: ["name"] }),
  examples: [{ name: "red" }],
  required: ["name"],
  replaces: ["name"],
  leftToKernel: [],
});
