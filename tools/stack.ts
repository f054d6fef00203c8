import { join } from "node:path";
import { fileURLToPath } from "node:url";

export * from "../testing/stack.ts";

/** The root folder of this repository. */
export const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/** Returns the folder of an example. */
export const example = (name: string): string => join(REPOSITORY, "examples", name);
