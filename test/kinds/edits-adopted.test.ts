import { manyLives } from "../support/model/many-lives.ts";

const kinds = [
  ...["namespace", "namespace", "bridge", "bridge", "veth", "veth", "veth", "address", "address"],
  ...["route", "route", "nexthop", "nexthop", "rule", "neighbor"],
] as const;

manyLives({ seed: 1, minutes: 0.1, most: 8, sort: { adopts: true, kinds } });
