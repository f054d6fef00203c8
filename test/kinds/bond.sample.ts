import fc from "fast-check";
import { bond } from "../../provider/kinds/bond.ts";
import { inet, interfaceName, LEFT_TO_KERNEL, LINK, link, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const any = {
  ...link,
  miimon: fc.constantFrom(10, 100),
  updelay: fc.integer({ min: 0, max: 20 }).map((count) => count * 100),
  downdelay: fc.integer({ min: 0, max: 20 }).map((count) => count * 100),
  minLinks: fc.integer({ min: 0, max: 255 }),
  xmitHashPolicy: fc.constantFrom("layer2", "layer3+4", "vlan+srcmac"),
};
const { miimon: _miimon, updelay: _updelay, downdelay: _downdelay, ...arp } = any;
const reselect = fc.constantFrom("always", "better", "failure");
const DEFAULTS = { arpValidate: "none", primaryReselect: "always", failOverMac: "none" };
const OPTIONS = { miimon: 50, updelay: 100, downdelay: 200, minLinks: 1, xmitHashPolicy: "layer3+4" };

export default kindSample(bond, {
  args: fc.oneof(
    record(
      {
        ...any,
        mode: fc.constant("802.3ad"),
        lacpRate: fc.constantFrom("slow", "fast"),
        lacpActive: fc.boolean(),
        adSelect: fc.constantFrom("stable", "bandwidth", "count"),
      },
      { requiredKeys: ["name", "mode"] },
    ),
    record(
      {
        ...any,
        mode: fc.constantFrom("active-backup", "balance-tlb"),
        primary: interfaceName,
        primaryReselect: reselect,
      },
      { requiredKeys: ["name", "mode"] },
    ),
    record(
      { ...any, mode: fc.constant("active-backup"), failOverMac: fc.constantFrom("none", "active", "follow") },
      { requiredKeys: ["name", "mode"] },
    ),
    record(
      {
        ...arp,
        mode: fc.constantFrom("active-backup", "balance-xor"),
        arpInterval: fc.integer({ min: 1, max: 1_000_000 }),
        arpIpTarget: fc.uniqueArray(inet.host, { minLength: 1, maxLength: 16 }),
        arpValidate: fc.constantFrom("none", "active", "backup", "all"),
      },
      { requiredKeys: ["name", "mode", "arpInterval", "arpIpTarget"] },
    ),
  ),
  examples: [
    { ...LINK, ...OPTIONS, ...DEFAULTS, mode: "802.3ad", lacpRate: "fast", lacpActive: false, adSelect: "count" },
    {
      ...LINK,
      ...OPTIONS,
      ...DEFAULTS,
      mode: "active-backup",
      primary: "eth1",
      primaryReselect: "better",
      failOverMac: "follow",
    },
    {
      ...LINK,
      ...{
        ...DEFAULTS,
        ...{ mode: "active-backup", miimon: 0, updelay: 0, downdelay: 0, minLinks: 0, xmitHashPolicy: "layer2" },
        arpInterval: 100,
        arpIpTarget: ["10.0.0.1", "10.0.0.2"],
        arpValidate: "all",
      },
    },
  ],
  required: ["name", "mode"],
  replaces: ["name", "namespace", "mode", "lacpRate", "lacpActive", "adSelect", "failOverMac"],
  leftToKernel: [...LEFT_TO_KERNEL, "lacpRate", "lacpActive", "adSelect", "primary"],
});
