// @kernel bond, dummy, geneve, ipvlan, netem, tunnel, vlan, vlan-filtering, vnifilter, vrf, wireguard
import { finishesAfterCrash } from "../support/crashes.ts";
import { stride } from "../support/turns.ts";
import { linkSteps } from "./crash-links-steps.ts";

finishesAfterCrash(linkSteps, stride(9));
