import type { Edit } from "./edits.ts";
import { aLabHost } from "./generate-hosts.ts";
import type { Lab } from "./lab.ts";
import type { Span } from "./lab-components.ts";
import { freshKey, ofKind, withThing } from "./things.ts";

/** Edits of lab hosts, and of the objects on them. */
export const hostEdits: Record<string, Edit> = {
  "move a namespace, with all in it, to another lab host": (dice, lab) => {
    const thing = dice.pick(ofKind(lab, "namespace", "host", "router"));
    return thing && withThing(lab, { ...thing, lab: dice.pick([undefined, ...keysOf(lab)]) });
  },

  "move all namespaces of a lab host to another": (dice, lab) => {
    const [from, to] = dice.shuffle([undefined, ...keysOf(lab)]);
    return lab.map((thing) =>
      (thing.kind === "namespace" || thing.kind === "host" || thing.kind === "router") && thing.lab === from
        ? { ...thing, lab: to }
        : thing,
    );
  },

  "another address, or MTU, of a lab host": (dice, lab) => {
    const thing = dice.pick(ofKind(lab, "labHost"));
    if (thing === undefined) return undefined;
    return withThing(
      lab,
      dice.chance(0.7) ? { ...thing, second: !thing.second } : { ...thing, mtu: dice.of(undefined, 1400) },
    );
  },

  "a lab host more": (dice, lab) => {
    const thing = aLabHost(dice, freshKey(lab));
    return [thing, ...lab];
  },

  "a LAN spans another lab host, or one less": (dice, lab) => {
    const lan = dice.pick(ofKind(lab, "lan"));
    const key = dice.pick(keysOf(lab));
    if (lan === undefined || key === undefined) return undefined;
    const rest = spansOf(lan).filter((span) => span.lab !== key);
    const spans = rest.length < spansOf(lan).length ? rest : dice.shuffle([...rest, { lab: key }]);
    const hosts = lan.hosts.map((seat) =>
      spans.some((span) => span.lab === seat.lab) ? seat : { ...seat, lab: undefined },
    );
    return withThing(lab, { ...lan, spans, hosts });
  },

  "the lab hosts of a LAN in another order": (dice, lab) => {
    const lan = dice.pick(ofKind(lab, "lan"));
    return lan && withThing(lab, { ...lan, spans: dice.shuffle(spansOf(lan)) });
  },

  "a host of a LAN moves to another lab host": (dice, lab) => {
    const lan = dice.pick(ofKind(lab, "lan"));
    const seat = dice.pick(lan?.hosts ?? []);
    if (lan === undefined || seat === undefined) return undefined;
    const moved = { ...seat, lab: dice.pick([undefined, ...spansOf(lan).map((span) => span.lab)]) };
    return withThing(lab, { ...lan, hosts: lan.hosts.map((one) => (one === seat ? moved : one)) });
  },
};

const keysOf = (lab: Lab): number[] => ofKind(lab, "labHost").map(({ key }) => key);

const spansOf = ({ spans = [] }: { spans?: readonly Span[] | undefined }): readonly Span[] => spans;
