import fc from "fast-check";
import { interfaceName } from "./arbitraries.ts";

/** One value, or a list of some. */
export const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
  fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 6 }));

/** Names that a rule can match exactly. */
const names = interfaceName.filter((name) => !/^!|[+*]$/.test(name));

/** An interface, a list of some, or a prefix of names, as a rule matches them. */
export const someInterfaces = fc.oneof(
  names,
  fc.array(names, { minLength: 1, maxLength: 4 }),
  names.filter((name) => Buffer.byteLength(name) < 15).map((name) => `${name}*`),
);
