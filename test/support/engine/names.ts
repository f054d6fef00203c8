import type { Alias, Goal } from "./goal.ts";
import type { Snapshot, State } from "./state.ts";
import { nameOf, qualifiedTypeOf, STACK, type StackName, typeOf, urnOf } from "./urn.ts";

/** The names under which the state knows the resources of a run. */
export interface Names {
  /** Returns the state of a resource before this run, by its URN or one of its aliases, and the alias that matched. */
  find(goal: Goal, urn: string): { old: State | undefined; alias: string | undefined };
  /** Returns the current URN of a resource in the state. */
  nowOf(urn: string): string;
}

/** @param seen The URNs that this run has registered. */
export function namesIn(snapshot: Snapshot, stack: StackName, seen: ReadonlySet<string>): Names {
  const olds = new Map(snapshot.map((state) => [state.urn, state]));
  const nowByOld = new Map<string, string>();
  const oldByNow = new Map<string, string>();

  function urnOfAlias({ name, type, parent }: Goal, alias: Alias): string {
    if (alias.urn !== undefined) return alias.urn;
    const above = alias.parent === undefined ? parent : (oldByNow.get(alias.parent) ?? alias.parent);
    return urnOf(
      { project: alias.project ?? stack.project, stack: alias.stack ?? stack.stack },
      alias.noParent || above === undefined || qualifiedTypeOf(above) === STACK ? undefined : above,
      alias.type ?? type,
      alias.name ?? name,
    );
  }

  /** Returns the URN of a child under its parent's former name, which is also replaced at the beginning of the child's name. */
  function urnBelow(parent: string, before: string, type: string, name: string): string {
    const parentName = nameOf(parent);
    const own = name.startsWith(parentName) ? nameOf(before) + name.slice(parentName.length) : name;
    return urnOf(stack, before, type, own);
  }

  function candidates(goal: Goal): string[] {
    const own = goal.aliases.map((alias) => urnOfAlias(goal, alias));
    const { parent } = goal;
    const before = parent === undefined ? undefined : oldByNow.get(parent);
    if (parent === undefined || before === undefined) return own;
    return [
      ...own,
      urnBelow(parent, before, goal.type, goal.name),
      ...own.map((urn) => urnBelow(parent, before, typeOf(urn), nameOf(urn))),
    ];
  }

  return {
    find(goal, urn) {
      if (nowByOld.has(urn)) throw new Error(`${urn} is the alias of another resource already`);
      const found = [urn, ...candidates(goal)].find((one) => olds.has(one));
      if (found === undefined) return { old: undefined, alias: undefined };
      if (found === urn) return { old: olds.get(urn), alias: undefined };
      if (seen.has(found) || nowByOld.has(found)) throw new Error(`${urn} has an alias that another resource is`);
      nowByOld.set(found, urn);
      oldByNow.set(urn, found);
      return { old: olds.get(found), alias: found };
    },
    nowOf: (urn) => nowByOld.get(urn) ?? urn,
  };
}
