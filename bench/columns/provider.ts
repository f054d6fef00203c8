import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openChild } from "../child.ts";
import { ON_ENDS } from "../ends.ts";
import { changed, resolve } from "../lab.ts";
import type { Column } from "./column.ts";

/** The provider without an engine: the calls of the engine, in the same order and with the same concurrency. */
export const provider: Column = {
  name: "provider",
  title: "this provider without the engine",
  floor: "batch",
  async open(host, lab) {
    const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-bench-"));
    const file = join(folder, "lab.json");
    await writeFile(file, JSON.stringify({ before: resolve(lab.pieces), after: resolve(changed(lab)) }));
    const child = await openChild(host, ["node", CHILD, file]);
    const verb = (name: string) => async () => (await child.ask(name)).ms;
    return {
      create: verb("create"),
      noop: verb("noop"),
      refresh: verb("refresh"),
      change: verb("change"),
      destroy: verb("destroy"),
      async [Symbol.asyncDispose]() {
        await child[Symbol.asyncDispose]();
        await rm(folder, { recursive: true });
      },
    };
  },
};

export const providerEnds: Column = {
  ...provider,
  name: "provider-ends",
  title: "this provider without the engine, addresses and gateways told on the ends of cables",
  ...ON_ENDS,
};

const CHILD = fileURLToPath(new URL("provider-child.ts", import.meta.url));
