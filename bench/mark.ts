import { markOf } from "../provider/owner.ts";
import type { Resolved } from "./lab.ts";

/** The mark of a piece where no engine gives it one. */
export const markFor = ({ kind, name }: Resolved): string =>
  markOf({ project: "bench", stack: "dev", name, urn: `urn:pulumi:dev::bench::${kind}::${name}` });
