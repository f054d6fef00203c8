import { join } from "node:path";
import { execa } from "execa";

/** Packs a folder as npm would publish it, into another folder; returns the path of the tarball. */
export async function pack(folder: string, into: string): Promise<string> {
  const { stdout } = await execa("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", into], {
    cwd: folder,
  });
  return join(into, stdout.trim());
}

/** Installs a tarball in a project, with the project's other dependencies. */
export const install = (project: string, tarball: string) =>
  execa("npm", ["install", "--silent", "--prefer-offline", "--no-audit", "--no-fund", tarball], { cwd: project });
