// @kernel bond, dummy, geneve, ipvlan, netem, tunnel, vlan, vlan-filtering, vnifilter, vrf, wireguard
import { finishesAfterCrash } from "../support/crashes.ts";
import { isSoak } from "../support/soak.ts";
import { stride } from "../support/turns.ts";
import { linkSteps } from "./crash-links-steps.ts";

// If the running kernel lacks the kinds, each of these commands runs in an emulated virtual machine: outside of a soak, a change of links
// and one of masters are each killed once.
finishesAfterCrash(
  Object.fromEntries(Object.entries(linkSteps).filter(([what]) => isSoak || what.startsWith("a change"))),
  stride(Infinity),
);
