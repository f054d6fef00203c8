import { markOf } from "../provider/owner.ts";
import type { Resolved } from "./lab.ts";

/** Returns the mark of a piece where no engine sets it. */
export const markFor = ({ kind, name }: Resolved): string =>
  markOf({ project: "bench", stack: "dev", name, urn: `urn:pulumi:dev::bench::${kind}::${name}` });
