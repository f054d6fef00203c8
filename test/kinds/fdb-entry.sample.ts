import fc from "fast-check";
import { fdbEntry } from "../../provider/kinds/fdb-entry.ts";
import { inet, inet6, interfaceName, mac, namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const ENTRY = { interface: interfaceName, namespace: namespaceName, lladdr: mac };
const FLOOD = {
  ...ENTRY,
  lladdr: fc.constant("00:00:00:00:00:00"),
  srcVni: fc.integer({ min: 1, max: 16_777_215 }),
};
const REQUIRED = ["interface", "lladdr"];

export default kindSample(fdbEntry, {
  args: fc.oneof(
    record({ ...ENTRY, vlan: fc.integer({ min: 1, max: 4094 }), sticky: fc.boolean() }, { requiredKeys: REQUIRED }),
    ...[inet, inet6].map(({ host }) =>
      record(
        {
          ...ENTRY,
          dst: host,
          srcVni: fc.integer({ min: 1, max: 16_777_215 }),
          port: fc.integer({ min: 1, max: 65_535 }),
          vni: fc.integer({ min: 1, max: 16_777_215 }),
          via: interfaceName,
        },
        { requiredKeys: [...REQUIRED, "dst"] },
      ),
    ),
    record({ ...FLOOD, dst: inet.host, vni: fc.constant(7) }, { requiredKeys: [...REQUIRED, "dst", "srcVni"] }),
  ),
  examples: [
    { interface: "port", namespace: "red", lladdr: "02:00:00:00:00:09", vlan: 10, sticky: true },
    {
      interface: "vx0",
      namespace: "red",
      lladdr: "02:00:00:00:00:09",
      sticky: false,
      dst: "10.0.0.2",
      srcVni: 1010,
      port: 4790,
      vni: 43,
      via: "eth0",
    },
  ],
  required: REQUIRED,
  replaces: ["interface", "namespace", "lladdr", "vlan", "dst", "srcVni"],
  leftToKernel: [],
});
