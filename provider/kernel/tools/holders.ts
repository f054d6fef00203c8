import type { KernelClient } from "../kernel.ts";
import { runQuery } from "../query.ts";
import { query } from "./ip.ts";

/** A process, with the name of its program. Its arguments are left out, since they may be secret. */
export interface Holder {
  readonly pid: string;
  readonly program: string;
}

/** Queries the processes in a namespace, in the order of their ids; none if the namespace does not exist. */
export async function processesIn(kernel: KernelClient, namespace: string): Promise<readonly Holder[]> {
  const pids = wordsOf(await runQuery(kernel, query(undefined, "netns", "pids", namespace)));
  if (pids.length === 0) return [];
  const named = await runQuery(kernel, {
    tool: "sh",
    args: ["-c", NAMES, "pulumi-netns", ...pids],
    display: `ps -o pid=,comm= -p ${pids.join(",")}`,
    query: true,
  });
  return (named ?? "")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ pid: line.slice(0, line.indexOf(" ")), program: line.slice(line.indexOf(" ") + 1) }))
    .sort((left, right) => Number(left.pid) - Number(right.pid));
}

// A process that has ended since does not hold the namespace any more.
const NAMES = 'for pid; do read -r name < "/proc/$pid/comm" && echo "$pid $name"; done 2>/dev/null; true';

const wordsOf = (text = ""): readonly string[] => text.split(/\s+/).filter((word) => word !== "");
