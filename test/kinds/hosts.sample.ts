import fc from "fast-check";
import { hosts } from "../../provider/kinds/hosts.ts";
import { inet, inet6, namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const address = fc.oneof(inet.host, inet6.host);
const list = fc.array(address, { minLength: 1, maxLength: 3 });
const hostName = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,7}[a-z0-9])?(\.[a-z]{1,4}){0,2}$/);
const addresses = fc.dictionary(hostName, fc.oneof(address, list), { maxKeys: 3, noNullPrototype: true });

export default kindSample(hosts, {
  args: record({ namespace: namespaceName, addresses, nameservers: list }, { requiredKeys: ["namespace"] }),
  examples: [
    {
      namespace: "red",
      addresses: { web: "10.0.0.80", db: ["10.0.0.5", "fd00::5"] },
      nameservers: ["10.0.0.1"],
    },
  ],
  required: ["namespace"],
  replaces: ["namespace"],
  leftToKernel: [],
  right: { addresses: {} },
});
