import type { Attachments } from "./attachments.ts";
import type { Generations } from "./generations.ts";
import type { Fields } from "./schema.ts";

/** Properties as the engine keeps them: a kind's arguments, and beside them what the SDK adds. */
export interface Properties extends Record<string, unknown> {
  /** The resource's mark; see {@link markOf}. */
  readonly __mark: string;
  /** The links that the object lies on; see {@link liesElsewhere}. */
  readonly __on?: Attachments;
  /** The objects and settings that the object is attached to; see {@link followsOther}. */
  readonly __follows?: Attachments;
  /**
   * The resources whose replacement takes the object from the kernel. The engine looks for dependents of a resource that it replaces
   * with this property unknown.
   */
  readonly __restsOn?: readonly string[];
  /** The generations of the object's interfaces, which the provider counts itself. */
  readonly __generations?: Generations;
  /** Whether the program makes the place that the object is in. */
  readonly __atHome?: boolean;
  /** Whether an object that is somebody else's is taken over. */
  readonly __adopt?: boolean;
  /** Whether the resource is only a reference to an object, whoever made it. */
  readonly __reference?: boolean;
  /** The dotted paths of arguments that are secret. */
  readonly __secret?: readonly string[];
}

/** Takes properties apart: a kind's own, and those of the SDK and the engine, which begin with two underscores. */
export function split(properties: Properties): { own: object; hidden: object } {
  const entries = Object.entries(properties);
  return {
    own: Object.fromEntries(entries.filter(([key]) => !key.startsWith("__"))),
    hidden: Object.fromEntries(entries.filter(([key]) => key.startsWith("__"))),
  };
}

/** Arguments without those that are undefined, at any depth: the engine knows only what is there. */
export const defined = (args: object): object =>
  Object.fromEntries(
    Object.entries(args).flatMap(([key, value]: [string, unknown]) =>
      value === undefined ? [] : [[key, isGroup(value) ? defined(value) : value]],
    ),
  );

const isGroup = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a kind keeps in the state beside its arguments. */
export const beside = (fields: Fields, own: object): object =>
  Object.fromEntries(Object.entries(own).filter(([key]) => !(key in fields)));
