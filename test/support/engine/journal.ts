import type { Snapshot, State } from "./state.ts";
import type { Step } from "./steps.ts";
import { nameOf, qualifiedTypeOf, STACK, typeOf } from "./urn.ts";

/** What a run has done to the state so far. */
export interface Journal {
  /** Notes a step that has been done. */
  record(step: Step): void;
  /** The state as it would be saved now. */
  snapshot(): Snapshot;
}

/** Merges what steps have led to with what they have not touched, as Pulumi's `backend/snapshot.go` does. */
export function journalOver(base: Snapshot): Journal {
  const news: State[] = [];
  const dones = new Set<State>();
  return {
    record({ op, old, new: now }) {
      // A replacement is told of before it is made.
      if (op === "replace") return;
      const isWaiting = op === "delete-replaced";
      const isFollowed = op !== "create" && op !== "create-replacement";
      if (old !== undefined && !isWaiting && (isFollowed || old.pendingReplacement)) dones.add(old);
      if (now !== undefined) news.push(now);
    },
    snapshot: () => normal([...news, ...base].filter((state) => !dones.has(state))),
  };
}

/** References to a resource by a former URN become those by the one that it has now. */
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
