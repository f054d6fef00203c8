import fc from "fast-check";
import { address } from "../../provider/kinds/address.ts";
import { type Args, type Family, inet, inet6, interfaceName, namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const addressOf = ({ host, withLength }: Family, more: Record<string, fc.Arbitrary<unknown>>): Args =>
  record(
    { interface: interfaceName, namespace: namespaceName, address: withLength, peer: host, ...more },
    { requiredKeys: ["interface", "address"] },
  );

export default kindSample(address, {
  args: fc.oneof(
    addressOf(inet, { broadcast: inet.host, scope: fc.constantFrom("global", "link", "host") }),
    addressOf(inet6, {}),
  ),
  examples: [
    {
      interface: "eth0",
      namespace: "red",
      address: "192.168.15.1/24",
      peer: "192.168.15.2",
      broadcast: "192.168.15.255",
      scope: "global",
    },
  ],
  required: ["interface", "address"],
  replaces: ["interface", "namespace", "address", "peer", "broadcast", "scope"],
  leftToKernel: ["scope"],
});
