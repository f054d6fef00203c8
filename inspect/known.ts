import { kindOf } from "./kind-of.ts";
import type { StackView } from "./stack.ts";

/**
 * The names in the kernel that the resources of a state have, as their kinds claim them. The stack is to be read with its
 * secrets revealed, for a name may be one.
 */
export const namesIn = ({ resources }: StackView): ReadonlySet<string> =>
  new Set(
    resources.flatMap(({ type, outputs }) =>
      kindOf(type)
        .claims(outputs, String(outputs["__mark"]))
        .map(({ name }) => name),
    ),
  );
