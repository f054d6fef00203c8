import fc from "fast-check";
import { vxlan } from "../../provider/kinds/vxlan.ts";
import {
  type Family,
  inet,
  inet6,
  interfaceName,
  LEFT_TO_KERNEL,
  LINK,
  link,
  namespaceName,
  record,
} from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const tunnel = {
  ...link,
  dev: interfaceName,
  underlay: fc.constant("/"),
  dstport: fc.integer({ min: 1, max: 65_535 }),
  learning: fc.boolean(),
  ageing: fc.integer({ min: 0, max: 86_400 }),
  ttl: fc.oneof(fc.integer({ min: 1, max: 255 }), fc.constantFrom("auto", "inherit")),
  tos: fc.oneof(fc.constantFrom(0, 255), fc.integer({ min: 2, max: 254 }), fc.constant("inherit")),
  df: fc.constantFrom("unset", "set", "inherit"),
  srcport: fc.constantFrom(40_000, "40000-50000"),
  ...Object.fromEntries(["udpcsum", "proxy", "rsc", "l2miss", "l3miss"].map((name) => [name, fc.boolean()])),
};
const one = { ...tunnel, vni: fc.integer({ min: 1, max: 16_777_215 }) };
const external = { ...tunnel, external: fc.constant(true) };
const filtering = {
  ...external,
  vnifilter: fc.constant(true),
  vnis: fc.constantFrom([], [10], ["100-200", 7], ["300-310 remote 10.0.0.9", "5"], ["400 group 239.1.1.1"]),
};
const OPTIONS = {
  ...{
    local: "10.0.0.1",
    dev: "eth0",
    underlay: "core",
    dstport: 4790,
    learning: false,
    ageing: 60,
    ttl: 64,
    tos: 16,
    df: "set",
  },
  ...{
    srcport: "40000-50000",
    udpcsum: false,
    proxy: true,
    rsc: true,
    l2miss: true,
    l3miss: true,
    external: false,
    vnifilter: false,
  },
};
/** Lists of remote ends, without duplicates. */
const ends = ({ host }: Family) => fc.uniqueArray(host, { maxLength: 3, selector: (text) => text.toLowerCase() });

export default kindSample(vxlan, {
  args: fc.oneof(
    record({ ...one, local: inet.host, remote: inet.host }, { requiredKeys: ["name", "vni"] }),
    record({ ...one, local: inet6.routed, remote: inet6.routed }, { requiredKeys: ["name", "vni"] }),
    record({ ...one, flood: ends(inet) }, { requiredKeys: ["name", "vni"] }),
    record({ ...one, underlay: namespaceName }, { requiredKeys: ["name", "vni", "namespace"] }),
    record(
      { ...one, local: fc.constant("fd00::1"), flood: fc.constantFrom(["FD00::2", "fd00::3"]) },
      { requiredKeys: ["name", "vni", "local"] },
    ),
    record(
      { ...one, group: fc.constantFrom("239.1.1.1", "FF05::100") },
      { requiredKeys: ["name", "vni", "dev", "group"] },
    ),
    record({ ...external, local: inet6.routed }, { requiredKeys: ["name", "external"] }),
    record(
      { ...filtering, local: inet.host, remote: inet.host },
      { requiredKeys: ["name", "external", "vnifilter", "dev"] },
    ),
  ),
  examples: [
    { ...LINK, ...OPTIONS, vni: 42, remote: "10.0.0.2" },
    { ...LINK, ...OPTIONS, vni: 43, group: "239.1.1.1" },
    { ...LINK, ...OPTIONS, vni: 44, flood: ["10.0.0.2", "10.0.0.3"] },
    { ...LINK, ...OPTIONS, external: true, vnifilter: true, vnis: ["10", "100-200", "300 remote 10.0.0.2"] },
  ],
  required: ["name"],
  replaces: [
    ...["name", "namespace", "underlay", "vni", "external", "vnifilter", "remote", "group", "local", "dev", "dstport"],
    ...["ttl", "srcport", "udpcsum", "proxy", "rsc", "l2miss", "l3miss"],
  ],
  leftToKernel: LEFT_TO_KERNEL,
});
