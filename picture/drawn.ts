import type { ResourceView } from "../inspect/stack.ts";

/** What is to be told of a part of the picture; nothing of what stays as it is. */
export type ChangeMark = "added" | "changed" | "removed" | "missing" | "drifted";

/** A resource as it is drawn. */
export interface Drawn extends ResourceView {
  readonly mark?: ChangeMark | undefined;
  /** What it was made with before the change. */
  readonly before?: ResourceView["inputs"] | undefined;
  /** What is to be told beside the mark: which properties differ in the kernel. */
  readonly details?: readonly string[] | undefined;
}
