import * as v from "valibot";
import { FLAGS, type NatArgs, natSchema } from "./nat-args.ts";
import { ADDRESS, merged, PORTS } from "./nft-match.ts";
import { PACKET_MATCHES } from "./packet-match-text.ts";

/*
 * The parts of a NAT rule, as `nft --json` shows them, in terms of arguments.
 */

/** Returns the arguments that the parts of a rule tell; undefined if arguments cannot express one of them. */
export function natParts(parts: readonly unknown[]): Partial<NatArgs> | undefined {
  const found = v.safeParse(v.array(EXPRESSION), parts);
  return found.success ? merged(found.output) : undefined;
}

/** Returns the first part of a rule that arguments cannot express, alone or beside those before it; undefined if there is none. */
export const inexpressiblePart = (parts: readonly unknown[]): unknown =>
  parts.find((_, index) => {
    const told = natParts(parts.slice(0, index + 1));
    return (
      told === undefined ||
      Object.entries(natSchema.entries).some(([key, entry]) => key in told && !v.is(entry, told[key as keyof NatArgs]))
    );
  });

/** The schema of a flag of a translation, which becomes an argument. */
const FLAG = v.pipe(
  v.picklist(FLAGS.map(({ word }) => word)),
  v.transform((word) => FLAGS.find((flag) => flag.word === word)?.argument ?? ""),
);

/** The schema of the addresses that a rule translates to. */
const POOL = v.union([
  ADDRESS,
  v.pipe(
    v.object({ range: v.tuple([v.string(), v.string()]) }),
    v.transform(({ range }) => range.join("-")),
  ),
]);

const verdict = (type: NatArgs["type"]) =>
  v.pipe(
    v.object({
      [type]: v.nullable(
        v.strictObject({
          family: v.optional(v.string()),
          addr: v.optional(POOL),
          port: v.optional(PORTS),
          flags: v.optional(v.union([FLAG, v.array(FLAG)]), []),
        }),
      ),
    }),
    v.transform(({ [type]: to }) => ({
      type,
      ...(to?.addr !== undefined && { toAddress: to.addr }),
      ...(to?.port !== undefined && { toPort: to.port }),
      ...Object.fromEntries([to?.flags ?? []].flat().map((argument) => [argument, true])),
    })),
  );

const EXPRESSION = v.union([
  ...PACKET_MATCHES,
  verdict("masquerade"),
  verdict("snat"),
  verdict("dnat"),
  verdict("redirect"),
  v.pipe(
    v.strictObject({ accept: v.null() }),
    v.transform(() => ({ exclude: true })),
  ),
]);
