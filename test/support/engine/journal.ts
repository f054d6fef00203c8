import type { Snapshot, State } from "./state.ts";
import type { Step } from "./steps.ts";
import { nameOf, qualifiedTypeOf, STACK, typeOf } from "./urn.ts";

/** The changes that a run has made to the state so far. */
export interface Journal {
  /** Records a finished step. */
  record(step: Step): void;
  /** Returns the state as it would be saved now. */
  snapshot(): Snapshot;
}

/** Merges the results of steps with untouched resources, like Pulumi's `backend/snapshot.go`. */
export function journalOver(base: Snapshot): Journal {
  const news: State[] = [];
  const dones = new Set<State>();
  return {
    record({ op, old, new: now }) {
      // A `replace` step is reported before the replacement exists.
      if (op === "replace") return;
      const isWaiting = op === "delete-replaced";
      const isFollowed = op !== "create" && op !== "create-replacement";
      if (old !== undefined && !isWaiting && (isFollowed || old.pendingReplacement)) dones.add(old);
      if (now !== undefined) news.push(now);
    },
    snapshot: () => normal([...news, ...base].filter((state) => !dones.has(state))),
  };
}

/** Replaces references to a former URN of a resource with its current one. */
function normal(snapshot: Snapshot): Snapshot {
  const aliased = new Map<string, string>();
  for (const { urn, aliases, parent } of snapshot) {
    for (const alias of aliases) aliased.set(alias, urn);
    const above = parent === undefined ? undefined : aliased.get(parent);
    if (above !== undefined && qualifiedTypeOf(above) !== STACK) aliased.set(urn, childOf(above, urn));
  }
  const now = (urn: string): string => aliased.get(urn) ?? urn;
  return snapshot.map((state) => ({
    ...structuredClone(state),
    urn: now(state.urn),
    parent: state.parent && now(state.parent),
    dependencies: state.dependencies.map(now),
    propertyDependencies: Object.fromEntries(
      Object.entries(state.propertyDependencies).map(([key, urns]) => [key, urns.map(now)]),
    ),
    deletedWith: state.deletedWith && now(state.deletedWith),
    replaceWith: state.replaceWith.map(now),
    aliases: [],
  }));
}

function childOf(parent: string, urn: string): string {
  const [head, project, type] = parent.split("::");
  return [head, project, `${type}$${typeOf(urn)}`, nameOf(urn)].join("::");
}
