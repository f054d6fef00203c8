import { kindOf } from "../provider/kind-of.ts";
import type { StackView } from "./stack.ts";

/**
 * Returns the kernel names of a state's resources, as their kinds claim them. The stack must be read with its secrets
 * revealed, because a name may be secret.
 */
export const namesIn = ({ resources }: StackView): ReadonlySet<string> =>
  new Set(
    resources.flatMap(({ type, outputs }) =>
      kindOf(type)
        .claims(outputs, String(outputs["__mark"]))
        .map(({ name }) => name),
    ),
  );
