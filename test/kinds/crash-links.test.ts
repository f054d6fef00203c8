// @kernel bond, dummy, geneve, ipvlan, netem, tunnel, vlan, vlan-filtering, vnifilter, vrf, wireguard
import { finishesAfterCrash } from "../support/crashes.ts";
import { stride } from "../support/turns.ts";
import { linkSteps } from "./crash-links-steps.ts";

// If the running kernel lacks the kinds, each of these commands runs in an emulated virtual machine: a single kill of each change.
finishesAfterCrash(linkSteps, stride(Infinity));
