import { join } from "node:path";
import { fileURLToPath } from "node:url";

export * from "../testing/stack.ts";

/** The root of this repository. */
export const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/** The folder of an example. */
export const example = (name: string): string => join(REPOSITORY, "examples", name);
