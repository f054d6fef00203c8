import type { Provider } from "./provider.ts";
import { type Snapshot, type State, withoutDangling } from "./state.ts";

/** The result of a refresh. */
export interface Refreshed {
  readonly snapshot: Snapshot;
  /** The differences: resources that are gone, and resources that differ from the state. */
  readonly steps: readonly { readonly op: "update" | "delete"; readonly urn: string }[];
  /** The error for a resource that could not be read; its state is unchanged. */
  readonly failure: Error | undefined;
}

/** Reads all resources concurrently. */
export async function refresh(base: Snapshot, provider: Provider): Promise<Refreshed> {
  let failure: Error | undefined;
  const reads = await Promise.all(
    base.map(async (state) => {
      try {
        return await read(state, provider);
      } catch (error) {
        failure ??= error instanceof Error ? error : new Error(String(error));
        return { state, op: "same" as const, urn: state.urn };
      }
    }),
  );
  return {
    snapshot: withoutDangling(reads.flatMap(({ state }) => state ?? [])),
    steps: reads.flatMap(({ op, urn }) => (op === "same" ? [] : [{ op, urn }])),
    failure,
  };
}

async function read(
  state: State,
  provider: Provider,
): Promise<{ state: State | undefined; op: "same" | "update" | "delete"; urn: string }> {
  const { urn, custom, id, inputs, outputs, pendingReplacement } = state;
  if (!custom || pendingReplacement) return { state, op: "same", urn };
  const seen = await provider.read(id, outputs);
  if (seen === undefined) return { state: undefined, op: "delete", urn };
  // True if an `up` would change something, with a program that matches the state.
  const differs = provider.diff(seen.id, seen.outputs, inputs) !== undefined;
  const now = { ...state, id: seen.id, outputs: seen.outputs, inputs: seen.inputs ?? inputs };
  return { state: now, op: differs ? "update" : "same", urn };
}
