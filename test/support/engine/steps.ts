import type { Provider } from "./provider.ts";
import type { State } from "./state.ts";

export type Op =
  | "same"
  | "create"
  | "update"
  | "replace"
  | "create-replacement"
  | "delete"
  | "delete-replaced"
  | "remove-pending-replace";

/** One thing that the engine does to a resource. */
export interface Step {
  readonly op: Op;
  readonly old?: State;
  readonly new?: State;
  /** Does it; in a preview, as far as nothing changes. */
  apply(): Promise<void>;
}

/** The state that a step is about. */
export function subjectOf({ op, old, new: now }: Step): State {
  const state = now ?? old;
  if (state === undefined) throw new Error(`the step ${op} is about nothing`);
  return state;
}

/** A resource that is protected, and would have to be deleted. */
export class ProtectedError extends Error {}

/** Makes the steps of one run. */
export function stepsOf(provider: Provider, dryRun: boolean, deletes: ReadonlySet<string>) {
  const create = (op: "create" | "create-replacement", old: State | undefined, now: State): Step => ({
    op,
    ...(old && { old }),
    new: now,
    async apply() {
      if (!now.custom) return;
      // A provider without previews of its own is taken at what it is asked for.
      if (dryRun) now.outputs = now.inputs;
      else ({ id: now.id, outputs: now.outputs } = await provider.create(now.inputs));
    },
  });

  const remove = (op: "delete" | "delete-replaced", old: State): Step => ({
    op,
    old,
    async apply() {
      const replacing = op === "delete-replaced";
      if (!replacing && old.protect) throw new ProtectedError(`${old.urn} is protected and cannot be deleted`);
      // Looked up only now: whether something is deleted may have turned out since.
      const goesWith = old.deletedWith !== undefined && deletes.has(old.deletedWith);
      if (!dryRun && old.custom && !old.retainOnDelete && !goesWith) await provider.delete(old.id, old.outputs);
      // It stays in the state until its successor is made.
      if (replacing) old.pendingReplacement = true;
    },
  });

  return {
    same: (old: State, now: State): Step => ({
      op: "same",
      old,
      new: now,
      async apply() {
        [now.id, now.outputs] = [old.id, old.outputs];
      },
    }),

    create: (now: State): Step => create("create", undefined, now),

    update: (old: State, now: State): Step => ({
      op: "update",
      old,
      new: now,
      async apply() {
        now.id = old.id;
        if (now.custom) now.outputs = dryRun ? now.inputs : await provider.update(old.id, old.outputs, now.inputs);
      },
    }),

    /** Makes what has been deleted for it. The first step only tells that this is a replacement. */
    replacement: (old: State, now: State): readonly Step[] => [
      { op: "replace", old, new: now, apply: () => Promise.resolve() },
      create("create-replacement", old, now),
    ],

    delete: (old: State): Step => remove("delete", old),
    deleteReplaced: (old: State): Step => remove("delete-replaced", old),
    /** Forgets what has been deleted for a replacement that the program no longer asks for. */
    forget: (old: State): Step => ({ op: "remove-pending-replace", old, apply: () => Promise.resolve() }),
  };
}
