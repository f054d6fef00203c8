import type fc from "fast-check";
import type { Kind } from "../../provider/kind.ts";

/** What the tests of all kinds need to know of one. It lies beside the kind's own test, in `test/kinds/x.sample.ts`. */
export interface KindSample {
  /** Arguments that are right, in no particular spelling. */
  readonly args: fc.Arbitrary<Record<string, unknown>>;
  /** Arguments that are right, in the kernel's spelling; together they hold every argument that can stand beside the others. */
  readonly examples: readonly object[];
  /** The arguments that have no default. */
  readonly required: readonly string[];
  /** The dotted paths of the arguments that a change of replaces the object for. */
  readonly replaces: readonly string[];
  /** The arguments that the kernel chooses where they are left out. */
  readonly leftToKernel: readonly string[];
  /** By argument, the value that would be wrong in most others and is right in this one. */
  readonly right?: Readonly<Record<string, unknown>>;
}

/** A sample with the kind that it is of. */
export const kindSample = (kind: { readonly type: string }, sample: KindSample) => ({
  type: kind.type,
  // Kinds differ in the types of their arguments, and the tests of all kinds give each the arguments of its own sample.
  kind: kind as unknown as Kind,
  ...sample,
});
