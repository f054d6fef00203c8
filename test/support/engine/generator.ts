import { UNKNOWN } from "../../../provider/schema.ts";
import type { Goal } from "./goal.ts";
import { graphOf } from "./graph.ts";
import { namesIn } from "./names.ts";
import type { Order } from "./order.ts";
import type { Provider } from "./provider.ts";
import { type Props, type Snapshot, type State } from "./state.ts";
import { type Step, stepsOf, subjectOf } from "./steps.ts";
import { type StackName, urnOf } from "./urn.ts";

/** Plans the steps for each resource that a program registers, and at the end for the resources that it no longer declares. */
export interface Generator {
  /** Returns the steps for a resource, in sequence. */
  register(goal: Goal): Promise<readonly Step[]>;
  /** Returns the deletes of resources that the program has not registered: groups in sequence, each group concurrently. */
  deletes(): readonly (readonly Step[])[];
  /** Returns true if a resource depends on another, directly or not. */
  dependsOn(state: State, other: State): boolean;
}

/** The inputs of a run's planning. */
export interface Basis {
  readonly name: StackName;
  readonly dryRun: boolean;
  readonly base: Snapshot;
  readonly provider: Provider;
  readonly order: Order;
  /** The new states from the steps so far. */
  readonly news: ReadonlyMap<string, State>;
}

/** Plans like Pulumi's `step_generator.go`, for resources that are deleted before they are replaced. */
export function generatorOf({ name, dryRun, base, provider, order, news }: Basis): Generator {
  const urns = new Set<string>();
  const sames = new Set<string>();
  const creates = new Set<string>();
  const updates = new Set<string>();
  const replaces = new Set<string>();
  const deletes = new Set<string>();
  /** The states that are deleted because one of their dependencies is replaced. */
  const condemned = new Set<State>();
  const names = namesIn(base, name, urns);
  const graph = graphOf(base);
  const step = stepsOf(provider, dryRun, deletes);

  async function register(goal: Goal): Promise<readonly Step[]> {
    if (goal.parent !== undefined && !urns.has(goal.parent)) throw new Error(`${goal.name} has no parent`);
    const urn = urnOf(name, goal.parent, goal.type, goal.name);
    if (urns.has(urn)) throw new Error(`${urn} is registered twice`);
    urns.add(urn);
    const { old, alias } = names.find(goal, urn);
    const now = stateOf(goal, urn, alias);
    const again = deletes.has(urn);
    if (goal.custom)
      now.inputs = await check(urn, again ? undefined : old, old === undefined ? goal.properties : kept(goal, old));
    if (again && old !== undefined) {
      // It was deleted together with one of its dependencies, and now must itself be replaced.
      deletes.delete(urn);
      replaces.add(urn);
      return step.replacement(old, now);
    }
    if (old === undefined) {
      creates.add(urn);
      return [step.create(now)];
    }
    return changed(goal, old, now);
  }

  async function check(urn: string, old: State | undefined, news: Props): Promise<Props> {
    const olds = old?.inputs ?? {};
    const { inputs, failures } = provider.check(olds, news);
    const [failure] = failures.length > 0 ? failures : await provider.conflicts(olds, inputs);
    if (failure !== undefined) throw new Error(`${urn} ${failure.property}: ${failure.reason}`);
    return inputs;
  }

  async function changed(goal: Goal, old: State, now: State): Promise<readonly Step[]> {
    const { urn } = now;
    const diff = differs(old, now);
    if (old.pendingReplacement || (diff !== undefined && diff.replaces.length > 0)) return replaced(goal, old, now);
    if (diff === undefined) {
      sames.add(urn);
      return [step.same(old, now)];
    }
    updates.add(urn);
    return [step.update(old, now)];
  }

  function differs(old: State, now: State): ReturnType<Provider["diff"]> {
    if (now.replaceWith.some((urn) => replaces.has(urn))) return { replaces: ["replaceWith"] };
    if (now.custom) return provider.diff(old.id, old.outputs, now.inputs);
    return JSON.stringify(old.inputs) === JSON.stringify(now.inputs) ? undefined : { replaces: [] };
  }

  async function replaced(goal: Goal, old: State, now: State): Promise<readonly Step[]> {
    const { urn } = now;
    if (now.protect && old.protect) throw new Error(`${urn} is protected and cannot be replaced`);
    replaces.add(urn);
    if (now.custom) now.inputs = await check(urn, undefined, goal.properties);
    const dependents = [...dependentReplacements(old), ...replacedWith(urn)];
    const removals = dependents.reverse().flatMap((dependent): Step[] => {
      if (condemned.has(dependent)) return [];
      if (dependent.protect) throw new Error(`${dependent.urn} is protected and cannot be replaced with ${urn}`);
      deletes.add(dependent.urn);
      condemned.add(dependent);
      return [step.deleteReplaced(dependent)];
    });
    return [...removals, ...(old.pendingReplacement ? [] : [step.deleteReplaced(old)]), ...step.replacement(old, now)];
  }

  /** Returns the dependents of a resource that would be replaced if the values that they get from it changed. */
  function dependentReplacements(root: State): State[] {
    const replaceSet = new Set([root.urn]);
    // Resources that are already registered can no longer depend on it.
    const done = new Set([...creates, ...sames, ...updates, ...deletes, ...replaces]);
    return graph.dependingOn(root, done).filter((dependent) => {
      const required = isReplacedWith(dependent, replaceSet);
      if (required) replaceSet.add(dependent.urn);
      return required;
    });
  }

  function isReplacedWith(state: State, gone: ReadonlySet<string>): boolean {
    if (!state.custom) return false;
    const isOfGone = (key: string): boolean => state.propertyDependencies[key]?.some((urn) => gone.has(urn)) ?? false;
    const keys = Object.keys(state.inputs);
    if (!keys.some(isOfGone)) return false;
    const inputs = Object.fromEntries(keys.map((key) => [key, isOfGone(key) ? UNKNOWN : state.inputs[key]]));
    return (provider.diff(state.id, state.outputs, inputs)?.replaces.length ?? 0) > 0;
  }

  /** Returns the resources whose `replaceWith` names a resource. Their order is undefined, like that of a Go map. */
  function replacedWith(urn: string): State[] {
    const told = (states: Iterable<State>): State[] => [...states].filter((state) => state.replaceWith.includes(urn));
    const now = told(news.values());
    const before = told(base).filter((state) => !now.some((other) => other.urn === state.urn));
    return [...inAnyOrder(now, order), ...inAnyOrder(before, order)];
  }

  function isOperatedOn(state: State): boolean {
    const urn = names.nowOf(state.urn);
    return sames.has(urn) || updates.has(urn) || replaces.has(urn);
  }

  return {
    register,
    deletes() {
      const gone = base.filter((state) => !isOperatedOn(state));
      for (const { urn } of gone) deletes.add(urn);
      return antichains(
        gone.map((state) => (state.pendingReplacement ? step.forget(state) : step.delete(state))),
        (state) => graph.dependenciesOf(state),
      );
    },
    dependsOn: (state, other) => graph.needs(state).has(other),
  };
}

const stateOf = (goal: Goal, urn: string, alias: string | undefined): State => ({
  urn,
  type: goal.type,
  custom: goal.custom,
  id: "",
  inputs: goal.properties,
  outputs: {},
  parent: goal.parent,
  protect: goal.protect ?? false,
  retainOnDelete: goal.retainOnDelete ?? false,
  dependencies: goal.dependencies,
  propertyDependencies: goal.propertyDependencies,
  deletedWith: goal.deletedWith,
  replaceWith: goal.replaceWith,
  aliases: alias === undefined ? [] : [alias],
  ignoreChanges: goal.ignoreChanges,
  pendingReplacement: false,
});

/** Returns the program's properties, with the old values of those whose changes it ignores. */
const kept = ({ properties, ignoreChanges }: Goal, { inputs }: State): Props => ({
  ...properties,
  ...Object.fromEntries(ignoreChanges.flatMap((key) => (key in inputs ? [[key, inputs[key]]] : []))),
});

function inAnyOrder<T>(list: readonly T[], order: Order): T[] {
  const left = [...list];
  return list.map(() => order.take(left));
}

/** Divides deletes into groups: first those on which no other resource to be deleted depends. */
function antichains(steps: readonly Step[], dependenciesOf: (state: State) => ReadonlySet<State>): Step[][] {
  const left = new Map(steps.map((step) => [subjectOf(step), step]));
  const chains: Step[][] = [];
  while (left.size > 0) {
    const free = [...left.keys()].filter((state) => ![...dependenciesOf(state)].some((other) => left.has(other)));
    chains.push(free.flatMap((state) => left.get(state) ?? []));
    for (const state of free) left.delete(state);
  }
  return chains.reverse();
}
