import * as v from "valibot";
import type { NftRuleset, RuleInTable } from "../kernel/tools/nft.ts";

/**
 * Returns the first part of a rule that matches a set with a name, such as `iifname @lans`; undefined if there is none. `nft --json` shows an
 * interface whose name begins with `@` in the same way, so that only the sets of the table tell them apart.
 */
export const setReference = ({ family, table, expr }: RuleInTable, { sets }: NftRuleset): unknown =>
  expr.find((part) => {
    const reference = v.safeParse(REFERENCE, part);
    return (
      reference.success &&
      sets.some(
        (set) => set.family === family && set.table === table && `@${set.name}` === reference.output.match.right,
      )
    );
  });

const REFERENCE = v.object({ match: v.object({ right: v.string() }) });
