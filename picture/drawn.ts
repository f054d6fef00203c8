import type { ResourceView } from "../inspect/stack.ts";

/** The mark of a part of the picture; an unchanged part has none. */
export type ChangeMark = "added" | "changed" | "removed" | "missing" | "drifted";

/** A resource to draw. */
export interface Drawn extends ResourceView {
  readonly mark?: ChangeMark | undefined;
  /** Its inputs before the change. */
  readonly before?: ResourceView["inputs"] | undefined;
  /** Text to show with the mark: the properties that differ in the kernel. */
  readonly details?: readonly string[] | undefined;
}
