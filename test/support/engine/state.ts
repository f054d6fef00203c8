/** Properties as the engine stores them: JSON, with {@link UNKNOWN} for values that are unknown at preview. */
export type Props = Readonly<Record<string, unknown>>;

/** A resource in the state of a stack. Two states of one resource share their URN, so states are compared by identity. */
export interface State {
  urn: string;
  readonly type: string;
  /** Whether a provider manages it; a component exists only in the engine. */
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
  /** The URN of the resource in the state before this run. */
  aliases: readonly string[];
  readonly ignoreChanges: readonly string[];
  /** Whether it has been deleted for a replacement that is not created yet. */
  pendingReplacement: boolean;
}

/** The resources of a stack, each after its dependencies. */
export type Snapshot = readonly State[];

/** Returns a copy that later runs do not change. */
export const copy = (snapshot: Snapshot): Snapshot => snapshot.map((state) => structuredClone(state));

/** Returns the URNs of all dependencies of a resource, without its parent. */
export const dependenciesOf = (state: State): readonly string[] => [
  ...state.dependencies,
  ...Object.values(state.propertyDependencies).flat(),
  ...(state.deletedWith === undefined ? [] : [state.deletedWith]),
  ...state.replaceWith,
];

/** Returns why the engine would refuse to load a state: a resource precedes one of its dependencies, or occurs twice. */
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

/** Returns a state without the resources that a refresh found missing, and without dependencies on them. */
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
