import { cidr, parseIp } from "./cidr.ts";
import { check, type Failure, formatValue, type Schema } from "./schema.ts";

/*
 * The provider is given secret values in plain text, and the paths of their arguments beside them. No error shows one.
 */

/**
 * What a check found, without the values of secret arguments. The arguments are checked a second time without these values,
 * and only a reason that comes from there, where nothing can tell them, is shown.
 */
export function redactFailures(
  schema: Schema,
  args: object,
  secret: readonly string[],
  failures: readonly Failure[],
): Failure[] {
  const blind = check(schema, redactValues(args, secret));
  const reasons = new Map("failures" in blind ? blind.failures.map(({ property, reason }) => [property, reason]) : []);
  return failures.map(({ property, reason }) => {
    // Such a failure is of the resource as a whole, and names the object that another resource asks for, too.
    if (property === "") return { property, reason: redactText(reason, args, secret) };
    const within = secret.find((path) => property === path || property.startsWith(`${path}.`));
    const blindly = reasons.get(property);
    if (within === undefined && blindly === reason) return { property, reason };
    // What refuses a value says so first; else it is a rule over several arguments, which is not asked without them.
    const refuses =
      reason.startsWith(`${formatValue(valueAt(args, property.split(".")))} is not `) || blindly === reason;
    // The engine shows the value of each property that a failure names.
    return { property: "", reason: `property ${within ?? property}: ${(refuses && blindly) || OF_SEVERAL}` };
  });
}

/** An error without the values of secret arguments. */
export function redactError(error: unknown, args: object, secret: readonly string[]): unknown {
  if (!(error instanceof Error)) return error;
  error.message = redactText(error.message, args, secret);
  // It begins with the message, and the engine shows it where it shows no message.
  if (error.stack !== undefined) error.stack = redactText(error.stack, args, secret);
  return error;
}

const OF_SEVERAL = "it conflicts with other arguments. One of them is secret, so the values are not shown";

/** Stands for a secret value: no argument takes it, and errors show it as what it is. */
class Secret {
  toJSON(): string {
    return "[secret]";
  }
}

function redactValues(args: object, secret: readonly string[]): object {
  const copy = structuredClone(args);
  for (const path of secret) {
    const keys = path.split(".");
    const [parent, last = ""] = [valueAt(copy, keys.slice(0, -1)), keys.at(-1)];
    if (typeof parent === "object" && parent !== null && last in parent)
      Object.assign(parent, { [last]: new Secret() });
  }
  return copy;
}

/** A text without secret values, however the kernel's tools spell them. */
function redactText(text: string, args: object, secret: readonly string[]): string {
  const values = secret.flatMap((path) => texts(valueAt(args, path.split("."))));
  return [...new Set(values.flatMap(spellings))]
    .toSorted((left, right) => right.length - left.length)
    .reduce((rest, value) => rest.replaceAll(asWord(value), "[secret]"), text);
}

function spellings(value: string): string[] {
  const { address, length } = cidr(value) ?? {};
  const all = [value, value.toLowerCase(), address, address && `${address}/${length}`, parseIp(value)];
  return all.filter((spelling) => spelling !== undefined && spelling !== "") as string[];
}

/** A text where it is not part of a longer word, number or address. */
const asWord = (text: string): RegExp =>
  new RegExp(`(?<![\\w.:])${text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")}(?![\\w:]|\\.\\w)`, "g");

const texts = (value: unknown): string[] => {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(texts);
  return typeof value === "string" || typeof value === "number" ? [String(value)] : [];
};

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], value);
