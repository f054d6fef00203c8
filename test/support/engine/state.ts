/** Properties as the engine keeps them: JSON, with {@link UNKNOWN} for what a preview does not know yet. */
export type Props = Readonly<Record<string, unknown>>;

/** A resource in the state of a stack. Two states of one resource share their URN, so states are told apart by identity. */
export interface State {
  urn: string;
  readonly type: string;
  /** Whether a provider makes it; a component is a resource of the engine alone. */
  readonly custom: boolean;
  id: string;
  inputs: Props;
  outputs: Props;
  parent: string | undefined;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  dependencies: readonly string[];
  propertyDependencies: Readonly<Record<string, readonly string[]>>;
  deletedWith: string | undefined;
  replaceWith: readonly string[];
  /** The URN under which the state knew it before this run. */
  aliases: readonly string[];
  readonly ignoreChanges: readonly string[];
  /** Whether it has been deleted for a replacement that is still to be made. */
  pendingReplacement: boolean;
}

/** The resources of a stack, each behind all that it depends on. */
export type Snapshot = readonly State[];

/** A copy that later runs do not change. */
export const copy = (snapshot: Snapshot): Snapshot => snapshot.map((state) => structuredClone(state));

/** All that a resource depends on beside its parent, by URN. */
export const dependenciesOf = (state: State): readonly string[] => [
  ...state.dependencies,
  ...Object.values(state.propertyDependencies).flat(),
  ...(state.deletedWith === undefined ? [] : [state.deletedWith]),
  ...state.replaceWith,
];

/** Why the engine would refuse to load a state: a resource comes before something that it depends on, or twice. */
export function faultIn(snapshot: Snapshot): Error | undefined {
  const seen = new Set<string>();
  for (const state of snapshot) {
    const needs = [...dependenciesOf(state), ...(state.parent === undefined ? [] : [state.parent])];
    const lacking = needs.find((urn) => !seen.has(urn));
    if (lacking !== undefined) return new Error(`the state has ${state.urn} before ${lacking}, or without it`);
    if (seen.has(state.urn)) return new Error(`the state has ${state.urn} twice`);
    seen.add(state.urn);
  }
  return undefined;
}

/** The state of a stack after a refresh has found some resources gone: what depended on them depends on them no more. */
export function withoutDangling(snapshot: Snapshot): Snapshot {
  const there = new Set<string>();
  const parents = new Map<string, string | undefined>();
  const known = new Set(snapshot.map(({ urn }) => urn));
  for (const state of snapshot) {
    const stays = (urn: string): boolean => there.has(urn);
    state.dependencies = state.dependencies.filter(stays);
    state.propertyDependencies = Object.fromEntries(
      Object.entries(state.propertyDependencies).map(([key, urns]) => [key, urns.filter(stays)]),
    );
    if (state.deletedWith !== undefined && !stays(state.deletedWith)) state.deletedWith = undefined;
    state.replaceWith = state.replaceWith.filter(stays);
    if (state.parent !== undefined && !known.has(state.parent)) state.parent = parents.get(state.parent);
    parents.set(state.urn, state.parent);
    there.add(state.urn);
  }
  return snapshot;
}
