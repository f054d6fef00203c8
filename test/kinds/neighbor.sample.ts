import fc from "fast-check";
import { neighbor } from "../../provider/kinds/neighbor.ts";
import { type Family, inet, inet6, interfaceName, mac, namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const neighborOf = ({ host }: Family, required: string[], more: Record<string, fc.Arbitrary<unknown>>) =>
  record(
    { interface: interfaceName, namespace: namespaceName, address: host, ...more },
    { requiredKeys: ["interface", "address", ...required] },
  );

export default kindSample(neighbor, {
  args: fc.oneof(
    ...[inet, inet6].flatMap((family) => [
      neighborOf(family, ["lladdr"], { lladdr: mac, router: fc.boolean(), proxy: fc.constant(false) }),
      neighborOf(family, ["proxy"], { router: fc.constant(false), proxy: fc.constant(true) }),
    ]),
  ),
  examples: [
    {
      interface: "eth0",
      namespace: "red",
      address: "192.168.15.9",
      lladdr: "02:00:00:00:00:09",
      router: true,
      proxy: false,
    },
  ],
  required: ["interface", "address"],
  replaces: ["interface", "namespace", "address", "proxy"],
  leftToKernel: [],
});
