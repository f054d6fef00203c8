import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Returns the path of a file of this package, by its path in the package. This code runs from the sources and from dist/. */
export const ownFile = (path: string): string => fileURLToPath(new URL(path, packageFolder()));

function packageFolder(folder = new URL(".", import.meta.url)): URL {
  return existsSync(new URL("package.json", folder)) ? folder : packageFolder(new URL("..", folder));
}
