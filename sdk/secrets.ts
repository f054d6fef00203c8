import * as pulumi from "@pulumi/pulumi";

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
