import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The name of the Pulumi project that a folder is in, as its Pulumi.yaml says; undefined when it is in none. */
export function projectName(folder: string): string | undefined {
  const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file !== undefined) return nameIn(readFileSync(file, "utf8"));
  const above = dirname(resolve(folder));
  return above === resolve(folder) ? undefined : projectName(above);
}

/** The `name` of a Pulumi.yaml. */
export const nameIn = (yaml: string): string | undefined => /^name:\s*["']?([\w.-]+)/m.exec(yaml)?.[1];
