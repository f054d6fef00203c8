import fc from "fast-check";
import { parseIp } from "../../provider/cidr.ts";
import { route } from "../../provider/kinds/route.ts";
import {
  type Args,
  type Family,
  inet,
  inet6,
  interfaceName,
  mtu,
  namespaceName,
  record,
} from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const hops = (host: fc.Arbitrary<string>) =>
  fc.uniqueArray(
    record(
      { via: host, interface: interfaceName, weight: fc.integer({ min: 1, max: 256 }), onlink: fc.constant(false) },
      { requiredKeys: ["via"] },
    ),
    {
      minLength: 2,
      maxLength: 4,
      selector: ({ via, interface: link }) => JSON.stringify([parseIp(String(via)), link]),
    },
  );

function routeOf({ host, routed, network }: Family): Args {
  const common = {
    namespace: namespaceName,
    destination: fc.oneof(fc.constant("default"), network),
    source: host,
    mtu,
    metric: fc.integer({ min: 0, max: 4_294_967_295 }),
    table: fc.integer({ min: 1, max: 4_294_967_295 }),
  };
  return fc.oneof(
    record({ ...common, via: routed, interface: interfaceName }, { requiredKeys: ["destination", "via"] }),
    record(
      { ...common, via: host, interface: interfaceName, onlink: fc.boolean() },
      { requiredKeys: ["destination", "via", "interface"] },
    ),
    record({ ...common, interface: interfaceName }, { requiredKeys: ["destination", "interface"] }),
    record({ ...common, nexthops: hops(routed) }, { requiredKeys: ["destination", "nexthops"] }),
    record(
      { ...common, type: fc.constantFrom("blackhole", "unreachable", "prohibit") },
      { requiredKeys: ["destination", "type"] },
    ),
  );
}

export default kindSample(route, {
  args: fc.oneof(routeOf(inet), routeOf(inet6)),
  examples: [
    {
      namespace: "red",
      destination: "10.7.0.0/16",
      type: "unicast",
      via: "192.168.15.5",
      interface: "eth0",
      source: "192.168.15.1",
      onlink: true,
      mtu: 1400,
      metric: 50,
      table: 100,
    },
    {
      destination: "10.8.0.0/16",
      type: "unicast",
      nexthops: [
        { via: "192.168.15.5", interface: "eth0", weight: 3, onlink: true },
        { via: "fd00::5", weight: 1, onlink: false },
      ],
      onlink: false,
      metric: 0,
      table: 254,
    },
  ],
  required: ["destination"],
  replaces: ["namespace", "destination", "metric", "table"],
  leftToKernel: ["interface", "metric"],
});
