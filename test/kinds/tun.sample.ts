import { tun } from "../../provider/kinds/tun.ts";
import { LEFT_TO_KERNEL, LINK, link, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";
import { TUN_TAP } from "./tap.sample.ts";

const { mac: _mac, ...withoutMac } = link;
const { mac: _MAC, ...EXAMPLE } = LINK;

export default kindSample(tun, {
  args: record({ ...withoutMac, ...TUN_TAP.args }, { requiredKeys: ["name"] }),
  examples: [{ ...EXAMPLE, ...TUN_TAP.example }],
  required: ["name"],
  replaces: TUN_TAP.replaces,
  leftToKernel: LEFT_TO_KERNEL,
});
