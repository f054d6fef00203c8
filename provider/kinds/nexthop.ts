import { familyOf } from "../cidr.ts";
import { exclusiveClaims } from "../claims.ts";
import type { Command } from "../kernel/command.ts";
import { dev, ip } from "../kernel/tools/ip.ts";
import { type NexthopEntry, showNexthops } from "../kernel/tools/nexthop.ts";
import { type Kind, type Observed, placeId } from "../kind.ts";
import { isOfStack } from "../owner.ts";
import { changes, isUnknown } from "../schema.ts";
import { type NexthopArgs, nexthopSchema } from "./nexthop-args.ts";
import { PROTOCOL } from "./route.ts";
import { noteSteps, observeOwner, removeRouteNote, stateOfOthers } from "./route-owner.ts";

interface ObservedNexthop extends Observed<NexthopArgs> {
  /** Whether this package has created the next hop. */
  readonly isOurs: boolean;
  /** The note with the stack that has created it; undefined if there is none. */
  readonly note: string | undefined;
}

/** A next hop has no room for a mark. Like a route it has this package's protocol and, outside of the stack's own places, a note. */
export const nexthop: Kind<NexthopArgs, ObservedNexthop> = {
  type: "Nexthop",
  schema: nexthopSchema,
  ownership: "state",
  createOptimistically: ({ namespace }, atHome) => atHome || namespace === undefined,
  applyDefaults: (args) =>
    isUnknown(args.via) || args.group !== undefined
      ? args
      : { ...args, family: args.family ?? familyOf(args.via ?? "") },
  id: ({ namespace, nhid }) => placeId(namespace, `nexthop/${nhid}`),
  argsOfImport: (id) => {
    const [, namespace, nhid] = /^(?:(.+)\/)?nexthop\/(\d+)$/.exec(id) ?? [];
    if (nhid === undefined) return undefined;
    return { ...(namespace !== undefined && { namespace }), nhid: Number(nhid), onlink: false, blackhole: false };
  },
  claims: (args) => exclusiveClaims(`next hop ${nexthop.id(args, "")}`),

  async observe(kernel, wanted, mark) {
    const { namespace, nhid } = wanted;
    const found = (await showNexthops(kernel, namespace))?.find(({ id }) => id === nhid);
    const state = found && stateOf(found, wanted);
    if (found !== undefined && found.protocol !== PROTOCOL) {
      const others = state && stateOfOthers(nexthopSchema, state, wanted, found);
      return { state: others, isOurs: false, note: undefined, mark: undefined };
    }
    const owner = await observeOwner(kernel, namespace, nexthop.id(wanted, ""), found, mark);
    return owner && { state, isOurs: true, ...owner };
  },

  plan({ seen, was, desired, mark, ownsPlace }) {
    if (desired === undefined) {
      if (!seen?.isOurs || !isOfStack(seen.mark, mark)) return [];
      return [
        ...(seen.note === undefined ? [] : [removeRouteNote(was?.namespace, seen.note)]),
        ...(seen.state === undefined ? [] : [{ run: command("delete", seen.state), tolerate: ["absent"] as const }]),
      ];
    }
    const notes = noteSteps(desired.namespace, nexthop.id(desired, ""), seen?.note, { mark, ownsPlace });
    if (seen?.state === undefined)
      return [...notes, { run: command("add", desired), undo: command("delete", desired) }];
    // The object of another resource, which goes or has another number now.
    if (isOther(seen.state, desired))
      return [
        ...notes,
        { run: command("delete", seen.state), undo: command("add", seen.state) },
        { run: command("add", desired), undo: command("delete", desired) },
      ];
    // `ip` does not show the family of a next hop without a gateway.
    const isOfFamily = was === undefined || was.family === desired.family;
    const isSo = seen.isOurs && isOfFamily && changes(nexthopSchema, seen.state, desired).length === 0;
    return isSo ? notes : [...notes, { run: command("replace", desired) }];
  },
};

/** Returns whether the kernel may refuse to turn a next hop into another one, because it is one of other objects or these use it. */
const isOther = (seen: NexthopArgs, desired: NexthopArgs): boolean =>
  (seen.group === undefined) !== (desired.group === undefined) ||
  (seen.family === "inet6" && desired.family === "inet") ||
  (!seen.blackhole && desired.blackhole);

function command(verb: "add" | "replace" | "delete", args: NexthopArgs): Command {
  const run = ip(
    args.namespace,
    "nexthop",
    verb,
    ...["id", args.nhid],
    ...(verb === "delete" ? [] : [...targetWords(args), "protocol", PROTOCOL]),
  );
  return args.family === undefined || verb === "delete" ? run : { ...run, family: args.family };
}

function targetWords({ via, interface: link, onlink, blackhole, group }: NexthopArgs) {
  if (group !== undefined)
    return ["group", group.map(({ nhid, weight }) => (weight === 1 ? nhid : `${nhid},${weight}`)).join("/")];
  if (blackhole) return ["blackhole"];
  return [
    ...(via === undefined ? [] : ["via", via]),
    ...(link === undefined ? [] : [dev(link)]),
    ...(onlink ? ["onlink"] : []),
  ];
}

/** Returns a next hop in terms of arguments. `ip` does not show the family of one without a gateway. */
function stateOf({ gateway, dev: link, flags = [], blackhole, group }: NexthopEntry, wanted: NexthopArgs): NexthopArgs {
  const { namespace, nhid, family } = wanted;
  return {
    ...(namespace !== undefined && { namespace }),
    nhid,
    ...(group === undefined && { family: gateway === undefined ? family : familyOf(gateway) }),
    ...(gateway !== undefined && { via: gateway }),
    ...(link !== undefined && blackhole === undefined && { interface: link }),
    onlink: flags.includes("onlink"),
    blackhole: blackhole === null,
    ...(group !== undefined && { group: group.map(({ id, weight }) => ({ nhid: id, weight })) }),
  };
}
