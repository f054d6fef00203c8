import { logOf } from "../provider/kinds/process-paths.ts";
import { isOfStack, markOf, nameInMark, resourceOf } from "../provider/owner.ts";
import type { LabHosts } from "./lab-hosts.ts";
import { marksOfPaths } from "./owned/host-files-and-processes.ts";
import type { StackName } from "./owner.ts";
import { resolveByName } from "./resolve-name.ts";
import type { StackView } from "./stack.ts";
import { processesIn, type StackProcess } from "./stack-processes.ts";
import { unlessUnreachable } from "./unless-unreachable.ts";

/** The log of a process, which may be one that is not in the state because it failed to start. */
export type ProcessLog = Pick<StackProcess, "name" | "host" | "log">;

/** The stack, its lab hosts, and how to ask `pulumi` for the name of the stack, which takes a while. */
export interface LogPlace {
  readonly view: StackView;
  readonly hosts: LabHosts;
  owner(): Promise<StackName>;
}

/** Returns the logs of the processes in the state, and then those that processes outside of it have left. */
export const allLogs = async (place: LogPlace): Promise<readonly ProcessLog[]> => [
  ...processesIn(place.view),
  ...(await leftLogs(place)),
];

/**
 * Returns the log of the process that a user named by its resource.
 *
 * @throws Error that lists the nearest names if there is none.
 */
export async function findLog(place: LogPlace, given: string): Promise<ProcessLog> {
  const known = processesIn(place.view);
  const found = known.find(({ name }) => name === given);
  if (found !== undefined) return found;
  const left = await leftLogs(place);
  return (
    left.find(({ name }) => name === nameInMark(given)) ??
    resolveByName("process", given, new Map([...known, ...left].map((one) => [one.name, one])))
  );
}

async function leftLogs({ view, hosts, owner }: LogPlace): Promise<readonly ProcessLog[]> {
  const known = new Set(processesIn(view).map(({ mark }) => mark));
  const found = await Promise.all(
    hosts.names.map((host) =>
      unlessUnreachable([], async () => {
        const marks = new Set(await marksOfPaths(hosts.on(host).kernel));
        return [...marks].filter((mark) => !known.has(mark)).map((mark) => ({ mark, host }));
      }),
    ),
  );
  const unknown = found.flat();
  if (unknown.length === 0) return [];
  const { project, stack, backend } = await owner();
  return unknown
    .filter(({ mark, host }) =>
      isOfStack(mark, markOf({ project, stack, host, backend: backend?.id, name: "", urn: "" })),
    )
    .map(({ mark, host }) => ({ name: resourceOf(mark) ?? mark, host, log: logOf(mark) }));
}
