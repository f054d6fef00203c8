import { withHelp } from "../message.ts";
import { bytesIn } from "../traffic-values.ts";
import { qdiscKind } from "./qdisc-kind.ts";
import { largestFrame, tbf as options } from "./tbf-options.ts";

export const tbf = qdiscKind({
  type: "Tbf",
  qdisc: options,
  warn: ({ burst, limit }, mtu) => {
    const largest = largestFrame(mtu);
    const [name, given] = isLess(burst, largest) ? ["burst", burst] : isLess(limit, largest) ? ["limit", limit] : [];
    return name === undefined
      ? undefined
      : withHelp(
          `${name} "${given}" is less than the largest packet of the interface, so the kernel drops every packet that is larger`,
          `set ${name} to at least "${largest}b", or omit it`,
        );
  },
});

const isLess = (given: string | undefined, least: number): boolean =>
  given !== undefined && (bytesIn(given) ?? 0) < least;
