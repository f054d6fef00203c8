// @kernel bond, dummy, geneve, ipvlan, netem, tunnel, vlan, vlan-filtering, vnifilter, vrf, wireguard
import { OF_FEATURES } from "./cases.ts";
import { answersAsRecorded } from "./record.ts";

answersAsRecorded(OF_FEATURES);
