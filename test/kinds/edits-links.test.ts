// @kernel bond, dummy, fq-codel, geneve, ipvlan, netem, tunnel, vlan, vrf, wireguard
import { manyLives } from "../support/model/many-lives.ts";

manyLives({ seed: 8, minutes: 0.15, most: 3, seconds: 240 });
