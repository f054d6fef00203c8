import { ask } from "../provider/kernel/ask.ts";
import { readFile } from "../provider/kernel/files.ts";
import type { Command, Kernel } from "../provider/kernel/kernel.ts";
import { hosts } from "../provider/kinds/hosts.ts";
import { markIn } from "../provider/kinds/hosts-text.ts";
import { process } from "../provider/kinds/process.ts";
import { isOfStack } from "../provider/owner.ts";
import type { Marked } from "./marked.ts";
import { inParallel } from "./parallel.ts";

/*
 * What a stack has made that does not go with its namespaces: processes live on in one that has no name any more, and the
 * files in /etc/netns wait for the next that is called so.
 */

/** The processes that bear a mark of the same stack. */
export async function processesOf(kernel: Kernel, mark: string): Promise<Marked[]> {
  const said = await ask(kernel, MARKS_OF_PROCESSES);
  const marks = linesOf(said).map((line) => line.slice(line.indexOf("=") + 1));
  const found = await inParallel(ofStack(marks, mark), async (own): Promise<Marked[]> => {
    const seen = await process.observe(kernel, { command: [], cwd: "/", stopSignal: "SIGTERM", settle: 0 }, own);
    // Of another user namespace, which is another lab host, nothing runs here.
    if (!seen?.runs) return [];
    const removal = process.plan({ seen, desired: undefined, mark: own });
    return [{ what: "process", namespace: undefined, name: own, removal }];
  });
  return found.flat();
}

/** The hosts files and resolv.confs that bear a mark of the same stack, by the folders that they are in. */
export async function hostsFilesOf(kernel: Kernel, mark: string): Promise<Marked[]> {
  const paths = linesOf(await ask(kernel, MARKED_FILES));
  const files = await inParallel(paths, async (path) => ({ path, mark: markIn(await readFile(kernel, path)) }));
  const folders = Map.groupBy(
    files.filter((file) => isOfStack(file.mark, mark)),
    ({ path }) => path.split("/")[3] ?? "",
  );
  const found = await inParallel([...folders], async ([namespace, [file]]): Promise<Marked[]> => {
    const own = file?.mark ?? mark;
    const seen = await hosts.observe(kernel, { namespace }, own);
    const removal = seen === undefined ? [] : hosts.plan({ seen, desired: undefined, mark: own });
    return removal.length === 0
      ? []
      : [{ what: "hosts files", namespace: undefined, name: `/etc/netns/${namespace}`, removal }];
  });
  return found.flat();
}

const ofStack = (marks: readonly string[], mark: string): string[] =>
  [...new Set(marks)].filter((one) => isOfStack(one, mark));

const linesOf = (text = ""): string[] => text.split("\n").filter((line) => line !== "");

const MARKS_OF_PROCESSES: Command = {
  tool: "sh",
  args: ["-c", "grep -hsze '^PULUMI_NETNS_MARK=' /proc/[0-9]*/environ | tr '\\0' '\\n' | sort -u"],
  shown: "grep -hsze '^PULUMI_NETNS_MARK=' /proc/[0-9]*/environ",
};

const MARKED_FILES: Command = {
  tool: "sh",
  args: ["-c", "grep -lse '^# pulumi-netns:' /etc/netns/*/hosts /etc/netns/*/resolv.conf | sort"],
  shown: "grep -lse '^# pulumi-netns:' /etc/netns/*/hosts /etc/netns/*/resolv.conf",
};
