import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Returns the name of the Pulumi project of a folder, from its Pulumi.yaml; undefined if the folder is in no project. */
export function projectName(folder: string): string | undefined {
  const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file !== undefined) return nameIn(readFileSync(file, "utf8"));
  const above = dirname(resolve(folder));
  return above === resolve(folder) ? undefined : projectName(above);
}

/** Returns the `name` in a Pulumi.yaml. */
export const nameIn = (yaml: string): string | undefined => /^name:\s*["']?([\w.-]+)/m.exec(yaml)?.[1];
