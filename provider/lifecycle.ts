import { type ChangeRequest, createApplier } from "./change.ts";
import { claim } from "./claims.ts";
import { conflicts } from "./conflicts.ts";
import { type Diff, diffOf } from "./diff.ts";
import { MissingError, NotImportableError, SecretImportError } from "./errors.ts";
import { ForeignError, inTheWay } from "./existing-object.ts";
import { generatedValues, refuseGenerated } from "./generated.ts";
import { nextGenerations } from "./generations.ts";
import { isGivenUp } from "./given-up.ts";
import type { Kind, Observed, ProgramRun } from "./kind.ts";
import type { LifecycleContext } from "./lifecycle-context.ts";
import { noteLinkStates, overDownLink } from "./link-states.ts";
import { refuseMovedState } from "./moved-state.ts";
import { refuseIfNeeded } from "./needed.ts";
import { outputTexts } from "./output-text.ts";
import { isOfStack, isOwned, isSibling, stackOf } from "./owner.ts";
import { programArguments } from "./program-arguments.ts";
import { beside, defined, isFirstRead, type Properties, split } from "./properties.ts";
import { check, type Failure, hasUnknown, pickManaged, secretArguments } from "./schema.ts";
import { findSuspect } from "./suspects.ts";

/** The verbs that the engine calls. */
export interface Lifecycle {
  check(olds: object, news: Properties): { inputs: object; failures?: Failure[] };
  /** Returns the failures of inputs that have passed a check, of which the lab host must be asked; see {@link conflicts}. */
  conflicts(olds: object, inputs: Properties): Promise<Failure[]>;
  diff(id: string, olds: Properties, news: Properties): Diff;
  create(inputs: Properties): Promise<{ id: string; outs: object }>;
  /** Returns an empty id if the object no longer exists. */
  read(id: string, outputs: Properties): Promise<{ id: string; props?: object; inputs?: object }>;
  /** Reads the object with an id for a resource that takes it over. The mark in its state is the object's own: empty without one. */
  import(id: string, mark: string): Promise<{ id: string; props: object; inputs: object }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: object }>;
  delete(id: string, outputs: Properties): Promise<void>;
}

/** Creates the lifecycle of a kind of resource from the kind's definition. */
export function lifecycle<Args extends object, Seen extends Observed<Args>>(
  kind: Kind<Args, Seen>,
  context: LifecycleContext,
): Lifecycle {
  const { kernel, withLocks, withSnapshot, claims, down, ended, unchanged, suspects, warn, backend } = context;
  const applyChange = createApplier(kind, kernel, withLocks);
  const change: typeof applyChange = (own, request) => {
    context.killedRun.record(request.mark);
    return applyChange(own, request);
  };
  const run: ProgramRun = { ended, declared: () => [...new Set([...claims.values()].map(({ mark }) => mark))] };
  const tell = (advice: string | undefined): void => (advice === undefined ? undefined : warn(advice));

  return {
    check(olds, news) {
      const { __generated: _, ...known } = news;
      const { own: given, hidden: ofSdk } = split(known);
      const former = olds as Properties;
      const own = kind.generate?.(given, { ...split(former).own, ...former.__generated }) ?? given;
      const hidden = { ...ofSdk, ...generatedValues(given, own) };
      const texts = outputTexts(own);
      if (texts.length > 0) return { inputs: news, failures: texts };
      const checked = check(kind.schema, own);
      if ("failures" in checked) return { inputs: news, failures: checked.failures };
      const args = kind.applyDefaults?.(checked.args, news.__mark) ?? checked.args;
      const failures = hasUnknown(args)
        ? []
        : claim(claims, kind.claims(args, news.__mark), { mark: news.__mark, type: kind.type });
      if (kind.interfaces !== undefined) noteLinkStates(down, kind.interfaces(args));
      failures.push(...overDownLink(down, kind.leadsOver?.(args), news.__on));
      const generations = generationsOf(olds as Properties, { ...args, ...hidden });
      return { inputs: { ...defined(args), ...hidden, ...generations }, failures };
    },

    async conflicts(olds, inputs) {
      await findSuspect(kind, context, olds);
      return conflicts(kind, context, olds, inputs);
    },

    diff(_id, olds, news) {
      const found = diffOf(kind.schema, olds, news, ended);
      const isLost = isGivenUp(kind, context.givenUp, olds, news, found.changes) || suspects.has(news.__mark);
      const diff = { ...found, changes: found.changes || isLost };
      if (diff.changes) unchanged.delete(news.__mark);
      else unchanged.set(news.__mark, (holder) => takeBack(news, holder));
      return diff;
    },

    async create(inputs) {
      const { own, hidden } = typed(inputs);
      const { __mark: mark, __atHome: ownsPlace = false, __secret: secret } = inputs;
      const optimistic = { seen: undefined, desired: own, mark, ownsPlace, secret, run };
      const tryFirst = kind.createOptimistically?.(own, ownsPlace) ?? false;
      const seen = await change(own, { mark, observe: ensureChange(own, inputs), ...(tryFirst && { optimistic }) });
      tell(seen && kind.warnOverwritten?.(seen, own));
      tell(await adviceOf(kind.warn, own));
      return { id: kind.id(own, mark), outs: { ...own, ...extraStateOf(seen), ...hidden } };
    },

    async read(id, outputs) {
      const { own, hidden } = typed(outputs);
      if (outputs.__reference) {
        const found = kind.argsFromId && (await kind.observe(kernel, kind.argsFromId(id), outputs.__mark));
        if (found?.state !== undefined) return { id, props: { ...found.state, ...hidden } };
        if (!isFirstRead(outputs)) return { id: "" };
        throw new MissingError(`${kind.type} ${id}`);
      }
      refuseMovedState(outputs.__mark, backend);
      const seen = await withSnapshot((kernel) => kind.observe(kernel, own, outputs.__mark));
      if (seen?.state === undefined || !isOwned(kind, seen, outputs.__mark)) return { id: "" };
      const inputs = { ...pickManaged(kind.schema, seen.state, own), ...hidden };
      return { id, inputs, props: { ...inputs, ...extraStateOf(seen) } };
    },

    async import(id, mark) {
      const located = kind.argsFromId?.(id) ?? kind.argsOfImport?.(id);
      if (located === undefined) throw new NotImportableError(kind.type, id);
      const seen = await kind.observe(kernel, located, mark);
      if (seen?.state === undefined) throw new MissingError(`${kind.type} ${id}`);
      if (stackOf(seen.mark) !== undefined && !isOfStack(seen.mark, mark))
        throw new ForeignError(`${kind.type} ${id}`, seen.mark, mark);
      const state = (await kind.withContents?.(kernel, seen.state)) ?? seen.state;
      // The engine prints the code of an import.
      if (secretArguments(kind.schema, state).length > 0) throw new SecretImportError(`${kind.type} ${id}`);
      return {
        id: kind.id(state, mark),
        inputs: programArguments(kind, state, mark),
        props: { ...state, ...extraStateOf(seen), __mark: seen.mark ?? "" },
      };
    },

    async update(_id, olds, news) {
      const { own, hidden } = typed(news);
      refuseMovedState(olds.__mark, backend);
      const observe = ensureChange(own, news, olds);
      const seen = await change(own, { mark: news.__mark, former: typed(olds).own, observe });
      if (isTakenOver(typed(olds).own, olds.__mark)) await giveBack(typed(olds).own, olds.__mark);
      tell(seen && kind.warnOverwritten?.(seen, own));
      tell(await adviceOf(kind.warnLeftover, typed(olds).own));
      return { outs: { ...own, ...extraStateOf(seen), ...hidden } };
    },

    async delete(_id, outputs) {
      const [{ own }, mark] = [typed(outputs), outputs.__mark];
      refuseMovedState(mark, backend);
      if (isTakenOver(own, mark)) return giveBack(own, mark);
      await refuseIfNeeded(kind, context, own, mark);
      // A destroy declares nothing.
      const lost = claims.size === 0 ? [] : await kind.restores?.(kernel, own, (name) => claims.has(name));
      let held: string | undefined;
      const found = async () => void (held = await adviceOf(kind.heldBy, own));
      await change(own, { mark, observe: deleteChange(own, mark, found) });
      for (const command of lost ?? []) await kernel.run(command);
      await giveBack(own, mark);
      tell(held);
      tell(await adviceOf(kind.warnLeftover, own));
    },
  };

  /** Returns advice. Errors are ignored: a change does not fail because, for example, a firewall cannot be read. */
  async function adviceOf(on: Kind<Args, Seen>["warn"], args: Args): Promise<string | undefined> {
    return on?.(kernel, args).catch(() => undefined);
  }

  /** Returns whether another resource of the current program has taken over the names of a resource, and its object with them. */
  function isTakenOver(own: Args, mark: string): boolean {
    return kind.claims(own, mark).every(({ name }) => (claims.get(name)?.mark ?? mark) !== mark);
  }

  /**
   * Gives an object back to the resources that the program declares with its names again, after an up that failed had given it to another one.
   * Other resources have taken it over themselves.
   */
  async function giveBack(own: Args, mark: string): Promise<void> {
    const holders = new Set(kind.claims(own, mark).map(({ name }) => claims.get(name)?.mark ?? mark));
    for (const holder of holders) if (holder !== mark) await unchanged.get(holder)?.(mark);
  }

  /**
   * Makes the object of another resource that of a resource whose state says so already. If the up that failed had recreated it for the other one,
   * without the objects on it, those of all resources that do not change are restored.
   */
  async function takeBack(inputs: Properties, mark: string): Promise<void> {
    const { own } = typed(inputs);
    const observe = ensureChange(own, inputs, { ...inputs, __mark: mark });
    const seen = await change(own, { mark: inputs.__mark, former: own, observe });
    const isRecreated = kind.recreatesSibling && mark !== inputs.__mark && seen?.mark !== inputs.__mark;
    if (isRecreated) for (const [other, restore] of unchanged) await restore(other);
  }

  /** Returns the generations of the object's interfaces, if it has any. */
  function generationsOf(olds: Properties, news: Args): Pick<Properties, "__generations"> {
    const generations = kind.interfaces && nextGenerations(kind.interfaces, olds, news);
    return generations === undefined || Object.keys(generations).length === 0 ? {} : { __generations: generations };
  }

  /** Splits properties that have passed check, so that their own part has the type of the kind's arguments. */
  function typed(properties: Properties): { own: Args; hidden: object } {
    const { own, hidden } = split(properties);
    return { own: own as Args, hidden };
  }

  /** Observes for a create or an update. An owned object that already exists is changed from its current state. */
  function ensureChange(
    desired: Args,
    {
      __mark: mark,
      __adopt: adopt = false,
      __atHome: ownsPlace = false,
      __secret: secret,
      __generated: generated = {},
    }: Properties,
    olds?: Properties,
  ): ChangeRequest<Args, Seen>["observe"] {
    const was = olds === undefined ? undefined : typed(olds).own;
    const extra = was === undefined ? {} : beside(kind.schema.entries, was);
    return async (kernel) => {
      const seen = await kind.observe(kernel, { ...desired, ...extra }, olds?.__mark ?? mark, mark);
      const isKnown = olds !== undefined && seen !== undefined && isOwned(kind, seen, olds.__mark);
      if (seen !== undefined && !isKnown && !isOfStack(seen.mark, mark)) {
        const isAdopted = adopt && seen.state !== undefined;
        if (!isAdopted) throw inTheWay(`${kind.type} ${kind.id(desired, mark)}`, seen, mark);
        refuseGenerated(`${kind.type} ${kind.id(desired, mark)}`, generated, seen.state);
      }
      const isInTheWay = kind.recreatesSibling && !isKnown && isSibling(seen?.mark, mark);
      const present = seen && isInTheWay ? { ...seen, state: undefined } : seen;
      const isNew = olds === undefined && seen?.state === undefined;
      const replacedEqual = adopt && isNew ? await kind.replacesEqual?.(kernel, desired) : undefined;
      const isFormerTaken = was !== undefined && isTakenOver(was, mark);
      return {
        ...{ seen: present, was, desired, mark, isTakenOver: isFormerTaken, ownsPlace, secret, replacedEqual, run },
      };
    };
  }

  function deleteChange(own: Args, mark: string, found: () => Promise<void>): ChangeRequest<Args, Seen>["observe"] {
    return async (kernel) => {
      // The delete may have waited for its locks while the other resource took over the object.
      if (isTakenOver(own, mark)) return undefined;
      const seen = await kind.observe(kernel, own, mark);
      if (seen === undefined || !isOwned(kind, seen, mark)) return undefined;
      await found();
      return { seen, was: own, desired: undefined, mark };
    };
  }

  function extraStateOf(seen: Seen | undefined): object | undefined {
    return seen && kind.extraState?.(seen);
  }
}
