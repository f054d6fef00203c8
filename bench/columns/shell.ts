import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "../../provider/kernel/command.ts";
import { must } from "../command.ts";
import { allAtOnce, type Batches, making, oneByOne, unmaking } from "../commands.ts";
import { type Column, timed } from "./column.ts";

/** The kernel's own tools, with as few processes as possible. */
export const batch: Column = shell({
  name: "batch",
  title: "`ip -batch`, one process a namespace, and one nft transaction: the kernel floor",
  arrange: allAtOnce,
});

/** The kernel's own tools, as a user would write them in a script. */
export const bash: Column = shell({
  name: "bash",
  title: "bash, one process a command",
  floor: "batch",
  arrange: (commands) => ({ script: oneByOne(commands), files: new Map() }),
});

interface Shell extends Pick<Column, "name" | "title" | "floor"> {
  readonly arrange: (commands: readonly Command[]) => Batches;
}

function shell({ arrange, ...column }: Shell): Column {
  return {
    ...column,
    async open(host, lab) {
      const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-bench-"));
      const script = async (verb: string, commands: readonly Command[]) => {
        const { script, files } = arrange(commands);
        for (const [name, text] of [...files, [verb, `set -e\ncd "\${0%/*}"\n${script}`] as const])
          await writeFile(join(folder, name), text);
        return () => timed(() => must(host, ["bash", join(folder, verb)]));
      };
      const { command } = lab.change;
      return {
        create: await script("create", making(lab.pieces)),
        ...(command !== undefined && { change: () => timed(() => must(host, command)) }),
        // Its files have other names, except for the host's, which the create has read by then.
        destroy: async () => (await script("destroy", unmaking(lab.pieces)))(),
        [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
      };
    },
  };
}
