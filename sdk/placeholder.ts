import * as pulumi from "@pulumi/pulumi";
import { UNKNOWN } from "../provider/schema.ts";
import { isFailing } from "./reported-errors.ts";

/*
 * A program goes on after an error of a component, whose interfaces, hosts and addresses do not exist then. The properties of the component are
 * placeholders, and what the program declares with one of them has no error because of it.
 */

/**
 * Returns a placeholder for a value of any type that does not exist because of an error. Its properties and the results of its calls are
 * placeholders.
 */
export function placeholder(): never {
  const created: unknown = new Proxy(() => undefined, HANDLER);
  missing.add(created as object);
  return created as never;
}

/** Returns a placeholder for an argument of a resource: an Output whose value the program does not know. */
export function placeholderOutput(): pulumi.Output<string> {
  const created = pulumi.output(UNKNOWN);
  missing.add(created);
  return created;
}

/** Records a component that has no resources because of an error. */
export const recordInvalid = (component: pulumi.ComponentResource): void => void missing.add(component);

/** Returns whether a value is a placeholder, an invalid component, or text that contains a placeholder. */
export const isMissing = (value: unknown): boolean =>
  typeof value === "string"
    ? value.includes(TEXT)
    : (typeof value === "object" || typeof value === "function") && value !== null && missing.has(value);

/** Returns whether a value contains one that {@link isMissing}, at any depth. */
export const hasMissing = (value: unknown): boolean =>
  isFailing() && (isMissing(value) || (isPlain(value) && Object.values(value).some(hasMissing)));

/** Returns arguments of a resource with placeholders that it accepts. Values without a placeholder remain the same objects. */
export const withPlaceholders = <Args>(args: Args): Args => replaced(args) as Args;

function replaced(value: unknown): unknown {
  if (!hasMissing(value)) return value;
  if (isMissing(value)) return placeholderOutput();
  if (Array.isArray(value)) return value.map(replaced);
  return Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, replaced(inner)]));
}

const isPlain = (value: unknown): value is object =>
  Array.isArray(value) || (typeof value === "object" && value !== null && value.constructor === Object);

const missing = new WeakSet<object>();

/** The text of a placeholder in a template string. */
const TEXT = "<value of an invalid component>";

const HANDLER: ProxyHandler<() => undefined> = {
  get(_target, key) {
    if (key === Symbol.toPrimitive) return () => TEXT;
    if (key === Symbol.iterator) return () => [][Symbol.iterator]();
    return typeof key === "symbol" || PROBES.test(key) ? undefined : placeholder();
  },
  apply: () => placeholder(),
};

/** The properties by which promises, JSON and Pulumi tell what an object is. */
const PROBES = /^(?:then|toJSON|constructor|_.*)$/;
