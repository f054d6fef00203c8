import type { Edit } from "./edits.ts";
import { redirected } from "./edits-names.ts";
import { aHopNumber, aHopRef, aMember, hopTargetOf, pathOf, placeOfHop, wayOf } from "./generate-nexthops.ts";
import type { Lab, NexthopThing, RouteThing } from "./lab.ts";
import { find, ofKind, without, withThing } from "./things.ts";

/** Edits of next hops, and of the routes and groups that use them. */
export const nexthopEdits: Record<string, Edit> = {
  "another number of a next hop": (dice, lab) => {
    const hop = dice.pick(ofKind(lab, "nexthop"));
    return hop && withThing(lab, { ...hop, nhid: aHopNumber(dice) });
  },

  "two next hops exchange their numbers": (dice, lab) => {
    const [one, other] = dice.shuffle(ofKind(lab, "nexthop"));
    if (one === undefined || other === undefined) return undefined;
    return withThing(withThing(lab, { ...one, nhid: other.nhid }), { ...other, nhid: one.nhid });
  },

  "a next hop takes the number of one that goes, and what uses it": (dice, lab) => {
    const [takes, goes] = dice.shuffle(ofKind(lab, "nexthop"));
    if (takes === undefined || goes === undefined) return undefined;
    const used = withThing(redirected(lab, goes.key, takes.key), { ...takes, nhid: goes.nhid });
    return used.filter(({ key }) => key !== goes.key);
  },

  "another gateway of a next hop": (dice, lab) => {
    const hop = dice.pick(pathsOf(lab));
    const via = dice.chance(0.3) ? undefined : hop?.via?.replace(/\d+$/, String(10 + dice.below(2)));
    return hop && withThing(lab, { ...hop, via });
  },

  "another interface of a next hop": (dice, lab) => {
    const hop = dice.pick(pathsOf(lab));
    const target = pathOf(dice, lab);
    return hop && target && withTarget(lab, hop, target, dice.chance(0.5));
  },

  "a next hop leads elsewhere": (dice, lab) => {
    const hop = dice.pick(ofKind(lab, "nexthop"));
    const target = hop && hopTargetOf(dice, without(lab, hop.key));
    return hop && target && withTarget(lab, hop, target, dice.chance(0.5));
  },

  "a member of a group more": (dice, lab) => {
    const group = dice.pick(groupsOf(lab));
    const more = dice.pick(ofKind(lab, "nexthop").filter(({ key }) => key !== group?.key));
    return (
      group && more && withThing(lab, { ...group, members: dice.shuffle([...group.members, aMember(dice, more)]) })
    );
  },

  "a member of a group less": (dice, lab) => {
    const group = dice.pick(groupsOf(lab));
    const gone = dice.pick(group?.members ?? []);
    return group && withThing(lab, { ...group, members: group.members.filter((one) => one !== gone) });
  },

  "a member leaves its groups, and goes": (dice, lab) => {
    const gone = dice.pick(dice.pick(groupsOf(lab))?.members ?? []);
    if (gone === undefined) return undefined;
    const left = lab.map((thing) =>
      thing.kind === "nexthop" && thing.members !== undefined
        ? { ...thing, members: thing.members.filter(({ key }) => key !== gone.key) }
        : thing,
    );
    return without(left, gone.key);
  },

  "the members of a group in another order": (dice, lab) => {
    const group = dice.pick(groupsOf(lab));
    return group && withThing(lab, { ...group, members: dice.shuffle(group.members) });
  },

  "another weight of a member": (dice, lab) => {
    const group = dice.pick(groupsOf(lab));
    const heavy = dice.pick(group?.members ?? []);
    const weight = dice.of(1, 2, 3);
    return (
      group &&
      withThing(lab, { ...group, members: group.members.map((one) => (one === heavy ? { ...one, weight } : one)) })
    );
  },

  "a route uses a next hop": (dice, lab) => {
    const route = dice.pick(ofKind(lab, "route"));
    const hop = dice.pick(ofKind(lab, "nexthop"));
    if (route === undefined || hop === undefined) return undefined;
    const { on: _, via: __, place: ___, ...rest } = route;
    const place = placeOfHop(lab, hop);
    return withThing(lab, { ...rest, ...(place && { place }), hop: aHopRef(dice, hop) });
  },

  "a route leads where its next hop does": (dice, lab) => {
    const route = dice.pick(ofKind(lab, "route").filter(({ hop }) => hop !== undefined));
    return route && direct(lab, route);
  },

  "the routes of a next hop lead where it does, and it goes": (dice, lab) => {
    const hop = dice.pick(pathsOf(lab));
    if (hop === undefined) return undefined;
    const left = ofKind(lab, "route").reduce(
      (now: Lab, route) => (route.hop?.key === hop.key ? (direct(now, route) ?? now) : now),
      lab,
    );
    return without(left, hop.key);
  },
};

const pathsOf = (lab: Lab): NexthopThing[] => ofKind(lab, "nexthop").filter(({ on }) => on !== undefined);

const groupsOf = (lab: Lab) =>
  ofKind(lab, "nexthop").flatMap(({ members, ...hop }) => (members === undefined ? [] : [{ ...hop, members }]));

/** Returns a lab in which a next hop leads elsewhere; its routes may follow it to another place. */
function withTarget(lab: Lab, { key, id, options, nhid }: NexthopThing, target: object, follow: boolean): Lab {
  const hop: NexthopThing = { key, kind: "nexthop", id, options, nhid, ...target };
  const place = placeOfHop(lab, hop);
  return withThing(lab, hop).map((thing) => {
    if (!follow || thing.kind !== "route" || thing.hop?.key !== key) return thing;
    const { place: _, ...route } = thing;
    return { ...route, ...(place && { place }) };
  });
}

/** Returns a lab in which a route has the gateway and the link of its next hop; undefined if that has none. */
function direct(lab: Lab, { hop, ...route }: RouteThing): Lab | undefined {
  const used = hop && find(lab, hop.key);
  const way = used?.kind === "nexthop" ? wayOf(used, route.destination) : undefined;
  return way && withThing(lab, { ...route, ...way });
}
