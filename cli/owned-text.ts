import type { Thing } from "../inspect/owned/types.ts";
import { columns } from "./output.ts";

/** Things in the kernel, one a line. */
export const thingsText = (things: readonly Thing[]): string => columns(things.map(row));

/** A thing as data. */
export const plainThing = ({ what, namespace, name }: Thing): Thing => ({ what, namespace, name });

const row = ({ what, namespace, name }: Thing): string[] => [
  what,
  name,
  what === "namespace" ? "with everything in it" : namespace === undefined ? "" : `in ${namespace}`,
];
