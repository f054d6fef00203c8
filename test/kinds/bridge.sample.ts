import fc from "fast-check";
import { bridge } from "../../provider/kinds/bridge.ts";
import { LEFT_TO_KERNEL, LINK, link, record, seconds } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

export default kindSample(bridge, {
  args: record(
    {
      ...link,
      stp: fc.boolean(),
      priority: fc.integer({ min: 0, max: 65_535 }),
      forwardDelay: seconds(2, 30),
      helloTime: seconds(1, 10),
      maxAge: seconds(6, 40),
      ageingTime: seconds(0, 1_000_000),
      mcastSnooping: fc.boolean(),
      mcastQuerier: fc.boolean(),
      groupFwdMask: fc.constantFrom(0, 8, 0x40_00, 0xff_f8),
      vlanFiltering: fc.boolean(),
      vlanProtocol: fc.constantFrom("802.1Q", "802.1ad"),
      vlans: fc.constantFrom([], [30, "1-9", "10 untagged pvid"]),
      vlanDefaultPvid: fc.integer({ min: 0, max: 4094 }),
    },
    { requiredKeys: ["name"] },
  ),
  examples: [
    {
      ...LINK,
      stp: true,
      priority: 4096,
      forwardDelay: 4,
      helloTime: 1,
      maxAge: 6.5,
      ageingTime: 60,
      mcastSnooping: false,
      mcastQuerier: true,
      groupFwdMask: 0x40_00,
      vlanFiltering: false,
      vlanProtocol: "802.1ad",
      vlans: ["10 pvid untagged", "20-29"],
      vlanDefaultPvid: 1,
    },
  ],
  required: ["name"],
  replaces: ["name", "namespace"],
  leftToKernel: [...LEFT_TO_KERNEL, "vlanDefaultPvid", "vlans"],
});
