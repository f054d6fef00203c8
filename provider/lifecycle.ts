import { changer, type Intent } from "./change.ts";
import { type Claims, claim } from "./claims.ts";
import { ForeignError, MissingError, MovedStateError, NeededError } from "./errors.ts";
import { nextGenerations } from "./generations.ts";
import type { Glance } from "./kernel/client/snapshot.ts";
import type { Kernel } from "./kernel/kernel.ts";
import type { Kind, Observed, Run } from "./kind.ts";
import { type DownLinks, noteLinkStates, overDownLink } from "./link-states.ts";
import { backendOf, isOfStack, isSibling, stackOf } from "./owner.ts";
import { beside, type Properties, present, split } from "./properties.ts";
import { changes, check, declared, type Failure, hasUnknown } from "./schema.ts";
import { followsOther, liesElsewhere } from "./ties.ts";

/** The verbs that the engine calls. */
export interface Lifecycle {
  check(olds: object, news: Properties): { inputs: object; failures?: Failure[] };
  diff(id: string, olds: Properties, news: Properties): Diff;
  create(inputs: Properties): Promise<{ id: string; outs: object }>;
  /** An empty id says that the object is gone. */
  read(id: string, outputs: Properties): Promise<{ id: string; props?: object; inputs?: object }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: object }>;
  delete(id: string, outputs: Properties): Promise<void>;
}

export interface Diff {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: true;
}

/** What the lives of all kinds share. */
export interface Surroundings {
  readonly kernel: Kernel;
  readonly glance: Glance;
  readonly claims: Claims;
  readonly down: DownLinks;
  /** See {@link Run.ended}. */
  readonly ended: Set<string>;
  /** Gives advice to the user who runs the program. */
  readonly say: (text: string) => void;
  /**
   * The backend of the state, where it lies in files: a state that says another has been copied or moved from there.
   * Undefined where a copy of the project's folder is no other state.
   */
  readonly backend?: string | undefined;
}

/** The life of a resource, over what its kind says of itself. */
export function lifecycle<Args extends object, Seen extends Observed<Args>>(
  kind: Kind<Args, Seen>,
  { kernel, glance, claims, down, ended, say, backend }: Surroundings,
): Lifecycle {
  const change = changer(kind, kernel);
  const run: Run = { ended, declared: () => [...new Set([...claims.values()].map(({ mark }) => mark))] };

  return {
    check(olds, news) {
      const { own, hidden } = split(news);
      const checked = check(kind.schema, own);
      if ("failures" in checked) return { inputs: news, failures: checked.failures };
      const args = kind.complete?.(checked.args, news.__mark) ?? checked.args;
      const failures = hasUnknown(args) ? [] : claim(claims, kind.claims(args, news.__mark), news.__mark);
      if (kind.interfaces !== undefined) noteLinkStates(down, kind.interfaces(args));
      failures.push(...overDownLink(down, kind.leadsOver?.(args), news.__on));
      const generations =
        kind.interfaces && nextGenerations(kind.interfaces, olds as Properties, { ...args, ...hidden });
      return { inputs: { ...present(args), ...hidden, ...(generations && { __generations: generations }) }, failures };
    },

    diff(_id, olds, news) {
      const differ = changes(kind.schema, split(olds).own, split(news).own);
      const replaces = differ.filter((change) => change.replaces).map((change) => change.property);
      if (liesElsewhere(olds.__on, news.__on)) replaces.push("__on");
      if (hasUnknown(news.__restsOn)) replaces.push("__restsOn");
      return {
        changes:
          differ.length > 0 ||
          replaces.length > 0 ||
          olds.__mark !== news.__mark ||
          ended.has(news.__mark) ||
          followsOther(olds.__follows, news.__follows),
        replaces,
        // Names in the kernel are unique: what is there must go before its successor can be made.
        deleteBeforeReplace: true,
      };
    },

    async create(inputs) {
      const { own, hidden } = take(inputs);
      const { __mark: mark, __atHome: atHome = false } = inputs;
      const unseen = { seen: undefined, desired: own, mark, atHome, run };
      const tries = kind.eager?.(own, atHome) ?? false;
      const seen = await change(own, { mark, look: toward(own, inputs), ...(tries && { unseen }) });
      await advise(kind.warn, own);
      return { id: kind.id(own, mark), outs: { ...own, ...kept(seen), ...hidden } };
    },

    async read(id, outputs) {
      const { own, hidden } = take(outputs);
      if (outputs.__reference) {
        const found = kind.locate && (await kind.observe(kernel, kind.locate(id), outputs.__mark));
        if (found?.state !== undefined) return { id, props: { ...found.state, ...hidden } };
        // A refresh brings the state along, and may learn that the object is gone. A program must not go on without it.
        if (Object.keys(own).length > 0) return { id: "" };
        throw new MissingError(`${kind.type} ${id}`);
      }
      refuseMoved(outputs.__mark);
      const seen = await glance((kernel) => kind.observe(kernel, own, outputs.__mark));
      if (seen?.state === undefined || !proven(seen, outputs.__mark)) return { id: "" };
      const inputs = { ...declared(kind.schema, seen.state, own), ...hidden };
      return { id, inputs, props: { ...inputs, ...kept(seen) } };
    },

    async update(_id, olds, news) {
      const { own, hidden } = take(news);
      refuseMoved(olds.__mark);
      const seen = await change(own, { mark: news.__mark, look: toward(own, news, olds) });
      await advise(kind.outlived, take(olds).own);
      return { outs: { ...own, ...kept(seen), ...hidden } };
    },

    async delete(_id, outputs) {
      const [{ own }, mark] = [take(outputs), outputs.__mark];
      refuseMoved(mark);
      // Another resource of the program that is being run has taken over the names, and with them the object.
      if (kind.claims(own, mark).every(({ name }) => (claims.get(name)?.mark ?? mark) !== mark)) return;
      await refuseToTakeAlong(own, mark);
      let held: string | undefined;
      const found = async () => void (held = await adviceOf(kind.heldBy, own));
      await change(own, { mark, look: away(own, mark, found) });
      if (held !== undefined) say(held);
      await advise(kind.outlived, own);
    },
  };

  async function advise(on: Kind<Args, Seen>["warn"], args: Args): Promise<void> {
    const advice = await adviceOf(on, args);
    if (advice !== undefined) say(advice);
  }

  /** Advice only: a change does not fail because, for example, a firewall cannot be looked at. */
  async function adviceOf(on: Kind<Args, Seen>["warn"], args: Args): Promise<string | undefined> {
    return on?.(kernel, args).catch(() => undefined);
  }

  /** Refuses a delete with which an object would go that the program still declares. */
  async function refuseToTakeAlong(own: Args, mark: string): Promise<void> {
    if (kind.takesAlong === undefined || claims.size === 0) return;
    const names = await kind.takesAlong(kernel, own);
    const needed = names.find((name) => claims.has(name));
    if (needed !== undefined)
      throw new NeededError(`${kind.type} ${kind.id(own, mark)}`, needed, claims.get(needed)?.mark);
  }

  /** Refuses a state that was copied from elsewhere: its objects belong to the stack that it was copied from. */
  function refuseMoved(mark: string): void {
    const origin = backendOf(mark);
    if (backend === undefined || origin === undefined || origin === backend) return;
    if (process.env["PULUMI_NETNS_MOVED_FROM"] !== origin) throw new MovedStateError(stackOf(mark), origin);
  }

  /** Properties that have been through check are the kind's arguments. */
  function take(properties: Properties): { own: Args; hidden: object } {
    const { own, hidden } = split(properties);
    return { own: own as Args, hidden };
  }

  /** Create and update are one flow. What is there already, and ours, is taken on from where it is. */
  function toward(
    desired: Args,
    { __mark: mark, __adopt: adopt = false, __atHome: atHome = false }: Properties,
    olds?: Properties,
  ): Intent<Args, Seen>["look"] {
    const was = olds === undefined ? undefined : take(olds).own;
    const remembered = was === undefined ? {} : beside(kind.schema.entries, was);
    return async (kernel) => {
      const seen = await kind.observe(kernel, { ...desired, ...remembered }, olds?.__mark ?? mark, mark);
      const known = olds !== undefined && seen !== undefined && proven(seen, olds.__mark);
      if (seen !== undefined && !known && !isOfStack(seen.mark, mark)) {
        const takenOver = adopt && seen.state !== undefined;
        if (!takenOver)
          throw new ForeignError(`${kind.type} ${kind.id(desired, mark)}`, seen.mark, mark, seen.state !== undefined);
      }
      const isInTheWay = kind.remakes && !known && isSibling(seen?.mark, mark);
      return { seen: seen && isInTheWay ? { ...seen, state: undefined } : seen, was, desired, mark, atHome, run };
    };
  }

  function away(own: Args, mark: string, found: () => Promise<void>): Intent<Args, Seen>["look"] {
    return async (kernel) => {
      const seen = await kind.observe(kernel, own, mark);
      if (seen === undefined || !proven(seen, mark)) return undefined;
      await found();
      return { seen, was: own, desired: undefined, mark };
    };
  }

  function kept(seen: Seen | undefined): object | undefined {
    return seen && kind.keep?.(seen);
  }

  /** Whether an object that was seen is the resource's own. A name alone proves nothing: another may have taken it. */
  function proven(seen: Seen, mark: string): boolean {
    if (kind.proof === "mark") return seen.mark === mark;
    return stackOf(seen.mark) === undefined || isOfStack(seen.mark, mark);
  }
}
