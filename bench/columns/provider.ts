import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Sandbox } from "../../tools/sandbox.ts";
import { openChild } from "../child.ts";
import { ON_ENDS } from "../ends.ts";
import { changed, type Lab, type Piece, resolve } from "../lab.ts";
import { type BenchHost, spread } from "../lab-hosts.ts";
import type { Column, Run } from "./column.ts";

/** The provider without an engine: the calls of the engine, in the same order and with the same concurrency. */
export const provider: Column = {
  name: "provider",
  title: "this provider without the engine",
  floor: "batch",
  open: (host, lab) => openProvider(host, lab, []),
};

/**
 * Opens the provider in a sandbox.
 *
 * @param hosts The lab hosts that have the lab, each of them all of it; without any, the sandbox has it.
 */
export async function openProvider(host: Sandbox, lab: Lab, hosts: readonly BenchHost[]): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-bench-"));
  const file = join(folder, "lab.json");
  const placed = (pieces: readonly Piece[]) => (hosts.length === 0 ? resolve(pieces) : spread(resolve(pieces), hosts));
  await writeFile(file, JSON.stringify({ before: placed(lab.pieces), after: placed(changed(lab)) }));
  const child = await openChild(host, ["node", CHILD, file]);
  const verb = (name: string) => async () => (await child.ask(name)).ms;
  return {
    ...(hosts.length > 0 && { connect: verb("connect") }),
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
}

export const providerEnds: Column = {
  ...provider,
  name: "provider-ends",
  title: "this provider without the engine, addresses and gateways told on the ends of cables",
  ...ON_ENDS,
};

const CHILD = fileURLToPath(new URL("provider-child.ts", import.meta.url));
