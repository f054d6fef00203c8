import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Returns the name of the Pulumi project of a folder, from its Pulumi.yaml; undefined if the folder is in no project. */
export function projectName(folder: string): string | undefined {
  const project = projectFolder(folder);
  const file = project === undefined ? undefined : projectFile(project);
  return file === undefined ? undefined : nameIn(readFileSync(file, "utf8"));
}

/** Returns the folder of the Pulumi project that contains a folder; undefined if none does. */
export function projectFolder(folder: string): string | undefined {
  if (projectFile(folder) !== undefined) return resolve(folder);
  const above = dirname(resolve(folder));
  return above === resolve(folder) ? undefined : projectFolder(above);
}

/** Returns the Pulumi.yaml in a folder; undefined if it has none. */
export const projectFile = (folder: string): string | undefined =>
  ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(folder, name)).find((path) => existsSync(path));

/** Returns the `name` in a Pulumi.yaml. */
export const nameIn = (yaml: string): string | undefined => /^name:\s*["']?([\w.-]+)/m.exec(yaml)?.[1];
