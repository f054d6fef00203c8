import { existsSync, watch } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { currentBackend, isOnDisk } from "../../provider/backend.ts";

/**
 * Calls a function when the states of stacks may have changed, until the returned function is called: after each change of their files,
 * or, if another service keeps the states, every half minute.
 */
export function watchState(cwd: string, onChange: () => void): () => void {
  const folder = stateFolder(cwd);
  if (folder === undefined) {
    const timer = setInterval(onChange, SERVICE_MS);
    return () => clearInterval(timer);
  }
  const watcher = watch(folder, { recursive: true }, onChange);
  // The folder may be deleted with its last stack.
  watcher.on("error", () => undefined);
  return () => watcher.close();
}

const SERVICE_MS = 30_000;

/** Returns the folder with the state files of stacks; undefined if they are not in files. */
function stateFolder(cwd: string): string | undefined {
  const backend = currentBackend({ env: process.env, folder: cwd });
  const root =
    backend === undefined ? join(resolve(cwd), ".pulumi-state") : isOnDisk(backend) ? pathOf(backend.url) : undefined;
  const folder = root === undefined ? undefined : join(root, ".pulumi/stacks");
  return folder !== undefined && existsSync(folder) ? folder : undefined;
}

function pathOf(url: string): string {
  const { pathname } = new URL(url);
  return fileURLToPath(`file://${pathname}`);
}
