import { dependenciesOf, type Snapshot, type State } from "./state.ts";

/** The dependencies in a snapshot, in which each resource must come after its dependencies. */
export interface Graph {
  /** Returns all direct and indirect dependents of a resource, in snapshot order; paths through ignored resources do not count. */
  dependingOn(root: State, ignored: ReadonlySet<string>): readonly State[];
  /** Returns the direct dependencies of a resource, with its parent, and with all children of a component that it depends on. */
  dependenciesOf(state: State): ReadonlySet<State>;
  /** Returns all direct and indirect dependencies of a resource, with parents. */
  needs(state: State): ReadonlySet<State>;
}

export function graphOf(snapshot: Snapshot): Graph {
  const index = new Map(snapshot.map((state, at) => [state, at]));
  const childrenOf = childrenIn(snapshot);

  function at(state: State): number {
    const found = index.get(state);
    if (found === undefined) throw new Error(`${state.urn} is not in the snapshot`);
    return found;
  }

  return {
    dependingOn(root, ignored) {
      const reached = new Set([root.urn]);
      const dependents: State[] = [];
      for (const candidate of snapshot.slice(at(root) + 1)) {
        if (ignored.has(candidate.urn) || !dependenciesOf(candidate).some((urn) => reached.has(urn))) continue;
        dependents.push(candidate);
        reached.add(candidate.urn);
      }
      return dependents;
    },

    dependenciesOf(state) {
      const [urns, end] = [new Set(dependenciesOf(state)), at(state)];
      const found = new Set<State>();
      for (const candidate of snapshot.slice(0, end)) {
        if (candidate.urn === state.parent) found.add(candidate);
        if (!urns.has(candidate.urn)) continue;
        found.add(candidate);
        if (candidate.custom) continue;
        for (const child of childrenOf.get(candidate.urn) ?? []) if (at(child) < end) found.add(child);
      }
      return found;
    },

    needs(state) {
      const found = new Set<State>();
      const urns = new Set([...dependenciesOf(state), state.parent]);
      for (const candidate of snapshot.slice(0, at(state)).reverse()) {
        if (!urns.has(candidate.urn)) continue;
        found.add(candidate);
        for (const urn of [...dependenciesOf(candidate), candidate.parent]) urns.add(urn);
      }
      return found;
    },
  };
}

/** Returns the children of each resource, and their children. */
function childrenIn(snapshot: Snapshot): ReadonlyMap<string, readonly State[]> {
  const byUrn = new Map(snapshot.map((state) => [state.urn, state]));
  const children = new Map<string, State[]>();
  for (const state of snapshot) {
    for (let parent = state.parent; parent !== undefined; parent = byUrn.get(parent)?.parent)
      children.set(parent, [...(children.get(parent) ?? []), state]);
  }
  return children;
}
