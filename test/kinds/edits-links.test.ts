// @kernel bond, dummy, geneve, vlan
import { manyLives } from "../support/model/many-lives.ts";

manyLives({ seed: 8, minutes: 0.5, most: 3, seconds: 240 });
