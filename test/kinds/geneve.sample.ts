import fc from "fast-check";
import { geneve } from "../../provider/kinds/geneve.ts";
import { inet, LEFT_TO_KERNEL, LINK, link, namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const end = {
  ...link,
  mtu: fc.integer({ min: 68, max: 65_485 }),
  vni: fc.integer({ min: 0, max: 16_777_215 }),
  remote: inet.host,
  dstport: fc.integer({ min: 1, max: 65_535 }),
  ttl: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constant("inherit")),
  tos: fc.oneof(fc.integer({ min: 2, max: 255 }), fc.constantFrom(0, "inherit")),
  df: fc.constantFrom("unset", "set", "inherit"),
  underlay: fc.constant("/"),
};

export default kindSample(geneve, {
  args: fc.oneof(
    record(end, { requiredKeys: ["name", "vni", "remote"] }),
    record({ ...end, underlay: namespaceName }, { requiredKeys: ["name", "vni", "remote", "namespace"] }),
  ),
  examples: [{ ...LINK, vni: 42, remote: "10.0.0.2", dstport: 6082, ttl: 64, tos: 16, df: "set", underlay: "core" }],
  required: ["name", "vni", "remote"],
  replaces: ["name", "namespace", "vni", "remote", "dstport", "underlay"],
  leftToKernel: LEFT_TO_KERNEL,
});
