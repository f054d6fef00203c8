import { changer, type Intent } from "./change.ts";
import { ForeignError } from "./errors.ts";
import type { Glance } from "./kernel/glance.ts";
import type { Kernel } from "./kernel/kernel.ts";
import type { Kind, Observed } from "./kind.ts";
import { stackOf } from "./owner.ts";
import { changes, check, declared, type Failure, type Fields, hasUnknown } from "./schema.ts";

/** Properties as the engine keeps them: a kind's arguments, and beside them what the SDK adds. */
export interface Properties extends Record<string, unknown> {
  /** Who the resource is; see {@link markOf}. */
  readonly __mark: string;
  /** The links that the object lies on, by the names of their ends. With one of them goes the object. */
  readonly __on?: readonly string[];
  /** Whether an object that is somebody else's is taken over. */
  readonly __adopt?: boolean;
  /** Whether the resource is only a reference to an object, whoever made it. */
  readonly __reference?: boolean;
}

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

/** Who claims which name in the kernel, among the resources of the program that is being run. */
export type Claims = Map<string, string>;

/** What the lives of all kinds share. */
export interface Surroundings {
  readonly kernel: Kernel;
  readonly glance: Glance;
  readonly claims: Claims;
  /** Gives advice to whoever runs the program. */
  readonly say: (text: string) => void;
}

/** The life of a resource, over what its kind says of itself. */
export function lifecycle<Args extends object, Seen extends Observed<Args>>(
  kind: Kind<Args, Seen>,
  { kernel, glance, claims, say }: Surroundings,
): Lifecycle {
  const change = changer(kind, kernel);

  return {
    check(_olds, news) {
      const { own, hidden } = split(news);
      const checked = check(kind.schema, own);
      if ("failures" in checked) return { inputs: news, failures: checked.failures };
      const args = kind.complete?.(checked.args, news.__mark) ?? checked.args;
      const failures = hasUnknown(args) ? [] : claim(claims, kind.claims(args, news.__mark), news.__mark);
      return { inputs: { ...present(args), ...hidden }, failures };
    },

    diff(_id, olds, news) {
      const differ = changes(kind.schema, split(olds).own, split(news).own);
      const replaces = differ.filter((change) => change.replaces).map((change) => change.property);
      // An object goes with the link that it lies on, also where another link takes over the name.
      if (olds.__on?.some((link) => !news.__on?.includes(link))) replaces.push("__on");
      return {
        changes: differ.length > 0 || replaces.length > 0 || olds.__mark !== news.__mark,
        replaces,
        // Names in the kernel are unique: what is there must go before its successor can be made.
        deleteBeforeReplace: true,
      };
    },

    async create(inputs) {
      const { own, hidden } = take(inputs);
      const unseen = { seen: undefined, desired: own, mark: inputs.__mark };
      const seen = await change(own, { look: toward(own, inputs), ...(kind.eager && { unseen }) });
      // Advice only: what has been made is not to fail because a firewall cannot be looked at.
      const warning = await kind.warn?.(kernel, own).catch(() => undefined);
      if (warning !== undefined) say(warning);
      return { id: kind.id(own, inputs.__mark), outs: { ...own, ...kept(seen), ...hidden } };
    },

    async read(id, outputs) {
      const { own, hidden } = take(outputs);
      if (outputs.__reference) {
        const found = kind.locate && (await kind.observe(kernel, kind.locate(id), outputs.__mark));
        if (found?.state !== undefined) return { id, props: { ...found.state, ...hidden } };
        // A refresh brings the state along, and may learn that the object is gone. A program must not go on without it.
        if (Object.keys(own).length > 0) return { id: "" };
        throw new Error(`there is no ${kind.type} ${id} to refer to`);
      }
      const seen = await glance((kernel) => kind.observe(kernel, own, outputs.__mark));
      if (seen?.state === undefined || !proven(seen, outputs.__mark)) return { id: "" };
      const inputs = { ...declared(kind.schema, seen.state, own), ...hidden };
      return { id, inputs, props: { ...inputs, ...kept(seen) } };
    },

    async update(_id, olds, news) {
      const { own, hidden } = take(news);
      const seen = await change(own, { look: toward(own, news, olds) });
      return { outs: { ...own, ...kept(seen), ...hidden } };
    },

    async delete(_id, outputs) {
      const { own } = take(outputs);
      const mark = outputs.__mark;
      // A resource of the program that is being run has taken the name over, and with it the object.
      if (kind.claims(own, mark).every((name) => (claims.get(name) ?? mark) !== mark)) return;
      await change(own, { look: away(own, mark) });
    },
  };

  /** Properties that have been through check are the kind's arguments. */
  function take(properties: Properties): { own: Args; hidden: object } {
    const { own, hidden } = split(properties);
    return { own: own as Args, hidden };
  }

  /** Create and update are one flow. What is there already, and ours, is taken on from where it is. */
  function toward(
    desired: Args,
    { __mark: mark, __adopt: adopt = false }: Properties,
    olds?: Properties,
  ): Intent<Args, Seen>["look"] {
    const was = olds === undefined ? undefined : take(olds).own;
    const remembered = was === undefined ? {} : beside(kind.schema.entries, was);
    return async (kernel) => {
      const seen = await kind.observe(kernel, { ...desired, ...remembered }, olds?.__mark ?? mark);
      const known = olds !== undefined && seen !== undefined && proven(seen, olds.__mark);
      if (seen !== undefined && !known && stackOf(seen.mark) !== stackOf(mark)) {
        const takenOver = adopt && seen.state !== undefined;
        if (!takenOver)
          throw new ForeignError(
            `${kind.type} ${kind.id(desired, mark)}`,
            stackOf(seen.mark),
            seen.state !== undefined,
          );
      }
      return { seen, was, desired, mark };
    };
  }

  function away(own: Args, mark: string): Intent<Args, Seen>["look"] {
    return async (kernel) => {
      const seen = await kind.observe(kernel, own, mark);
      if (seen === undefined || !proven(seen, mark)) return undefined;
      return { seen, was: own, desired: undefined, mark };
    };
  }

  function kept(seen: Seen | undefined): object | undefined {
    return seen && kind.keep?.(seen);
  }

  /** Whether what was seen is the resource's own. A name alone proves nothing: somebody else may have taken it. */
  function proven(seen: Seen, mark: string): boolean {
    return kind.proof === "state" || seen.mark === mark;
  }
}

/** Claims names for the resource that bears the mark, and tells of those that another has. */
function claim(claims: Claims, names: readonly string[], mark: string): Failure[] {
  return names.flatMap((name) => {
    const holder = claims.get(name) ?? mark;
    claims.set(name, holder);
    return holder === mark ? [] : [{ property: "", reason: twice(name, holder) }];
  });
}

const twice = (name: string, holder: string): string =>
  `two resources of this program ask for the same ${name}; the other is ${holder}. Give one of them another name`;

/** Takes properties apart: a kind's own, and those of the SDK and the engine, which begin with two underscores. */
function split(properties: Properties): { own: object; hidden: object } {
  const entries = Object.entries(properties);
  return {
    own: Object.fromEntries(entries.filter(([key]) => !key.startsWith("__"))),
    hidden: Object.fromEntries(entries.filter(([key]) => key.startsWith("__"))),
  };
}

/** Arguments without those that are undefined, at any depth: the engine knows only what is there. */
const present = (args: object): object =>
  Object.fromEntries(
    Object.entries(args).flatMap(([key, value]: [string, unknown]) =>
      value === undefined ? [] : [[key, isGroup(value) ? present(value) : value]],
    ),
  );

const isGroup = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a kind keeps in the state beside its arguments. */
const beside = (fields: Fields, own: object): object =>
  Object.fromEntries(Object.entries(own).filter(([key]) => !(key in fields)));
