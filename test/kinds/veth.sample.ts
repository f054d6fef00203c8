import { veth } from "../../provider/kinds/veth.ts";
import { link, NETEM, PORT, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const end = record(link, { requiredKeys: ["name"] });

export default kindSample(veth, {
  args: record({ a: end, b: end }, { requiredKeys: ["a", "b"] }).filter(({ a, b }) => {
    const [left, right] = [a, b] as { name: string; namespace?: string }[];
    return left?.name !== right?.name || left?.namespace !== right?.namespace;
  }),
  examples: [
    {
      a: {
        name: "left",
        namespace: "red",
        mac: "02:00:00:00:00:01",
        up: true,
        mtu: 1500,
        master: "br0",
        port: PORT,
        altname: "uplink-of-the-office",
        addresses: ["192.168.15.1/24"],
        gateways: ["192.168.15.5"],
        netem: NETEM,
      },
      b: { name: "right", namespace: "blue", mac: "02:00:00:00:00:02", up: false, mtu: 1500, master: "br1" },
    },
  ],
  required: ["a", "b"],
  replaces: ["a", "a.name", "a.namespace", "b", "b.name", "b.namespace"],
  leftToKernel: ["a.port.cost", "a.port.priority", "a.port.vlans"],
});
