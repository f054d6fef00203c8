/**
 * Returns the dotted path of an argument as Pulumi writes it, such as `rules[0].inInterface` or `files["../x.conf"]`.
 *
 * @param args The arguments: a key may contain dots, and one of digits is that of an item only in a list.
 */
export function propertyPath(args: unknown, path: string): string {
  if (path === "") return ""; // The arguments as a whole.
  const [first = "", ...more] = stepsOf(args, path);
  return [first.replace(/^\./, ""), ...more].join("");
}

function stepsOf(holder: unknown, path: string): string[] {
  const keys = typeof holder === "object" && holder !== null ? Object.keys(holder) : [];
  const key = keys.find((one) => path === one || path.startsWith(`${one}.`)) ?? path.split(".")[0] ?? path;
  const step = Array.isArray(holder)
    ? `[${key}]`
    : /^[\p{L}_$][\w$]*$/u.test(key)
      ? `.${key}`
      : `[${JSON.stringify(key)}]`;
  if (path.length === key.length) return [step];
  return [step, ...stepsOf((holder as Record<string, unknown> | undefined)?.[key], path.slice(key.length + 1))];
}

/** Returns the value at a dotted path; undefined if there is none. */
export const valueAtPath = (value: unknown, path: string): unknown =>
  path.split(".").reduce((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], value);
