import fc from "fast-check";
import { namespace } from "../../provider/kinds/namespace.ts";
import { namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

export default kindSample(namespace, {
  args: record({ name: namespaceName, layer: fc.nat(99), loopback: fc.boolean() }, { requiredKeys: ["name"] }),
  examples: [{ name: "red" }, { name: "spine1", layer: 2 }, { name: "dark", loopback: false }],
  required: ["name"],
  replaces: ["name"],
  leftToKernel: [],
});
