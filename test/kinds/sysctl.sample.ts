import fc from "fast-check";
import { sysctl } from "../../provider/kinds/sysctl.ts";
import { namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const common = {
  value: fc.array(fc.stringMatching(/^[!-~]{1,8}$/), { minLength: 1, maxLength: 4 }).map((words) => words.join(" ")),
  namespace: namespaceName,
};
const settings = fc.oneof(
  record(
    {
      ...common,
      key: fc
        .array(fc.stringMatching(/^[a-z0-9_-]{1,8}([/][a-z0-9]{1,3})?$/), { minLength: 1, maxLength: 4 })
        .map((names) => ["net", ...names].join(".")),
    },
    { requiredKeys: ["key", "value"] },
  ),
  record(
    {
      ...common,
      key: fc
        .tuple(fc.constantFrom("ipv4.conf", "ipv6.conf", "ipv4.neigh"), fc.stringMatching(/^[a-z_]{1,8}$/))
        .map(([area, setting]) => `net.${area}.{interface}.${setting}`),
      interface: fc.stringMatching(/^[a-z][a-z0-9-]{0,8}([.][a-z0-9]{1,3})?$/),
    },
    { requiredKeys: ["key", "value", "interface"] },
  ),
);

export default kindSample(sysctl, {
  args: settings,
  examples: [
    { key: "net.ipv4.ip_forward", value: "1", namespace: "red" },
    { key: "net.ipv4.tcp_congestion_control", value: "cubic" },
    { key: "net.ipv4.conf.{interface}.rp_filter", value: "2", interface: "eth0", namespace: "red" },
  ],
  required: ["key", "value"],
  replaces: ["key", "interface", "namespace"],
  leftToKernel: [],
});
