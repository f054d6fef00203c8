import { DEVICES } from "./devices.ts";
import type { Dice } from "./dice.ts";
import type { Flat } from "./flat.ts";
import { deviceOf } from "./generate-device.ts";
import { labHostIn, labHostsOf, partOf } from "./generate-hosts.ts";
import { aHopNumber, hopRouteOf, hopTargetOf } from "./generate-nexthops.ts";
import { neighborOf, routeOf } from "./generate-routing.ts";
import type { Kind, Lab, Thing } from "./lab.ts";
import type { Span } from "./lab-components.ts";
import type { Options } from "./lab-refs.ts";
import { aLink, anEnd, aPlace, placeOf } from "./parts.ts";
import type { Sort } from "./sort.ts";
import { labHostsTemplateOf, templateOf } from "./templates.ts";
import { freshKey, ofKind } from "./things.ts";
import { isValid } from "./valid.ts";
import {
  aBridgeName,
  aFilter,
  aNamespaceName,
  aNodeName,
  anAddress,
  anAltname,
  anId,
  anMtu,
  aRule,
  aSetting,
  aShaper,
  COMPONENTS,
  LANS,
  someAddresses,
  someSources,
  WIRES,
} from "./values.ts";

/** Returns a random lab that can coexist with others. */
export function labOf(dice: Dice, others: readonly Flat[], sort: Sort = {}): Lab {
  const template = templateFor(dice, sort);
  let lab: Lab = isValid(template, others) ? template : [];
  const size = lab.length + (lab.length > 0 ? dice.below(4) : 2 + dice.below(9));
  for (let turn = 0; turn < 40 && lab.length < size; turn += 1) {
    const larger = withMore(dice, lab, sort.kinds);
    if (isValid(larger, others)) lab = larger;
  }
  return lab;
}

function templateFor(dice: Dice, { isFar = false, template = templateOf }: Sort): Lab {
  if (isFar) return labHostsTemplateOf(dice, labHostsOf(dice));
  return dice.chance(template === templateOf ? 0.4 : 0.8) ? template(dice) : [];
}

/** Returns a lab with a random additional object, which may turn out to be invalid. */
export function withMore(dice: Dice, lab: Lab, kinds: Sort["kinds"] = KINDS): Lab {
  const thing = thingOf(dice, lab, kinds);
  // At any position, so that a new object is not always last; a reference to a later object is invalid.
  const at = dice.chance(0.7) ? lab.length : dice.below(lab.length + 1);
  return [...lab.slice(0, at), thing, ...lab.slice(at)];
}

function someOptions(dice: Dice): Options | undefined {
  if (dice.chance(0.04)) return { retainOnDelete: true };
  return dice.chance(0.02) ? { protect: true } : undefined;
}

export function thingOf(dice: Dice, all: Lab, kinds: readonly Kind[] = KINDS): Thing {
  const key = freshKey(all);
  const lab = partOf(dice, all);
  const onLabHost = labHostIn(lab);
  const options = someOptions(dice);
  const common = { key, ...(options && { options }) };
  const place = aPlace(dice, lab);
  const inPlace = place && { place };
  const link = aLink(dice, lab);
  switch (dice.pick(kinds)) {
    case "bridge": {
      const name = aBridgeName(dice);
      const addresses = dice.chance(0.5) ? someAddresses(dice) : [];
      return {
        ...{ ...common, kind: "bridge", id: anId(dice, name), name, ...(dice.chance(0.3) && inPlace) },
        ...(addresses.length > 0 && { addresses }),
        ...(dice.chance(0.15) && { mtu: anMtu(dice) }),
        ...(dice.chance(0.1) && { altname: anAltname(dice) }),
        ...(dice.chance(0.1) && { stp: true }),
        ...(dice.chance(0.05) && { up: false }),
      };
    }
    case "device": {
      const kind = dice.pick(DEVICES);
      const device = kind && deviceOf(dice, lab, kind);
      if (device === undefined) break;
      return { ...common, id: anId(dice, device.name), ...device };
    }
    case "veth": {
      const [a, b] = [anEnd(dice, lab), anEnd(dice, lab)];
      return { ...common, kind: "veth", id: anId(dice, `${a.name}-${b.name}`), a, b };
    }
    case "address":
      if (link === undefined) break;
      return { key, kind: "address", id: anId(dice), on: link, address: anAddress(dice) };
    case "route": {
      const route = (dice.chance(0.6) ? hopRouteOf(dice, lab) : undefined) ?? routeOf(dice, lab, all);
      if (route === undefined) break;
      return { key, kind: "route", id: anId(dice), ...route };
    }
    case "nexthop": {
      const target = hopTargetOf(dice, lab);
      if (target === undefined) break;
      return { key, kind: "nexthop", id: anId(dice), nhid: aHopNumber(dice), ...target };
    }
    case "nat": {
      const type = dice.of("masquerade", "masquerade", "snat", "dnat");
      const out = type !== "dnat" && dice.chance(0.2) ? link : undefined;
      const at = out?.by === "object" ? placeOf(lab, out) : place;
      // A rule of the lab host for all packets would translate the connections of the engine to its providers, too.
      const hasSource = dice.chance(0.8) || (at === undefined && out === undefined && type !== "dnat");
      return {
        ...{ key, kind: "nat", id: anId(dice), ...(at && { place: at }), type },
        ...(hasSource && { source: someSources(dice) }),
        ...(type === "dnat" && { destination: `10.0.9.${1 + dice.below(3)}/32` }),
        ...(out && { outInterface: out }),
      };
    }
    case "filter":
      return { key, kind: "filter", id: anId(dice), ...inPlace, ...aFilter(dice) };
    case "rule":
      return { key, kind: "rule", id: anId(dice), ...inPlace, ...aRule(dice) };
    case "neighbor": {
      const neighbor = neighborOf(dice, lab);
      if (neighbor === undefined) break;
      return { key, kind: "neighbor", id: anId(dice), ...neighbor };
    }
    case "shaper":
      if (link === undefined) break;
      return { key, kind: "shaper", id: anId(dice), on: link, ...aShaper(dice) };
    case "sysctl": {
      const { name, values } = aSetting(dice);
      const on = name.includes("*") ? link : undefined;
      if (name.includes("*") && on === undefined) break;
      const at = on === undefined ? place : placeOf(lab, on);
      const value = dice.of(...values);
      return { key, kind: "sysctl", id: anId(dice), ...(at && { place: at }), name, value, ...(on && { on }) };
    }
    case "hosts": {
      if (place === undefined) break;
      const addresses = { web: `10.0.0.${1 + dice.below(9)}`, ...(dice.chance(0.5) && { db: "10.0.0.99" }) };
      return {
        ...{ key, kind: "hosts", id: anId(dice), place },
        ...(dice.chance(0.8) && { addresses }),
        ...(dice.chance(0.5) && { nameservers: [`10.0.0.${1 + dice.below(9)}`] }),
      };
    }
    case "process":
      return { key, kind: "process", id: anId(dice), ...inPlace, seconds: 1000 + dice.below(3) };
    case "host":
      return {
        ...common,
        kind: "host",
        id: aNodeName(dice),
        ...(dice.chance(0.2) && { name: aNamespaceName(dice) }),
        ...onLabHost,
      };
    case "router":
      return { key, kind: "router", id: aNodeName(dice), ...(dice.chance(0.5) && { nat: true }), ...onLabHost };
    case "lan": {
      const router = dice.chance(0.5) ? dice.pick(ofKind(lab, "router")) : undefined;
      const joined = dice.chance(0.5) ? dice.pick(ofKind(lab, "host", "router")) : undefined;
      const seats = dice.shuffle(COMPONENTS).slice(0, dice.below(3));
      const spans = onLabHost.lab === undefined ? undefined : spansOf(dice, all);
      return {
        ...{ ...common, kind: "lan", id: dice.of(...LANS), net: 1 + dice.below(3) },
        ...(dice.chance(0.2) && { mtu: anMtu(dice) }),
        ...(router && { router: router.key }),
        ...(spans && { spans }),
        hosts: seats.map((name, index) => ({ name, number: 10 + index, ...(spans && dice.pick(spans)) })),
        joins: joined === undefined ? [] : [{ node: joined.key, number: 20 }],
      };
    }
    case "link": {
      const [a, b] = dice.shuffle(ofKind(lab === all || dice.chance(0.5) ? lab : all, "host", "router"));
      if (a === undefined || b === undefined) break;
      const gateway = dice.of("a", "b", undefined, undefined);
      const id = dice.of(...WIRES);
      return { key, kind: "link", id, a: a.key, b: b.key, net: 1 + dice.below(3), ...(gateway && { gateway }) };
    }
  }
  const name = aNamespaceName(dice);
  return { ...common, kind: "namespace", id: anId(dice, name), name, ...onLabHost };
}

/** Returns the lab hosts that a LAN spans, in any order. */
function spansOf(dice: Dice, lab: Lab): Span[] {
  const labHosts = dice.shuffle(ofKind(lab, "labHost"));
  return labHosts.slice(0, 1 + dice.below(labHosts.length)).map(({ key }) => ({ lab: key }));
}

/** The kinds, with their frequencies. */
const KINDS = [
  ...["namespace", "namespace", "namespace", "bridge", "bridge", "bridge"],
  ...[
    "veth",
    "veth",
    "veth",
    "veth",
    "veth",
    "veth",
    "veth",
    "device",
    "device",
    "device",
    "device",
    "device",
    "device",
  ],
  ...[
    "address",
    "address",
    "address",
    "route",
    "route",
    "nexthop",
    "nexthop",
    "nat",
    "nat",
    "nat",
    "filter",
    "filter",
    "rule",
    "rule",
    "rule",
    "neighbor",
    "neighbor",
    "shaper",
    "shaper",
  ],
  ...["sysctl", "sysctl", "sysctl", "hosts", "host", "host", "router", "lan", "lan", "link", "process"],
] as const satisfies readonly Kind[];
