import { mkdtemp, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { openChild } from "../child.ts";
import { ruling, unruling } from "../commands.ts";
import type { Lab } from "../lab.ts";
import { type Column, onlyStar } from "./column.ts";

/** Mininet with a Linux bridge. Its namespaces have no names: a shell in each one keeps it alive. */
export const mininet: Column = {
  name: "mininet",
  title: "Mininet with a LinuxBridge, and nft for the rule",
  floor: "batch",
  most: 2000,
  cannot: onlyStar,
  async absent() {
    const { exitCode } = await execa(PYTHON, ["-c", "import mininet"], { reject: false });
    return exitCode === 0 ? undefined : "absent: bench/setup.sh installs it";
  },
  async open(host, lab) {
    const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-bench-"));
    const file = join(folder, "lab.json");
    await writeFile(file, JSON.stringify(starOf(lab)));
    const child = await openChild(host, [PYTHON, STAR, file]);
    let pids: Record<string, number> = {};
    return {
      async create() {
        const reply = await child.ask("create");
        pids = reply.pids ?? {};
        return reply.ms;
      },
      destroy: async () => (await child.ask("destroy")).ms,
      inside: (name) => ["nsenter", "--target", String(pids[name]), "--net"],
      namespaces: async () =>
        new Set(await Promise.all(Object.values(pids).map((pid) => readlink(`/proc/${pid}/ns/net`)))).size,
      async [Symbol.asyncDispose]() {
        await child[Symbol.asyncDispose]();
        await rm(folder, { recursive: true });
      },
    };
  },
};

/** Returns a star as input for Mininet. */
function starOf({ pieces }: Lab): object {
  const address = (name: string) => pieces.find((piece) => piece.name === name)?.args["address"];
  return {
    gateway: address("gateway"),
    hosts: pieces.flatMap(({ kind, name }) => (kind === "Namespace" ? [{ name, address: address(`${name}-ip`) }] : [])),
    rules: ruling(pieces),
    unrules: unruling(pieces),
  };
}

const STAR = fileURLToPath(new URL("../peers/mininet_star.py", import.meta.url));

/** The system's own Python, for which the system's Mininet package is installed. */
const PYTHON = "/usr/bin/python3";
