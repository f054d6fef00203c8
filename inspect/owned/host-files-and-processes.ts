import { type Command, shellWords } from "../../provider/kernel/command.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { runQuery } from "../../provider/kernel/query.ts";
import { readFile } from "../../provider/kernel/tools/files.ts";
import { hosts } from "../../provider/kinds/hosts.ts";
import { markIn } from "../../provider/kinds/hosts-text.ts";
import { process } from "../../provider/kinds/process.ts";
import type { ProcessArgs } from "../../provider/kinds/process-args.ts";
import { FOLDER, logOf, markOfPath } from "../../provider/kinds/process-paths.ts";
import { isOfStack } from "../../provider/owner.ts";
import { inParallel } from "../parallel.ts";
import type { OwnedThing } from "./types.ts";

/*
 * Objects of a stack that are not deleted with its namespaces: processes keep running in a namespace that has no name any
 * more, their logs outlive them, and files in /etc/netns apply to the next namespace of that name.
 */

/** Returns the processes that have a mark of the same stack, and the paths of those that have ended. */
export async function processesOf(kernel: KernelClient, mark: string): Promise<OwnedThing[]> {
  const running = linesOf(await runQuery(kernel, MARKS_OF_PROCESSES)).map((line) => line.slice(line.indexOf("=") + 1));
  const found = await inParallel(
    ofStack([...running, ...(await marksOfPaths(kernel))], mark),
    async (own): Promise<OwnedThing[]> => {
      const seen = await process.observe(kernel, ANY, own);
      // Undefined for a process of another user namespace, which is another lab host.
      if (seen === undefined) return [];
      const removal = process.plan({ seen, desired: undefined, mark: own });
      const thing = seen.isRunning
        ? { what: "process" as const, name: own }
        : { what: "log" as const, name: logOf(own) };
      return [{ ...thing, namespace: undefined, claims: process.claims(ANY, own), removal }];
    },
  );
  return found.flat();
}

/** Returns the marks of the processes, of any stack, that have paths in the default folder. They may have ended. */
export const marksOfPaths = async (kernel: KernelClient): Promise<string[]> =>
  linesOf(await runQuery(kernel, PROCESS_PATHS)).flatMap((path) => markOfPath(path) ?? []);

/** Arguments that match any process. */
const ANY: ProcessArgs = { command: [], cwd: "/", stopSignal: "SIGTERM", settle: 0 };

/** Returns the hosts files and resolv.confs that have a mark of the same stack, grouped by folder. */
export async function hostsFilesOf(kernel: KernelClient, mark: string): Promise<OwnedThing[]> {
  const paths = linesOf(await runQuery(kernel, MARKED_FILES));
  const files = await inParallel(paths, async (path) => ({ path, mark: markIn(await readFile(kernel, path)) }));
  const folders = Map.groupBy(
    files.filter((file) => isOfStack(file.mark, mark)),
    ({ path }) => path.split("/")[3] ?? "",
  );
  const found = await inParallel([...folders], async ([namespace, [file]]): Promise<OwnedThing[]> => {
    const own = file?.mark ?? mark;
    const seen = await hosts.observe(kernel, { namespace }, own);
    const removal = seen === undefined ? [] : hosts.plan({ seen, desired: undefined, mark: own });
    return removal.length === 0
      ? []
      : [
          {
            what: "hosts files",
            namespace: undefined,
            name: `/etc/netns/${namespace}`,
            claims: hosts.claims({ namespace }, own),
            removal,
          },
        ];
  });
  return found.flat();
}

const ofStack = (marks: readonly string[], mark: string): string[] =>
  [...new Set(marks)].filter((one) => isOfStack(one, mark));

const linesOf = (text = ""): string[] => text.split("\n").filter((line) => line !== "");

const MARKS_OF_PROCESSES: Command = {
  tool: "sh",
  query: true,
  args: ["-c", "grep -hsze '^PULUMI_NETNS_MARK=' /proc/[0-9]*/environ | tr '\\0' '\\n' | sort -u"],
  display: "grep -hsze '^PULUMI_NETNS_MARK=' /proc/[0-9]*/environ",
};

const PROCESS_PATHS: Command = {
  tool: "sh",
  query: true,
  args: ["-c", 'for path in "$1"/*; do [ ! -e "$path" ] || printf "%s\\n" "$path"; done', "pulumi-netns", FOLDER],
  display: shellWords(["ls", FOLDER]),
};

const MARKED_FILES: Command = {
  tool: "sh",
  query: true,
  args: ["-c", "grep -lse '^# pulumi-netns:' /etc/netns/*/hosts /etc/netns/*/resolv.conf | sort"],
  display: "grep -lse '^# pulumi-netns:' /etc/netns/*/hosts /etc/netns/*/resolv.conf",
};
