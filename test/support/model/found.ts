import { familyOf } from "../../../provider/cidr.ts";
import { ipAt } from "./damage.ts";
import type { Dice } from "./dice.ts";
import type { EndFields, Lab, Thing } from "./lab.ts";
import { type Names, namesIn } from "./names.ts";
import { hopPlace } from "./nexthops.ts";
import { find, references } from "./things.ts";

/** A program some of whose objects exist before it, and which adopts them. */
export interface Adopting {
  readonly lab: Lab;
  /** The keys of the objects that exist. */
  readonly found: readonly number[];
}

/** Chooses objects of a program that were made by hand before it: new ones, on those of the former program or on one another. */
export function adopting(dice: Dice, before: Lab, lab: Lab): Adopting {
  const found: number[] = [];
  for (const thing of lab) {
    const isThere = (key: number): boolean => found.includes(key) || isSame(find(before, key), find(lab, key));
    const isNew = find(before, thing.key) === undefined;
    if (isNew && commandsOf(lab, thing).length > 0 && references(thing).every(isThere) && dice.chance(0.6))
      found.push(thing.key);
  }
  const adopted = lab.map((thing) =>
    found.includes(thing.key) ? { ...thing, options: { ...thing.options, adopt: true } } : thing,
  );
  return { lab: adopted, found };
}

/** Returns the commands that make objects of a lab by hand. Those fail whose names the former program has. */
export const commandsThatMake = (lab: Lab, found: readonly number[]): string[][] =>
  lab.filter(({ key, options }) => found.includes(key) && options?.adopt).flatMap((thing) => commandsOf(lab, thing));

const isSame = (one: Thing | undefined, other: Thing | undefined): boolean =>
  one !== undefined && JSON.stringify(one) === JSON.stringify(other);

/** Returns the commands that make an object by hand, without most of its properties; none for a kind that programs do not adopt here. */
function commandsOf(lab: Lab, thing: Thing): string[][] {
  const names = namesIn(lab);
  switch (thing.kind) {
    case "namespace":
      return [["ip", "netns", "add", thing.name]];
    case "bridge":
      return [ipAt(names.placeOfLink(thing), ..."link add up mtu 1450 name".split(" "), thing.name, "type", "bridge")];
    case "veth":
      return [
        ["ip", "link", "add", ...endWords(names, thing.a), "type", "veth", "peer", ...endWords(names, thing.b)],
        ...[thing.a, thing.b].map((end) => ipAt(names.placeOfLink(end), "link", "set", "dev", end.name, "up")),
      ];
    case "address":
      return [ipAt(names.placeOf(thing.on), "address", "add", thing.address, "dev", names.link(thing.on))];
    case "route": {
      const { place, on, destination, via, hop, metric } = thing;
      return [
        ipAt(
          hopPlace(names, { place, on }),
          ...(familyOf(destination === "default" ? (via ?? "") : destination) === "inet6" ? ["-6"] : []),
          ...["route", "add", destination],
          ...(hop === undefined ? [] : ["nhid", String(names.nhid(hop))]),
          ...(via === undefined ? [] : ["via", via]),
          ...(on === undefined ? [] : ["dev", names.link(on)]),
          ...(metric === undefined ? [] : ["metric", String(metric)]),
        ),
      ];
    }
    case "nexthop": {
      const { nhid, on, via, blackhole, members } = thing;
      const group = members?.map((one) => `${names.nhid(one)},${one.weight}`).join("/");
      return [
        ipAt(
          hopPlace(names, thing),
          ...["nexthop", "add", "id", String(nhid)],
          ...(via === undefined ? [] : ["via", via]),
          ...(on === undefined ? [] : ["dev", names.link(on)]),
          ...(blackhole ? ["blackhole"] : []),
          ...(group === undefined ? [] : ["group", group]),
        ),
      ];
    }
    case "rule": {
      const { place, priority, from, table } = thing;
      const words = ["priority", String(priority), "from", from, "lookup", String(table)];
      return [ipAt(names.place(place), ...(familyOf(from) === "inet6" ? ["-6"] : []), "rule", "add", ...words)];
    }
    case "neighbor": {
      const { on, address, lladdr } = thing;
      const words = ["lladdr", lladdr, "nud", "permanent", "dev", names.link(on)];
      return [ipAt(names.placeOf(on), "neigh", "add", address, ...words)];
    }
    default:
      return [];
  }
}

function endWords(names: Names, end: EndFields): string[] {
  const at = names.placeOfLink(end);
  return ["name", end.name, ...(at === undefined ? [] : ["netns", at])];
}
