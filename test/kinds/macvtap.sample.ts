import { macvtap } from "../../provider/kinds/macvtap.ts";
import { kindSample } from "../support/kind-sample.ts";
import { CHILD } from "./macvlan.sample.ts";

export default kindSample(macvtap, CHILD);
