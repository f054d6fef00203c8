import type { Edit } from "./edits.ts";
import { redirected } from "./edits-names.ts";
import { withMore } from "./generate.ts";
import type { EndFields, Lab, Thing, VethThing } from "./lab.ts";
import { aLink, anEnd, aPlace } from "./parts.ts";
import { freshKey, ofKind, without, withThing } from "./things.ts";
import { aRef } from "./values.ts";

/** Edits of places, and additions and removals of objects. */
export const placeEdits: Record<string, Edit> = {
  "move an end to another place": (dice, lab) =>
    withEnd(lab, dice.pick(ofKind(lab, "veth")), dice.of("a", "b"), ({ place: _, master: __, ...end }) => {
      const place = aPlace(dice, lab);
      return { ...end, ...(place && { place }) };
    }),

  "move an end to another master": (dice, lab) =>
    withEnd(lab, dice.pick(ofKind(lab, "veth")), dice.of("a", "b"), ({ place: _, master: __, ...end }) => {
      const bridge = dice.pick(ofKind(lab, "bridge"));
      return {
        ...end,
        ...(bridge?.place && { place: bridge.place }),
        ...(bridge && { master: aRef(dice, bridge.key) }),
      };
    }),

  "another end": (dice, lab) =>
    withEnd(lab, dice.pick(ofKind(lab, "veth")), dice.of("a", "b"), ({ name }) => ({ ...anEnd(dice, lab), name })),

  "swap the ends of a cable": (dice, lab) => {
    const cable = dice.pick(ofKind(lab, "veth"));
    return cable && withThing(lab, { ...cable, a: cable.b, b: cable.a });
  },

  "swap ends between two cables": (dice, lab) => {
    const [one, other] = dice.shuffle(ofKind(lab, "veth"));
    if (one === undefined || other === undefined) return undefined;
    return withThing(withThing(lab, { ...one, b: other.b }), { ...other, b: one.b });
  },

  "a cable becomes two to a bridge": (dice, lab) => {
    const cable = dice.pick(ofKind(lab, "veth"));
    if (cable === undefined) return undefined;
    const key = freshKey(lab);
    const bridge: Thing = { key, kind: "bridge", id: "between", name: "between" };
    const half = (end: EndFields, name: string): Pick<VethThing, "a" | "b"> => ({
      a: end,
      b: { name, master: { key, by: "object" } },
    });
    const first: Thing = { ...cable, ...half(cable.a, "between-a") };
    const second: Thing = { key: key + 1, kind: "veth", id: `${cable.id}-2`, ...half(cable.b, "between-b") };
    return lab.flatMap((thing) => (thing.key === cable.key ? [bridge, first, second] : [thing]));
  },

  "move a host to another LAN": (dice, lab) => {
    const [from, to] = dice.shuffle(ofKind(lab, "lan"));
    const seat = dice.pick(from?.hosts ?? []);
    if (from === undefined || to === undefined || seat === undefined) return undefined;
    const left: Thing = { ...from, hosts: from.hosts.filter(({ name }) => name !== seat.name) };
    return withThing(withThing(lab, left), { ...to, hosts: [...to.hosts, { ...seat, number: 30 + dice.below(9) }] });
  },

  "a host joins or leaves a LAN": (dice, lab) => {
    const lan = dice.pick(ofKind(lab, "lan"));
    if (lan === undefined) return undefined;
    if (lan.joins.length > 0) return withThing(lab, { ...lan, joins: [] });
    const node = dice.pick(ofKind(lab, "host", "router"));
    return node && withThing(lab, { ...lan, joins: [{ node: node.key, number: 21 }] });
  },

  "a LAN has another host, or one less": (dice, lab) => {
    const lan = dice.pick(ofKind(lab, "lan"));
    if (lan === undefined) return undefined;
    const name = dice.of("ann", "ben", "cat", "dan");
    const rest = lan.hosts.filter((seat) => seat.name !== name);
    const hosts = rest.length < lan.hosts.length ? rest : [{ name, number: 40 + dice.below(9) }, ...rest];
    return withThing(lab, { ...lan, hosts });
  },

  "a LAN gets a router, or loses it": (dice, lab) => {
    const lan = dice.pick(ofKind(lab, "lan"));
    if (lan === undefined) return undefined;
    const router = lan.router === undefined ? dice.pick(ofKind(lab, "router"))?.key : undefined;
    return withThing(lab, { ...lan, router });
  },

  "move what lies on a link, or in a place, to another": (dice, lab) => {
    const kind = dice.of("namespace", "bridge", "device", "veth");
    const [from, to] = dice.shuffle(ofKind(lab, kind));
    return from && to && redirected(lab, from.key, to.key);
  },

  "move a child to another parent": (dice, lab) => {
    const child = dice.pick(ofKind(lab, "device").filter(({ parent }) => parent !== undefined));
    const parent = aLink(dice, lab);
    return child && parent && withThing(lab, { ...child, parent });
  },

  "two interfaces of the lab host change places": (dice, lab) => {
    const [one, other] = dice.shuffle(ofKind(lab, "device").filter(({ type }) => type === "Nic"));
    if (one === undefined || other === undefined) return undefined;
    return withThing(withThing(lab, { ...one, own: other.own }), { ...other, own: one.own });
  },

  "a link joins or leaves a bridge": (dice, lab) => {
    const device = dice.pick(ofKind(lab, "device"));
    if (device === undefined) return undefined;
    const { master, ...alone } = device;
    const bridge = dice.pick(ofKind(lab, "bridge"));
    if (master !== undefined || bridge === undefined) return withThing(lab, alone);
    const { addresses: _, gateways: __, place: ___, ...port } = alone;
    return withThing(lab, { ...port, ...(bridge.place && { place: bridge.place }), master: aRef(dice, bridge.key) });
  },

  "move a resource to another place": (dice, lab) => {
    const thing = dice.pick(ofKind(lab, "nat", "filter", "rule", "sysctl", "process", "bridge", "device"));
    return thing && withThing(lab, { ...thing, place: aPlace(dice, lab) });
  },

  "refer by name, or by object": (dice, lab) => {
    const thing = dice.pick(lab);
    if (thing === undefined) return undefined;
    const [by, hop] = [dice.of("object", "name"), dice.of("nexthop", "number", "output")];
    const text = JSON.stringify(thing, (name, value: unknown) =>
      name !== "by" ? value : value === "object" || value === "name" ? by : hop,
    );
    return withThing(lab, JSON.parse(text) as Thing);
  },

  "take out a resource, and what lies on it": (dice, lab) => {
    const thing = dice.pick(lab);
    return thing && without(lab, thing.key);
  },

  "take out what lies on others": (dice, lab) => {
    const thing = dice.pick(
      ofKind(
        lab,
        "address",
        "route",
        "nexthop",
        "sysctl",
        "nat",
        "filter",
        "neighbor",
        "rule",
        "shaper",
        "hosts",
        "process",
      ),
    );
    return thing && without(lab, thing.key);
  },

  "a resource more": (dice, lab) => withMore(dice, lab),

  "the program in another order": (dice, lab) => dice.shuffle(lab),
};

function withEnd(
  lab: Lab,
  cable: VethThing | undefined,
  side: "a" | "b",
  change: (end: EndFields) => EndFields,
): Lab | undefined {
  return cable && withThing(lab, { ...cable, [side]: change(cable[side]) });
}
