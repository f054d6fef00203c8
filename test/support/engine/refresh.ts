import type { Provider } from "./provider.ts";
import { type Snapshot, type State, withoutDangling } from "./state.ts";

/** What a refresh has found. */
export interface Refreshed {
  readonly snapshot: Snapshot;
  /** What differs: resources that are gone, and those that are otherwise than the state has them. */
  readonly steps: readonly { readonly op: "update" | "delete"; readonly urn: string }[];
  /** What kept some resource from being read, which then stays as the state has it. */
  readonly failure: Error | undefined;
}

/** Reads all resources at once. */
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
  // What an up would have to change back, were the program as the state says.
  const differs = provider.diff(seen.id, seen.outputs, inputs) !== undefined;
  const now = { ...state, id: seen.id, outputs: seen.outputs, inputs: seen.inputs ?? inputs };
  return { state: now, op: differs ? "update" : "same", urn };
}
