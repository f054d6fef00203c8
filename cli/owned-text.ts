import type { Thing } from "../inspect/owned/types.ts";
import { columns } from "./output.ts";

/** Lists objects in the kernel, one per line. */
export const thingsText = (things: readonly Thing[]): string => columns(things.map(row));

/** Returns an object for JSON output. */
export const plainThing = ({ what, namespace, name }: Thing): Thing => ({ what, namespace, name });

const row = ({ what, namespace, name }: Thing): string[] => [
  what,
  name,
  what === "namespace" ? "with everything in it" : namespace === undefined ? "" : `in ${namespace}`,
];
