import fc from "fast-check";
import { bond } from "../../provider/kinds/bond.ts";
import { interfaceName, LEFT_TO_KERNEL, LINK, link, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const any = {
  ...link,
  miimon: fc.constantFrom(10, 100),
  updelay: fc.integer({ min: 0, max: 20 }).map((count) => count * 100),
  downdelay: fc.integer({ min: 0, max: 20 }).map((count) => count * 100),
  minLinks: fc.integer({ min: 0, max: 255 }),
  xmitHashPolicy: fc.constantFrom("layer2", "layer3+4", "vlan+srcmac"),
};
const OPTIONS = { miimon: 50, updelay: 100, downdelay: 200, minLinks: 1, xmitHashPolicy: "layer3+4" };

export default kindSample(bond, {
  args: fc.oneof(
    record(
      { ...any, mode: fc.constant("802.3ad"), lacpRate: fc.constantFrom("slow", "fast") },
      { requiredKeys: ["name", "mode"] },
    ),
    record(
      { ...any, mode: fc.constantFrom("active-backup", "balance-tlb"), primary: interfaceName },
      { requiredKeys: ["name", "mode"] },
    ),
  ),
  examples: [
    { ...LINK, ...OPTIONS, mode: "802.3ad", lacpRate: "fast" },
    { ...LINK, ...OPTIONS, mode: "active-backup", primary: "eth1" },
  ],
  required: ["name", "mode"],
  replaces: ["name", "namespace", "mode", "lacpRate"],
  leftToKernel: [...LEFT_TO_KERNEL, "lacpRate", "primary"],
});
