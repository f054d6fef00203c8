import { exclusiveClaims } from "../claims.ts";
import type { Command } from "../kernel/command.ts";
import { ip } from "../kernel/tools/ip.ts";
import { protocolNumber, type RuleEntry, showRules } from "../kernel/tools/rule.ts";
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
  /** The rule of others that says the same, which an adoption deletes; undefined if the rule of this package exists. */
  readonly foreign?: RuleEntry;
}

/**
 * A rule has no name and cannot change: its arguments are its identity, and a rule of this package has its protocol. A change adds
 * the new rule before it deletes the old one, so that at no time a packet meets neither. Only where the kernel would refuse the new rule as equal
 * to the old one, the old one is deleted first. The kernel accepts a rule that differs from one of others in its protocol alone, and the
 * first of the two decides, so a create looks for such a rule before.
 */
export const routingRule: Kind<RoutingRuleArgs, ObservedRule> = {
  type: "RoutingRule",
  schema: routingRuleSchema,
  ownership: "state",
  applyDefaults: (args) =>
    [args.from, args.to].some(isUnknown) ? args : { ...args, family: args.family ?? ruleFamily(args) },
  id: ({ namespace }, mark) => placeId(namespace, mark),
  claims: (args) => exclusiveClaims(`routing rule ${nameOf(args)}`),

  async observe(kernel, args, mark) {
    const entries = (await showRules(kernel, args.namespace, ruleFamily(args), args.priority)) ?? [];
    const equal = entries.filter((entry) => {
      const state = ruleState(entry, args);
      return state !== undefined && changes(routingRuleSchema, state, args).length === 0;
    });
    const found = equal.find(({ protocol }) => protocol === PROTOCOL);
    const owner = await observeOwner(kernel, args.namespace, nameOf(args), found && {}, mark);
    const [foreign] = equal;
    if (found !== undefined || foreign === undefined) return owner && { state: found && args, ...owner };
    const place = args.namespace === undefined ? "" : ` of the namespace ${args.namespace}`;
    const ofOthers = `the routing rule \`${ruleWords(args).join(" ")}\`${place}`;
    return { state: args, mark: undefined, note: owner?.note, foreign, ofOthers };
  },

  plan({ seen, was, desired, mark, isTakenOver = false, ownsPlace = false }) {
    if (desired === undefined) return was === undefined || seen === undefined ? [] : deletion(was, seen.note);
    const note = routeNote(nameOf(desired), mark);
    const noteIt = ownsPlace || seen?.note === note ? [] : [addNote(desired.namespace, note)];
    const { state, foreign } = seen ?? {};
    const isThere = state !== undefined && foreign === undefined;
    const add: Step[] = isThere
      ? []
      : [{ run: command("add", desired, PROTOCOL), undo: command("delete", desired, PROTOCOL) }];
    const adopted = foreign === undefined ? [] : [deletionOf(desired, foreign.protocol)];
    // Two rules of a program may exchange their arguments: then the former rule is now that of the other resource.
    const isMoved = was !== undefined && nameOf(was) !== nameOf(desired) && !isTakenOver;
    const former = isMoved ? deletion(was, ownsPlace ? undefined : routeNote(nameOf(was), mark)) : [];
    const replaced = isMoved && isCovered(was, desired) ? [...former, ...add] : [...add, ...former];
    return [...noteIt, ...replaced, ...adopted];
  },
};

const deletion = (args: RoutingRuleArgs, note: string | undefined): Step[] => [
  deletionOf(args, PROTOCOL),
  ...(note === undefined ? [] : [removeRouteNote(args.namespace, note)]),
];

/**
 * Returns the step that deletes a rule with a protocol. Without one, as rules have that were added by hand, the kernel deletes the first rule that
 * says the same, which was added before that of this package.
 */
const deletionOf = (args: RoutingRuleArgs, protocol: string | undefined): Step => ({
  run: command("delete", args, protocol),
  undo: command("add", args, protocol),
  tolerate: ["absent"],
});

const command = (verb: "add" | "delete", args: RoutingRuleArgs, protocol: string | undefined): Command => ({
  ...ip(
    args.namespace,
    "rule",
    verb,
    ...ruleWords(args),
    ...(protocol === undefined ? [] : ["protocol", protocolNumber(protocol)]),
  ),
  family: ruleFamily(args),
});

/** Returns the name of a rule in claims and notes: its place, family and priority, and a digest of all that it says. */
const nameOf = (args: RoutingRuleArgs): string =>
  placeId(args.namespace, `${ruleFamily(args)}/${args.priority}/${digest(ruleWords(args).join(" "))}`);
