import type { Drift } from "../inspect/drift.ts";
import type { ResourceView } from "../inspect/stack.ts";

/**
 * The mark of a part of the picture; an unchanged part has none. An `undeclared` part is in the kernel, and no resource declares it. Of
 * an `unknown` part, the lab host cannot be reached.
 */
export type ChangeMark = "added" | "changed" | "removed" | "missing" | "drifted" | "undeclared" | "unknown";

/** A resource to draw. */
export interface Drawn extends ResourceView {
  readonly mark?: ChangeMark | undefined;
  /** Its inputs before the change. */
  readonly before?: ResourceView["inputs"] | undefined;
  /** The properties that a mark `changed` or `drifted` concerns; undefined if it concerns the whole object. */
  readonly drift?: readonly Drift[] | undefined;
  /** Text to show with the mark: the properties that differ in the kernel. */
  readonly details?: readonly string[] | undefined;
}

/**
 * Returns the mark of a part of a resource: of a property such as `a.mtu`, of all properties below `a`, or of one item of a list.
 */
export function markAt({ mark, drift }: Drawn, property: string, item?: string): ChangeMark | undefined {
  if (mark === undefined || drift === undefined) return mark;
  const parts = drift.filter((part) => part.property === property || part.property.startsWith(`${property}.`));
  const isSame = (list: unknown): boolean => item !== undefined && Array.isArray(list) && list.includes(item);
  return parts.every(({ was, is }) => isSame(was) && isSame(is)) ? undefined : mark;
}
