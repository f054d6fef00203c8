import * as v from "valibot";

/** The text that replaces a secret in all output. */
export const HIDDEN = "[secret]";

/** The secrets in a value by their paths (`a.addresses`); {@link HIDDEN} if the state does not contain a secret's value. */
export type Secrets = ReadonlyMap<string, unknown>;

/** Returns a value of a state, which wraps each secret, and its secrets: hidden, or revealed if the state contains them. */
export function unwrapped(wrapped: unknown, reveal: boolean): { value: unknown; secrets: Secrets } {
  const secrets = new Map<string, unknown>();
  const walk = (at: unknown, path: readonly string[]): unknown => {
    const secret = v.safeParse(WRAPPED, at);
    if (secret.success) {
      const { plaintext } = secret.output;
      const value = reveal && plaintext !== undefined ? (JSON.parse(plaintext) as unknown) : HIDDEN;
      secrets.set(path.join("."), value);
      return value;
    }
    if (Array.isArray(at)) return at.map((one, index) => walk(one, [...path, String(index)]));
    if (typeof at !== "object" || at === null) return at;
    return Object.fromEntries(Object.entries(at).map(([key, one]) => [key, walk(one, [...path, key])]));
  };
  return { value: walk(wrapped, []), secrets };
}

/** Returns true if a property is a secret, is within one, or contains one. */
export const isSecret = (secrets: Secrets, property: string): boolean =>
  [...secrets.keys()].some((path) => `${path}.`.startsWith(`${property}.`) || `${property}.`.startsWith(`${path}.`));

/** Returns a text with all secrets replaced. */
export const withoutSecrets = (secrets: Secrets, text: string): string =>
  [...secrets.values()].flatMap(textsIn).reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);

const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return value === "" ? [] : [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

/** The form in which the engine writes a secret to a state. */
const WRAPPED = v.object({
  "4dabf18193072939515e22adb298388d": v.literal("1b47061264138c4ac30d75fd1eb44270"),
  plaintext: v.optional(v.string()),
});
