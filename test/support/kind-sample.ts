import type fc from "fast-check";
import type { Kind } from "../../provider/kind.ts";

/** The data that the tests of all kinds need for each kind. It is beside the kind's own test, in `test/kinds/x.sample.ts`. */
export interface KindSample {
  /** Valid arguments, in any spelling. */
  readonly args: fc.Arbitrary<Record<string, unknown>>;
  /** Valid arguments in the kernel's spelling; together they contain every argument that can be combined with the others. */
  readonly examples: readonly object[];
  /** The arguments without a default. */
  readonly required: readonly string[];
  /** The dotted paths of the arguments whose change replaces the object. */
  readonly replaces: readonly string[];
  /** The arguments that the kernel chooses if they are omitted. */
  readonly leftToKernel: readonly string[];
  /** By argument, a value that would be invalid in most other kinds and is valid in this one. */
  readonly right?: Readonly<Record<string, unknown>>;
}

/** Returns a sample with its kind. */
export const kindSample = (kind: { readonly type: string }, sample: KindSample) => ({
  type: kind.type,
  // The argument types of kinds differ, and the tests of all kinds give each kind the arguments of its own sample.
  kind: kind as unknown as Kind,
  ...sample,
  args: sample.args.filter(isOnAnother),
});

/** A link cannot be on itself. */
const isOnAnother = ({ name, link }: Record<string, unknown>): boolean => name === undefined || name !== link;
