import { replacedRoutes } from "../support/model/damage-routes.ts";
import { manyLives } from "../support/model/many-lives.ts";
import { paths } from "../support/model/templates.ts";

const kinds = ["namespace", "veth", "veth", "address", "route", "route", "nexthop", "nexthop", "link", "host"] as const;

manyLives({ seed: 1, minutes: 0.1, most: 8, sort: { byHand: replacedRoutes, template: paths, kinds } });
