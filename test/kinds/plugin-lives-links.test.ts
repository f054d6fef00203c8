// @kernel bond, dummy, fq-codel, geneve, ipvlan, netem, tunnel, vlan, vlan-filtering, vnifilter, vrf, wireguard
import { changesByThePlugin, importsByIds } from "../support/crashes.ts";
import { linkChanges } from "./crash-links-steps.ts";

// If the running kernel lacks the kinds, each command runs in an emulated virtual machine, so that only one door is tested.
changesByThePlugin(linkChanges);
importsByIds(
  linkChanges.map(({ from }) => from),
  ["WireGuard"],
);
