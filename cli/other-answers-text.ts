import { withHelp } from "../provider/message.ts";
import type { NamedPing } from "./named-ping.ts";
import { type Answerers, telling } from "./other-answers.ts";
import { shortList } from "./short-list.ts";

/** Returns who answers a ping in place of the host that was meant, such as `answered by red`; undefined if no other host does. */
export function answererText({ answeredBy, mayBeAnsweredBy }: Answerers): string | undefined {
  if (answeredBy !== undefined) return `answered by ${answeredBy.join(" or ")}`;
  return mayBeAnsweredBy && `may be answered by ${mayBeAnsweredBy.join(" or ")}`;
}

/**
 * Returns the lines about pings that other hosts answer: one for each address of a host by which it counts as not reached, or perhaps not, with
 * help; and one for each address of several hosts that have other ones as well.
 */
export function otherAnswerLines(pings: readonly NamedPing[]): string[] {
  const told = new Set(telling(pings));
  const others = pings.filter((ping) => answererText(ping) !== undefined);
  const groups = Map.groupBy(
    others.filter((ping) => told.has(ping)),
    (ping) => JSON.stringify([ping.to, ping.address, answererText(ping)]),
  );
  const byHelp = Map.groupBy(groups.values(), ([first]) => (first?.isShared === true ? SHARED : traceHelp(first)));
  const beside = Map.groupBy(
    others.filter((ping) => !told.has(ping)),
    ({ address }) => address,
  );
  return [
    ...[...byHelp].map(([help, alike]) => withHelp(alike.map(lineOf).join("\n"), help)),
    ...[...beside].map(
      ([address, { length }]) =>
        `${address} belongs to several hosts by the program; the answers of another one than the pinged one, ${length} here, do not count`,
    ),
  ];
}

const SHARED =
  "the program gives this address to each of these hosts. If that is intended, only one of them can be reached by it from there; else give one of them another address";

const traceHelp = (ping: NamedPing | undefined): string =>
  `\`pulumi-netns trace ${ping?.from} ${ping?.to}\` shows the interface that has the address too`;

/** Returns the line about pings to one address of a host. */
function lineOf(group: readonly NamedPing[]): string {
  const [first] = group;
  if (first === undefined) return "";
  const { to, address, answeredBy, mayBeAnsweredBy = [] } = first;
  const from = shortList([...new Set(group.map((ping) => ping.from))]);
  const [verb, names] = answeredBy === undefined ? ["may be", mayBeAnsweredBy] : ["is", answeredBy];
  const has = names.length === 1 ? "has" : "have";
  return `${from} → ${to} ${address} ${verb} answered by ${names.join(" or ")}, which ${has} that address too`;
}
