import fc from "fast-check";
import { bridge } from "../../provider/kinds/bridge.ts";
import { link, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

export default kindSample(bridge, {
  args: record({ ...link, stp: fc.boolean(), vlanFiltering: fc.boolean() }, { requiredKeys: ["name"] }),
  examples: [
    {
      name: "br0",
      namespace: "red",
      mac: "02:00:00:00:00:01",
      up: true,
      mtu: 1400,
      stp: true,
      vlanFiltering: false,
      altname: "the-office-lan",
      addresses: ["192.168.15.5/24", "fd00:15::5/64"],
    },
  ],
  required: ["name"],
  replaces: ["name", "namespace"],
  leftToKernel: ["mtu"],
});
