/** An interface as an argument names it. */
export interface NamedInterface {
  /** The argument, such as `rules[0].inInterface`. */
  readonly argument: string;
  /** The name; in a rule, possibly the beginning of names, with `*`. */
  readonly name: string;
  /** Whether the name may also be an altname: the firewall and sysctls know no altnames. */
  readonly orAltname?: boolean;
}

/** Returns whether a pattern, a name or the beginning of names with `*`, matches a name, or each name that another pattern matches. */
export const matchesName = (pattern: string, name: string): boolean =>
  pattern === name || (pattern.endsWith("*") && name.startsWith(pattern.slice(0, -1)));

/** Returns the keys of the interfaces of a place that match a key, which may be the beginning of keys with `*`. */
export function keysMatching(
  pattern: string,
  at: string,
  interfaces: readonly { place: string; key: string }[],
): string[] {
  if (!pattern.endsWith("*")) return [pattern];
  return [...new Set(interfaces.flatMap(({ place, key }) => (place === at && matchesName(pattern, key) ? [key] : [])))];
}
