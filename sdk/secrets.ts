import * as pulumi from "@pulumi/pulumi";
import { type Fields, fieldsOf, itemFieldsOf, traitsOf } from "../provider/schema.ts";

/** Returns the arguments, with those that the kind declares as secret, such as keys, marked as secrets. */
export const withSecrets = (fields: Fields, args: pulumi.Inputs): pulumi.Inputs =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => {
      const entry = fields[name];
      if (entry === undefined || value === undefined) return [name, value];
      if (traitsOf(entry).secret) return [name, pulumi.secret(value)];
      const [ofGroup, ofItems] = [fieldsOf(entry), itemFieldsOf(entry)];
      if (ofGroup !== undefined && hasSecret(ofGroup)) return [name, inGroup(ofGroup, value)];
      if (ofItems === undefined || !hasSecret(ofItems)) return [name, value];
      return [
        name,
        mapped(value, (items) => (Array.isArray(items) ? items.map((item) => inGroup(ofItems, item)) : items)),
      ];
    }),
  );

/** Returns the names of the arguments that the kind declares as secret as a whole. */
export const secretNames = (fields: Fields): string[] =>
  Object.entries(fields).flatMap(([name, entry]) => (traitsOf(entry).secret ? [name] : []));

const hasSecret = (fields: Fields): boolean => secretNames(fields).length > 0;

const inGroup = (fields: Fields, value: unknown): unknown =>
  mapped(value, (group) =>
    typeof group === "object" && group !== null && !Array.isArray(group) ? withSecrets(fields, group) : group,
  );

/** Maps a value that may be an output. */
const mapped = (value: unknown, change: (plain: unknown) => unknown): unknown =>
  pulumi.Output.isInstance(value) || value instanceof Promise
    ? pulumi.output(value).apply((plain) => pulumi.output(change(plain)))
    : change(value);

/**
 * Returns the dotted paths of the secret arguments. The provider receives their values in plain text and uses the paths to omit them
 * from errors. Undefined if there are none, so that the state has no such entry.
 */
export async function secretPaths(args: pulumi.Inputs): Promise<string[] | undefined> {
  // The engine reports arguments that fail.
  const paths = await secretsIn(args, "").catch(() => []);
  return paths.length === 0 ? undefined : paths;
}

async function secretsIn(values: unknown, path: string): Promise<string[]> {
  const found = await Promise.all(inside(values).map(([key, value]) => secretsAt(value, path + key)));
  return found.flat();
}

async function secretsAt(value: unknown, path: string): Promise<string[]> {
  if (pulumi.Output.isInstance(value)) return (await pulumi.isSecret(value)) ? [path] : [];
  return secretsIn(await value, `${path}.`);
}

const inside = (value: unknown): [string, unknown][] =>
  typeof value === "object" && value !== null ? Object.entries(value) : [];
