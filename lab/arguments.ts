import { placeId } from "../provider/kind.ts";
import { isUnknown } from "../provider/schema.ts";
import type { Known } from "./known.ts";

/** Returns the key of an interface; undefined if there is none. */
export function keyOf(at: Known<string> | undefined, name: Known<string> | undefined): Known<string> | undefined {
  if (name === undefined) return undefined;
  return at === null || name === null ? null : placeId(at, name);
}

/** Returns a value that a fact requires: if the argument is omitted, which is reported at its resource, it is unknown. */
export const needed = <T>(value: Known<T> | undefined): Known<T> => value ?? null;

/** Returns the value of an argument; undefined if it is omitted, null if it is unknown or all arguments are unknown. */
export function field(args: unknown, key: string): unknown {
  if (!isRecord(args)) return null;
  const value = args[key];
  return isUnknown(value) ? null : value;
}

/** Returns a text; undefined if it is omitted. */
export function text(args: unknown, key: string): Known<string> | undefined {
  const value = field(args, key);
  return value === undefined || typeof value === "string" ? value : null;
}

/** Returns a number as text. */
export function numberText(args: unknown, key: string): Known<string> | undefined {
  const value = field(args, key);
  return typeof value === "number" ? String(value) : undefined;
}

/** Returns a text, or the usual one if it is omitted. */
export function textOr(args: unknown, key: string, usual: string): Known<string> {
  const value = text(args, key);
  return value === undefined ? usual : value;
}

/** Returns a number, or the usual one if it is omitted. */
export function count(args: unknown, key: string, usual?: number): Known<number> | undefined {
  const value = field(args, key);
  return value === undefined ? usual : typeof value === "number" ? value : null;
}

/** Returns a flag, or the usual one if it is omitted. */
export function flag(args: unknown, key: string, usual: boolean): Known<boolean> {
  const value = field(args, key);
  return value === undefined ? usual : typeof value === "boolean" ? value : null;
}

/** Returns a list of strings. An unknown list becomes one unknown string, a secret list one string. */
export function texts(args: unknown, key: string): readonly Known<string>[] {
  const value = field(args, key);
  const all: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return all.map((one) => (typeof one === "string" && !isUnknown(one) ? one : null));
}

/** Returns a list of strings or numbers as texts; undefined if it is omitted, null if a part of it is not known. */
export function listOf(args: unknown, key: string): Known<readonly string[]> | undefined {
  const value = field(args, key);
  if (value === undefined) return undefined;
  const all: readonly unknown[] = Array.isArray(value) ? value : [null];
  return all.every((one) => (typeof one === "string" || typeof one === "number") && !isUnknown(one))
    ? all.map(String)
    : null;
}

/** Returns whether a value is an object with properties. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
