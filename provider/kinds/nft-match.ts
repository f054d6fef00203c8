import * as v from "valibot";
import { networksBetween } from "../address-ranges.ts";
import { asNetwork } from "../cidr.ts";

/*
 * Schemas that parse the matches of a rule, as `nft --json` shows them, into arguments.
 */

/** Returns the schema that parses a match on a packet's metadata into arguments. */
export const metaMatch = <T, Part extends object>(
  key: string,
  right: v.GenericSchema<unknown, T>,
  part: (right: T) => Part,
) => matchOf(["=="], v.object({ meta: v.object({ key: v.literal(key) }) }), right, (_, value) => part(value));

/** Returns the schema that parses a match on a packet's connection into arguments. */
export const ctMatch = <T, Part extends object>(
  key: string,
  operators: readonly string[],
  right: v.GenericSchema<unknown, T>,
  part: (right: T) => Part,
) => matchOf(operators, v.object({ ct: v.strictObject({ key: v.literal(key) }) }), right, (_, value) => part(value));

/** Returns the schema that parses a match on a packet's header into arguments. */
export const headerMatch = <T, Part extends object>(
  field: string,
  right: v.GenericSchema<unknown, T>,
  part: (protocol: string, right: T) => Part,
) =>
  matchOf(
    ["=="],
    v.object({ payload: v.object({ protocol: v.string(), field: v.literal(field) }) }),
    right,
    ({ payload }, value) => part(payload.protocol, value),
  );

const matchOf = <Left, Right, Part extends object>(
  operators: readonly string[],
  left: v.GenericSchema<unknown, Left>,
  right: v.GenericSchema<unknown, Right>,
  part: (left: Left, right: Right) => Part,
) =>
  v.pipe(
    v.object({ match: v.object({ op: v.picklist(operators), left, right }) }),
    v.transform(({ match }) => part(match.left, match.right)),
  );

/** The schema of an address or a network. */
export const ADDRESS = v.union([
  v.string(),
  v.pipe(
    v.object({ prefix: v.object({ addr: v.string(), len: v.number() }) }),
    v.transform(({ prefix }) => `${prefix.addr}/${prefix.len}`),
  ),
]);

/** The schema of a port or a range of ports. */
export const PORTS = v.union([
  v.number(),
  v.pipe(
    v.object({ range: v.tuple([v.number(), v.number()]) }),
    v.transform(({ range }) => range.join("-")),
  ),
]);

/** Returns the schema of one value, or a set of them. */
export const oneOrSet = <T>(item: v.GenericSchema<unknown, T>) =>
  v.union([
    v.pipe(
      v.object({ set: v.array(item) }),
      v.transform(({ set }) => set),
    ),
    v.pipe(
      item,
      v.transform((one) => [one]),
    ),
  ]);

/** The schema of addresses, networks and ranges of addresses, as networks: an argument takes 0.0.0.0 only with a prefix length. */
export const ADDRESSES = v.pipe(
  oneOrSet(
    v.union([
      v.pipe(
        v.object({ range: v.tuple([v.string(), v.string()]) }),
        v.transform(({ range }) => networksBetween(...range)),
      ),
      v.pipe(
        ADDRESS,
        v.transform((one) => [asNetwork(one)]),
      ),
    ]),
  ),
  v.transform((all) => all.flat()),
);

/** Merges the arguments of the parts of a rule; undefined if two parts contradict each other. */
export function merged(parts: readonly object[]): Record<string, unknown> | undefined {
  const all: Record<string, unknown> = {};
  for (const [key, value] of parts.flatMap((part): [string, unknown][] => Object.entries(part))) {
    if (key in all && JSON.stringify(all[key]) !== JSON.stringify(value)) return undefined;
    all[key] = value;
  }
  return all;
}
