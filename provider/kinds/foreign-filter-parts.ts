import * as v from "valibot";

/*
 * The parts of a rule that another program has written, as `nft --json` shows them.
 */

/** Returns a part of a rule in the words of a FilterChain's rules, if these have other words for the same. */
export function inOwnWords(part: unknown, family: string): unknown {
  const loopback = v.safeParse(LOOPBACK, part);
  if (loopback.success) {
    const { match } = loopback.output;
    return { match: { ...match, left: { meta: { key: `${match.left.meta.key}name` } } } };
  }
  const reject = v.safeParse(REJECT, part);
  if (!reject.success || reject.output.reject.type !== ICMP_OF[family]) return part;
  return { reject: { ...reject.output.reject, type: "icmpx" } };
}

/**
 * Returns whether the parts of a rule have the order in which a FilterChain writes them: matches, the limit, the log and the verdict. A log before
 * a limit has all packets, and one before a match those of others, too. A counter may be anywhere, because it changes nothing about packets.
 */
export function isInOrder(parts: readonly unknown[]): boolean {
  const ranks = parts.flatMap((part) => {
    const [word = ""] = Object.keys(Object(part) as object);
    return word === "counter" ? [] : [ORDER.includes(word) ? ORDER.indexOf(word) : ORDER.length];
  });
  return ranks.every((rank, index) => rank >= (ranks[index - 1] ?? 0));
}

const ORDER = ["match", "limit", "log"];

/** The schema of a match of the loopback interface by its index, which is that of its name: it is 1 in each namespace. */
const LOOPBACK = v.object({
  match: v.object({
    op: v.literal("=="),
    left: v.object({ meta: v.object({ key: v.picklist(["iif", "oif"]) }) }),
    right: v.literal("lo"),
  }),
});

const REJECT = v.object({ reject: v.object({ type: v.string(), expr: v.optional(v.string()) }) });

/** The answers of the rules in a table of one family. Those with the same word of `icmpx` are the same. */
const ICMP_OF: Readonly<Record<string, string>> = { ip: "icmp", ip6: "icmpv6" };
