import fc from "fast-check";
import { tap } from "../../provider/kinds/tap.ts";
import { LEFT_TO_KERNEL, LINK, link, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";

const account = fc.constantFrom("root", "alice", "web-1", 0, 1000, "1000");

/** The sample properties that tun and tap devices have in common. */
export const TUN_TAP = {
  args: { user: account, group: account, multiQueue: fc.boolean(), vnetHdr: fc.boolean() },
  example: { user: "alice", group: 100, multiQueue: true, vnetHdr: true },
  replaces: ["name", "namespace", "user", "group", "multiQueue", "vnetHdr"],
};

export default kindSample(tap, {
  args: record({ ...link, ...TUN_TAP.args }, { requiredKeys: ["name"] }),
  examples: [{ ...LINK, ...TUN_TAP.example }],
  required: ["name"],
  replaces: TUN_TAP.replaces,
  leftToKernel: LEFT_TO_KERNEL,
});
