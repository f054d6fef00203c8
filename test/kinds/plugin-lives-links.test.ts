// @kernel bond, dummy, fq-codel, geneve, ipvlan, netem, tunnel, vlan, vlan-filtering, vnifilter, vrf, wireguard
import { importsByIds } from "../support/crashes.ts";
import { linkChanges } from "./crash-links-steps.ts";

// The plugin changes these kinds in a soak only.
importsByIds(
  linkChanges.map(({ from }) => from),
  ["WireGuard"],
);
