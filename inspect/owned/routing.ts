import type { Claim } from "../../provider/claims.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { type RouteEntry, showRoutesOf } from "../../provider/kernel/tools/ip.ts";
import { showNexthops } from "../../provider/kernel/tools/nexthop.ts";
import { showRules } from "../../provider/kernel/tools/rule.ts";
import { type Kind, type Observed, placeId } from "../../provider/kind.ts";
import { nexthop } from "../../provider/kinds/nexthop.ts";
import { argsOfEntry, PROTOCOL, route } from "../../provider/kinds/route.ts";
import type { RouteArgs } from "../../provider/kinds/route-args.ts";
import { isNoteOfClaim, isRouteNote, noteOwner } from "../../provider/kinds/route-owner.ts";
import { routingRule } from "../../provider/kinds/routing-rule.ts";
import { ruleState } from "../../provider/kinds/routing-rule-text.ts";
import { readNotes } from "../../provider/notes.ts";
import { isOfStack } from "../../provider/owner.ts";
import { leftoverNote } from "./in-namespace.ts";
import type { OnLink, OwnedThing } from "./types.ts";

/** The routes, next hops and routing rules in a place that this package created. */
export interface Routing {
  /** Those whose note names the stack, and its notes of objects that no longer exist. */
  readonly owned: readonly OwnedThing[];
  /** The others, which a note may name another stack's. */
  readonly unclear: readonly OnLink[];
}

/**
 * Finds the routes, next hops and routing rules in a place that this package created. They can only store a protocol, which is the same for
 * all stacks. Outside of the stack's own namespaces, a note names the stack.
 *
 * @param known The names of the objects whose notes to omit.
 */
export async function routingIn(
  kernel: KernelClient,
  namespace: string | undefined,
  mark: string,
  known: ReadonlySet<string>,
): Promise<Routing> {
  const all = (await readNotes(kernel, namespace)).filter(isRouteNote);
  const notes = all.filter((text) => isOfStack(noteOwner(text), mark));
  const ofOthers = all.filter((text) => !notes.includes(text));
  // The kernel deletes the routes over a next hop with it, so the next hops come last.
  const found = (
    await Promise.all([rulesIn, routesIn, nexthopsIn].map((entriesIn) => entriesIn(kernel, namespace, mark)))
  ).flat();
  const owned: OwnedThing[] = [];
  const unclear: OnLink[] = [];
  for (const { thing, resources } of found) {
    const own = notes.length === 0 ? undefined : await firstOf(resources, (one) => one.own());
    if (own !== undefined) owned.push({ ...thing, ...own });
    else unclear.push({ ...thing, isNotedOther: hasNote(resources, ofOthers) });
  }
  const names = [...known, ...owned.flatMap(({ claims }) => claims.map(({ name }) => name))];
  const isUsed = (text: string) => names.some((name) => isNoteOfClaim(text, name));
  const leftover = notes.filter((text) => !isUsed(text));
  return { owned: [...owned, ...leftover.map((text) => leftoverNote(namespace, text))], unclear };
}

/** Returns whether one of the notes is about an object. */
function hasNote(resources: readonly Resource[], notes: readonly string[]): boolean {
  const claims = resources.flatMap((one) => one.claims);
  return notes.some((text) => claims.some(({ name }) => isNoteOfClaim(text, name)));
}

/** A resource that an object may be. */
interface Resource {
  readonly claims: readonly Claim[];
  /** Returns the claims and the removal of the object if it is the stack's. */
  readonly own: () => Promise<Pick<OwnedThing, "claims" | "removal"> | undefined>;
}

/** An object that this package created. */
interface Entry {
  readonly thing: OnLink;
  readonly resources: readonly Resource[];
}

async function rulesIn(kernel: KernelClient, namespace: string | undefined, mark: string): Promise<Entry[]> {
  const families = ["inet", "inet6"] as const;
  const all = await Promise.all(
    families.map(async (family) =>
      ((await showRules(kernel, namespace, family)) ?? [])
        .filter(({ protocol }) => protocol === PROTOCOL)
        .map((entry): Entry => {
          const name = `${entry.priority} from ${entry.src ?? "all"}`;
          const args = ruleState(entry, { namespace, family });
          const resources = args === undefined ? [] : [resourceOf(kernel, routingRule, args, mark)];
          return { thing: { what: "routing rule", namespace, name, dev: undefined }, resources };
        }),
    ),
  );
  return all.flat();
}

async function routesIn(kernel: KernelClient, namespace: string | undefined, mark: string): Promise<Entry[]> {
  const entries = (await showRoutesOf(kernel, namespace, PROTOCOL)) ?? [];
  return entries.map((entry) => ({
    thing: { what: "route", namespace, name: entry.dst, dev: entry.dev },
    resources: routesOf(entry, namespace).map((args) => resourceOf(kernel, route, args, mark)),
  }));
}

/** Returns the arguments that a route may have. A default route without a gateway may be of either family. */
function routesOf(entry: RouteEntry, namespace: string | undefined): RouteArgs[] {
  const args = argsOfEntry(entry, namespace);
  const isEither = args.destination === "default" && args.via === undefined;
  return isEither ? [args, { ...args, destination: "::/0" }] : [args];
}

async function nexthopsIn(kernel: KernelClient, namespace: string | undefined, mark: string): Promise<Entry[]> {
  const entries = ((await showNexthops(kernel, namespace)) ?? []).filter(({ protocol }) => protocol === PROTOCOL);
  return entries.map(({ id, dev }) => {
    const args = nexthop.argsOfImport?.(placeId(namespace, `nexthop/${id}`));
    return {
      thing: { what: "next hop", namespace, name: String(id), dev },
      resources: args === undefined ? [] : [resourceOf(kernel, nexthop, args, mark)],
    };
  });
}

interface Noted<Args extends object> extends Observed<Args> {
  readonly note: string | undefined;
}

function resourceOf<Args extends object, Seen extends Noted<Args>>(
  kernel: KernelClient,
  kind: Kind<Args, Seen>,
  args: Args,
  mark: string,
): Resource {
  const claims = kind.claims(args, mark);
  return {
    claims,
    async own() {
      const seen = await kind.observe(kernel, args, mark);
      if (seen?.state === undefined || seen.note === undefined || !isOfStack(seen.mark, mark)) return undefined;
      return { claims, removal: kind.plan({ seen, was: args, desired: undefined, mark }) };
    },
  };
}

async function firstOf<T, R>(all: readonly T[], find: (one: T) => Promise<R | undefined>): Promise<R | undefined> {
  for (const one of all) {
    const found = await find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}
