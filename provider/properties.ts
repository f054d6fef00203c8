import type { Attachments } from "./attachments.ts";
import type { Generations } from "./generations.ts";
import type { SshAddress } from "./kernel/client/ssh.ts";
import type { Fields } from "./schema.ts";

/** Properties as the engine stores them: a kind's arguments, and the hidden properties that the SDK adds. */
export interface Properties extends Record<string, unknown> {
  /** The name of the lab host; absent for this machine. */
  readonly host?: string;
  /** The address of the lab host. */
  readonly __ssh?: SshAddress;
  /** The resource's mark; see {@link markOf}. */
  readonly __mark: string;
  /** The links that the object depends on; see {@link isDetached}. */
  readonly __on?: Attachments;
  /** The objects and settings that the object is attached to; see {@link isFollowedChanged}. */
  readonly __follows?: Attachments;
  /**
   * The resources whose replacement deletes the object in the kernel. When the engine replaces a resource, it searches for
   * dependents with this property unknown.
   */
  readonly __restsOn?: readonly string[];
  /** The generations of the object's interfaces, which the provider maintains itself. */
  readonly __generations?: Generations;
  /** The option `replaceOnChanges`. The engine applies it to the differences that a provider reports, which a dynamic one cannot report. */
  readonly __replaceOn?: readonly string[];
  /** Whether the program creates the place that the object is in. */
  readonly __atHome?: boolean;
  /** Whether the resource takes over an existing object that the stack does not own. */
  readonly __adopt?: boolean;
  /** Whether the resource is only a reference to an object, whatever created the object. */
  readonly __reference?: boolean;
  /**
   * The values that were generated for arguments that the program does not give. A refresh keeps them, so that a change by hand is drift.
   * They may be secrets, so all of them are in the state as one.
   */
  readonly __generated?: Readonly<Record<string, unknown>>;
  /** The dotted paths of arguments that are secret. */
  readonly __secret?: readonly string[];
}

/** Splits properties into the kind's own and the hidden ones of the SDK and the engine, which begin with two underscores. */
export function split(properties: Properties): { own: Record<string, unknown>; hidden: object } {
  const entries = Object.entries(properties);
  return {
    own: Object.fromEntries(entries.filter(([key]) => !key.startsWith("__"))),
    hidden: Object.fromEntries(entries.filter(([key]) => key.startsWith("__"))),
  };
}

/**
 * Returns true if a program reads the object that it refers to, without which it must not continue. A refresh reads the object too, and
 * passes its state.
 */
export const isFirstRead = (properties: Properties): boolean =>
  properties.__reference === true && Object.keys(split(properties).own).length === 0;

/** Returns arguments without undefined values, at any depth: the engine stores only values that are present. */
export const defined = <T extends object>(args: T): T => withoutUndefined(args) as T;

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, withoutUndefined(inner)]])),
  );
}

/** Returns the values that a kind stores in the state in addition to its arguments. */
export const beside = (fields: Fields, own: object): object =>
  Object.fromEntries(Object.entries(own).filter(([key]) => !(key in fields)));
