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

/** One operation of the engine on a resource. */
export interface Step {
  readonly op: Op;
  readonly old?: State;
  readonly new?: State;
  /** Executes the step; in a preview, without changing anything. */
  apply(): Promise<void>;
}

/** Returns the state that a step concerns. */
export function subjectOf({ op, old, new: now }: Step): State {
  const state = now ?? old;
  if (state === undefined) throw new Error(`the step ${op} is about nothing`);
  return state;
}

/** The error that a protected resource would have to be deleted. */
export class ProtectedError extends Error {}

/** Creates the steps of one run. */
export function stepsOf(provider: Provider, dryRun: boolean, deletes: ReadonlySet<string>) {
  const create = (op: "create" | "create-replacement", old: State | undefined, now: State): Step => ({
    op,
    ...(old && { old }),
    new: now,
    async apply() {
      if (!now.custom) return;
      // For a provider without its own previews, the outputs are assumed to equal the inputs.
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
      // Looked up only now, because further deletes may have been planned since.
      const goesWith = old.deletedWith !== undefined && deletes.has(old.deletedWith);
      if (!dryRun && old.custom && !old.retainOnDelete && !goesWith) await provider.delete(old.id, old.outputs);
      // It stays in the state until its replacement is created.
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

    /** Creates the replacement of a deleted object. The first step only reports the replacement. */
    replacement: (old: State, now: State): readonly Step[] => [
      { op: "replace", old, new: now, apply: () => Promise.resolve() },
      create("create-replacement", old, now),
    ],

    delete: (old: State): Step => remove("delete", old),
    deleteReplaced: (old: State): Step => remove("delete-replaced", old),
    /** Removes the state of an object that was deleted for a replacement that the program no longer declares. */
    forget: (old: State): Step => ({ op: "remove-pending-replace", old, apply: () => Promise.resolve() }),
  };
}
