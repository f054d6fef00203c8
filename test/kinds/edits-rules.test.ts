import { changedRules } from "../support/model/damage-rules.ts";
import { manyLives } from "../support/model/many-lives.ts";
import { translations } from "../support/model/templates.ts";

const kinds = ["namespace", "nat", "nat", "nat", "nat", "filter", "filter", "host"] as const;

manyLives({ seed: 1, minutes: 0.1, most: 8, sort: { byHand: changedRules, template: translations, kinds } });
