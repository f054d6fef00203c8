import { exclusiveClaims } from "../claims.ts";
import type { Command } from "../kernel/command.ts";
import { ip } from "../kernel/tools/ip.ts";
import { showRules } from "../kernel/tools/rule.ts";
import { type Kind, type Observed, placeId } from "../kind.ts";
import { addNote } from "../notes.ts";
import { digest } from "../owner.ts";
import type { Step } from "../plan.ts";
import { changes, isUnknown } from "../schema.ts";
import { PROTOCOL } from "./route.ts";
import { observeOwner, removeRouteNote, routeNote } from "./route-owner.ts";
import { type RoutingRuleArgs, routingRuleSchema } from "./routing-rule-args.ts";
import { isCovered, ruleFamily, ruleState, ruleWords } from "./routing-rule-text.ts";

interface ObservedRule extends Observed<RoutingRuleArgs> {
  /** The note with the stack that has created the rule; undefined if there is none. */
  readonly note: string | undefined;
}

/**
 * A rule has no name and cannot change: its arguments are its identity, and a rule of this package has its protocol. A change adds
 * the new rule before it deletes the old one, so that at no time a packet meets neither. Only where the kernel would refuse the new rule as equal
 * to the old one, the old one is deleted first.
 */
export const routingRule: Kind<RoutingRuleArgs, ObservedRule> = {
  type: "RoutingRule",
  schema: routingRuleSchema,
  ownership: "state",
  createOptimistically: ({ namespace }, atHome) => atHome || namespace === undefined,
  applyDefaults: (args) =>
    [args.from, args.to].some(isUnknown) ? args : { ...args, family: args.family ?? ruleFamily(args) },
  id: ({ namespace }, mark) => placeId(namespace, mark),
  claims: (args) => exclusiveClaims(`routing rule ${nameOf(args)}`),

  async observe(kernel, args, mark) {
    const entries = (await showRules(kernel, args.namespace, ruleFamily(args), args.priority)) ?? [];
    const found = entries.find((entry) => {
      const state = entry.protocol === PROTOCOL ? ruleState(entry, args) : undefined;
      return state !== undefined && changes(routingRuleSchema, state, args).length === 0;
    });
    const owner = await observeOwner(kernel, args.namespace, nameOf(args), found && {}, mark);
    return owner && { state: found && args, ...owner };
  },

  plan({ seen, was, desired, mark, isTakenOver = false, ownsPlace = false }) {
    if (desired === undefined) return was === undefined || seen === undefined ? [] : deletion(was, seen.note);
    const note = routeNote(nameOf(desired), mark);
    const noteIt = ownsPlace || seen?.note === note ? [] : [addNote(desired.namespace, note)];
    const add: Step[] =
      seen?.state === undefined ? [{ run: command("add", desired), undo: command("delete", desired) }] : [];
    // Two rules of a program may exchange their arguments: then the former rule is now that of the other resource.
    const isMoved = was !== undefined && nameOf(was) !== nameOf(desired) && !isTakenOver;
    const former = isMoved ? deletion(was, ownsPlace ? undefined : routeNote(nameOf(was), mark)) : [];
    return isMoved && isCovered(was, desired) ? [...noteIt, ...former, ...add] : [...noteIt, ...add, ...former];
  },
};

const deletion = (args: RoutingRuleArgs, note: string | undefined): Step[] => [
  { run: command("delete", args), undo: command("add", args), tolerate: ["absent"] },
  ...(note === undefined ? [] : [removeRouteNote(args.namespace, note)]),
];

const command = (verb: "add" | "delete", args: RoutingRuleArgs): Command => ({
  ...ip(args.namespace, "rule", verb, ...ruleWords(args), "protocol", PROTOCOL),
  family: ruleFamily(args),
});

/** Returns the name of a rule in claims and notes: its place, family and priority, and a digest of all that it says. */
const nameOf = (args: RoutingRuleArgs): string =>
  placeId(args.namespace, `${ruleFamily(args)}/${args.priority}/${digest(ruleWords(args).join(" "))}`);
