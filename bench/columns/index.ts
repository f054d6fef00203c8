import type { Column } from "./column.ts";
import { ifstate } from "./ifstate.ts";
import { mininet } from "./mininet.ts";
import { provider, providerEnds } from "./provider.ts";
import { empty, emptySkip, up, upEnds, upEndsSkip, upSkip, yamlEndsSkip, yamlSkip } from "./pulumi.ts";
import { bash, batch } from "./shell.ts";

/** All columns, in the order of a table. */
export const columns: readonly Column[] = [
  batch,
  bash,
  provider,
  providerEnds,
  empty,
  up,
  upEnds,
  emptySkip,
  upSkip,
  upEndsSkip,
  yamlSkip,
  yamlEndsSkip,
  mininet,
  ifstate,
];
