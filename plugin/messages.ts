import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { isUnknown, UNKNOWN } from "../provider/schema.ts";
import { kindOfToken, parseUrn } from "../provider/urn.ts";

/** Properties from a message, in plain text. */
export interface Received {
  readonly values: Readonly<Record<string, unknown>>;
  /** The dotted paths of the secret values. */
  readonly secret: readonly string[];
}

/**
 * Reads properties from a message: secrets become plain values with their paths, each kind of unknown value becomes {@link UNKNOWN}, and a
 * reference to a resource becomes the id of that resource, or the URN of a component, which has no id.
 */
export function receive(message: structs.Struct | undefined): Received {
  const secret: string[] = [];
  const values = plain(message?.toJavaScript() ?? {}, "", secret);
  return { values: values as Record<string, unknown>, secret };
}

/** Writes properties into a message: the values at the given paths as secrets, and without undefined values at any depth. */
export const send = (values: object, secret: readonly string[] = []): structs.Struct =>
  structs.Struct.fromJavaScript(wrappedEntries(values, "", new Set(secret)) as Record<string, structs.JavaScriptValue>);

function plain(value: unknown, path: string, secret: string[]): unknown {
  if (typeof value === "string") return UNKNOWNS.has(value) ? UNKNOWN : value;
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value && value[SIGNATURE] === SECRET) {
    secret.push(path);
    return plain("value" in value ? value.value : undefined, path, []);
  }
  if (SIGNATURE in value && value[SIGNATURE] === RESOURCE) return referred(value as Reference);
  if (Array.isArray(value)) return value.map((item, index) => plain(item, join(path, String(index)), secret));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner, join(path, key), secret)]));
}

interface Reference {
  readonly urn?: unknown;
  readonly id?: unknown;
}

function referred({ urn, id }: Reference): unknown {
  // The engine sends an empty id for a component, and also for a resource that is not created yet.
  const isKind = typeof urn === "string" && kindOfToken(parseUrn(urn).type) !== undefined;
  return id || (isKind ? UNKNOWN : urn);
}

function wrapped(value: unknown, path: string, secret: ReadonlySet<string>): unknown {
  const inside = wrappedInside(value, path, secret);
  return secret.has(path) ? { [SIGNATURE]: SECRET, value: inside } : inside;
}

function wrappedInside(value: unknown, path: string, secret: ReadonlySet<string>): unknown {
  if (typeof value !== "object" || value === null || isUnknown(value)) return value;
  if (Array.isArray(value)) return value.map((item, index) => wrapped(item, join(path, String(index)), secret));
  return wrappedEntries(value, path, secret);
}

const wrappedEntries = (values: object, path: string, secret: ReadonlySet<string>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, wrapped(value, join(path, key), secret)]],
    ),
  );

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

/** The property that marks an object as the special value of its kind. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

/** The placeholders of the protocol for values that are not known yet: one for each type. */
const UNKNOWNS: ReadonlySet<string> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
