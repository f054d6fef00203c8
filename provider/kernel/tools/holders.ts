import { coalesce } from "../../concurrency.ts";
import { NAMESPACE_FOLDER } from "../client/namespace-files.ts";
import type { Command } from "../command.ts";
import type { KernelClient } from "../kernel.ts";
import { runQuery } from "../query.ts";

/** A process, with the name of its program. Its arguments are left out, since they may be secret. */
export interface Holder {
  readonly pid: string;
  readonly program: string;
}

/**
 * Queries the processes in a namespace, in the order of their ids; none if the namespace does not exist. Queries that wait at the
 * same time, as in a destroy, share one look at all processes.
 */
export async function processesIn(kernel: KernelClient, namespace: string): Promise<readonly Holder[]> {
  const shared = queries.get(kernel) ?? sharedQuery(kernel);
  queries.set(kernel, shared);
  return (await shared("processes", namespace)) ?? [];
}

type SharedQuery = (lock: string, namespace: string) => Promise<readonly Holder[] | undefined>;

const queries = new WeakMap<KernelClient, SharedQuery>();

const sharedQuery = (kernel: KernelClient): SharedQuery =>
  coalesce<string, readonly Holder[]>({
    batch: (namespaces) => holdersOf(kernel, namespaces),
    single: async (namespace) => (await holdersOf(kernel, [namespace]))[0],
  });

/** Queries the processes in each of several namespaces. */
async function holdersOf(kernel: KernelClient, namespaces: readonly string[]): Promise<readonly Holder[][]> {
  const [pidsByIdentity, identities] = parse(await runQuery(kernel, identityQuery(namespaces)));
  const pids = namespaces.map((name) => pidsByIdentity.get(identities.get(name) ?? "") ?? []);
  const programs = await programsOf(kernel, pids.flat());
  return pids.map((ones) =>
    ones
      .flatMap((pid) => {
        const program = programs.get(pid);
        // A process that has ended since does not hold the namespace any more.
        return program === undefined ? [] : [{ pid, program }];
      })
      .sort((left, right) => Number(left.pid) - Number(right.pid)),
  );
}

/** Returns the query for the identity, a device and a number, of each namespace and of that of each process. */
const identityQuery = (namespaces: readonly string[]): Command => {
  const files = namespaces.map((name) => `${NAMESPACE_FOLDER}/${name}`);
  return {
    tool: "sh",
    args: ["-c", 'stat -Lc "%d:%i %n" "$@" /proc/[0-9]*/ns/net 2>/dev/null; true', "pulumi-netns", ...files],
    display: `stat -Lc "%d:%i %n" ${files.join(" ")} /proc/[0-9]*/ns/net`,
    query: true,
  };
};

/** Returns the processes by the identity of their namespace, and the identities of the named namespaces. */
function parse(text = ""): [Map<string, string[]>, Map<string, string>] {
  const [pids, identities] = [new Map<string, string[]>(), new Map<string, string>()];
  for (const line of text.split("\n")) {
    const space = line.indexOf(" ");
    const [identity, file] = [line.slice(0, space), line.slice(space + 1)];
    const [, pid] = /^\/proc\/(\d+)\/ns\/net$/.exec(file) ?? [];
    if (pid === undefined) identities.set(file.slice(NAMESPACE_FOLDER.length + 1), identity);
    else if (pids.get(identity)?.push(pid) === undefined) pids.set(identity, [pid]);
  }
  return [pids, identities];
}

/** Queries the names of the programs of processes. */
async function programsOf(kernel: KernelClient, pids: readonly string[]): Promise<Map<string, string>> {
  if (pids.length === 0) return new Map();
  const named = await runQuery(kernel, {
    tool: "sh",
    args: ["-c", NAMES, "pulumi-netns", ...pids],
    display: `ps -o pid=,comm= -p ${pids.join(",")}`,
    query: true,
  });
  const lines = (named ?? "").split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]));
}

const NAMES = 'for pid; do read -r name < "/proc/$pid/comm" && echo "$pid $name"; done 2>/dev/null; true';
