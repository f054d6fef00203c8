// @kernel bond, dummy, geneve, ipvlan, netem, tunnel, vlan, vlan-filtering, vrf, wireguard
import { OF_FEATURES } from "./cases.ts";
import { answersAsRecorded } from "./record.ts";

answersAsRecorded(OF_FEATURES);
