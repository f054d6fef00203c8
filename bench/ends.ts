import { lifecycles } from "../provider/host.ts";
import { oneByOne } from "../provider/kernel/kernel.ts";
import { onlyStar } from "./columns/column.ts";
import { resolve } from "./lab.ts";
import { star } from "./labs/star.ts";
import { markFor } from "./mark.ts";

/** The properties of a column in which addresses and gateways are arguments of the ends of veth pairs. */
export const ON_ENDS = { ends: true, cannot: onlyStar, absent: lackOfEnds };

/** Returns why the ends of veth pairs cannot have addresses and gateways; undefined if the provider supports them. */
function lackOfEnds(): string | undefined {
  const lives = lifecycles(oneByOne(() => Promise.reject(new Error("a check touches nothing"))));
  const refused = resolve(star(1, { ends: true }).pieces).some((piece) => {
    const news = { ...piece.inputs, __mark: markFor(piece) };
    return (lives.get(piece.kind)?.check({}, news).failures ?? []).length > 0;
  });
  return refused ? "absent: this version takes no addresses and gateways there" : undefined;
}
