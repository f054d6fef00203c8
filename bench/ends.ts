import { lifecycles } from "../provider/host.ts";
import { oneByOne } from "../provider/kernel/kernel.ts";
import { onlyStar } from "./columns/column.ts";
import { resolve } from "./lab.ts";
import { star } from "./labs/star.ts";
import { markFor } from "./mark.ts";

/** What a column says of itself that tells addresses and gateways on the ends of cables. */
export const ON_ENDS = { ends: true, cannot: onlyStar, absent: lackOfEnds };

/** Why addresses and gateways cannot be told on the ends of cables; undefined when the provider takes them there. */
function lackOfEnds(): string | undefined {
  const lives = lifecycles(oneByOne(() => Promise.reject(new Error("a check touches nothing"))));
  const refused = resolve(star(1, { ends: true }).pieces).some((piece) => {
    const news = { ...piece.inputs, __mark: markFor(piece) };
    return (lives.get(piece.kind)?.check({}, news).failures ?? []).length > 0;
  });
  return refused ? "absent: this version takes no addresses and gateways there" : undefined;
}
