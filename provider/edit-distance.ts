/** Returns the edit distance of two words: the number of letters to insert, delete or replace. */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1];
    for (let at = 1; at <= to.length; at++) {
      const changed = (row[at - 1] ?? 0) + (letter === to[at - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/**
 * Returns the name that a misspelt one was probably meant to be: one that differs in a letter or two. A name that differs only in its digits is
 * another one, unless a digit was typed twice.
 */
export function meantBy(given: string, names: Iterable<string>): string | undefined {
  const letters = (name: string) => name.replaceAll(/\d/g, "");
  const most = given.length < SHORT ? 0 : given.length < LONG ? 1 : 2;
  const near = [...names].filter(
    (name) =>
      (letters(name) !== letters(given) || hasDoubled(given, name)) &&
      (editDistance(given, name) <= most || (most > 0 && sorted(given) === sorted(name))),
  );
  return near.toSorted((one, other) => editDistance(given, one) - editDistance(given, other))[0];
}

/** Returns whether a name is another one with one of its characters twice. */
const hasDoubled = (given: string, name: string): boolean =>
  Array.from(given).some((letter, at) => letter === given[at - 1] && given.slice(0, at) + given.slice(at + 1) === name);

const SHORT = 3;
const LONG = 6;

const sorted = (name: string): string => Array.from(name).sort().join("");
