import { cidr, parseIp } from "./cidr.ts";
import { formatValue } from "./format-value.ts";
import { propertyPath } from "./property-path.ts";
import { check, type Failure, type Schema, UNKNOWN } from "./schema.ts";

/*
 * The provider receives secret values in plain text, together with the paths of their arguments. No error shows a secret value.
 */

/**
 * Returns the failures of a check without the values of secret arguments. The arguments are checked again without these values, once as
 * invalid and once as unknown ones, and only the reasons from these checks, which cannot contain them, are shown.
 */
export function redactFailures(
  schema: Schema,
  args: object,
  secret: readonly string[],
  failures: readonly Failure[],
): Failure[] {
  const reasons = reasonsOf(schema, redactValues(args, secret, new Secret()));
  // A rule over several arguments is checked only if none of all arguments is invalid.
  const ofOthers = reasonsOf(schema, redactValues(args, secret, UNKNOWN));
  return failures.map(({ property, reason }) => {
    // Such a failure concerns the resource as a whole, and names the object that another resource also claims.
    if (property === "") return { property, reason: redactText(reason, args, secret) };
    const within = secret.find((path) => property === path || property.startsWith(`${path}.`));
    const blindly = reasons.get(property);
    const isShown = blindly === reason || ofOthers.get(property) === reason;
    // The engine shows the value of each property that a failure names.
    const holdsSecret = secret.some((path) => /^[.[]/.test(path.slice(property.length)) && path.startsWith(property));
    if (within === undefined && isShown)
      return holdsSecret
        ? { property: "", reason: `property ${propertyPath(args, property)}: ${reason}` }
        : { property, reason };
    // A reason that rejects a single value begins with it. Otherwise it is from a rule over several arguments, which is not
    // checked without their values.
    const refuses = reason.startsWith(`${formatValue(valueAt(args, property))} is not `) || blindly === reason;
    return {
      property: "",
      reason: `property ${propertyPath(args, within ?? property)}: ${(refuses && blindly) || OF_SEVERAL}`,
    };
  });
}

/** Removes the values of secret arguments from an error. */
export function redactError(error: unknown, args: object, secret: readonly string[]): unknown {
  if (!(error instanceof Error)) return error;
  error.message = redactText(error.message, args, secret);
  // The stack begins with the message, and the engine sometimes shows the stack instead of the message.
  if (error.stack !== undefined) error.stack = redactText(error.stack, args, secret);
  return error;
}

function reasonsOf(schema: Schema, args: object): ReadonlyMap<string, string> {
  const checked = check(schema, args);
  return new Map("failures" in checked ? checked.failures.map(({ property, reason }) => [property, reason]) : []);
}

const OF_SEVERAL = "it conflicts with other arguments. One of them is secret, so the values are not shown";

/** A placeholder for a secret value: no argument accepts it, and errors show it as `[secret]`. */
class Secret {
  toJSON(): string {
    return "[secret]";
  }
}

function redactValues(args: object, secret: readonly string[], instead: unknown): object {
  const copy = structuredClone(args);
  for (const path of secret) {
    const place = locate(copy, path);
    if (place !== undefined) place.holder[place.key] = instead;
  }
  return copy;
}

/** Removes secret values from a text, in all spellings of the kernel's tools. */
function redactText(text: string, args: object, secret: readonly string[]): string {
  const values = secret.flatMap((path) => texts(valueAt(args, path)));
  return [...new Set(values.flatMap(spellings))]
    .toSorted((left, right) => right.length - left.length)
    .reduce((rest, value) => rest.replaceAll(asWord(value), "[secret]"), text);
}

function spellings(value: string): string[] {
  const { address, length } = cidr(value) ?? {};
  const all = [value, value.toLowerCase(), address, address && `${address}/${length}`, parseIp(value)];
  return all.filter((spelling) => spelling !== undefined && spelling !== "") as string[];
}

/** Returns a pattern that matches a text unless it is part of a longer word, number or address. */
const asWord = (text: string): RegExp =>
  new RegExp(`(?<![\\w.:])${text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")}(?![\\w:]|\\.\\w)`, "g");

const texts = (value: unknown): string[] => {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(texts);
  return typeof value === "string" || typeof value === "number" ? [String(value)] : [];
};

function valueAt(value: unknown, path: string): unknown {
  const place = locate(value, path);
  return place?.holder[place.key];
}

/** Returns the object that holds the value at a dotted path, and its key. A key may contain dots, like the name of a file or host. */
function locate(value: unknown, path: string): { holder: Record<string, unknown>; key: string } | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const holder = value as Record<string, unknown>;
  if (Object.hasOwn(holder, path)) return { holder, key: path };
  const keys = Object.keys(holder).filter((key) => path.startsWith(`${key}.`));
  return keys.map((key) => locate(holder[key], path.slice(key.length + 1))).find((place) => place !== undefined);
}
