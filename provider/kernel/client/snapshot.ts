import { type Command, displayCommand } from "../command.ts";
import { type CommandResult, type KernelClient, oneByOne } from "../kernel.ts";
import { linksCommand, routesCommand } from "../tools/ip.ts";

/** Runs work with a kernel client whose answers are cached while any reader is active. The client must not make changes. */
export type WithSnapshot = <T>(work: (kernel: KernelClient) => Promise<T>) => Promise<T>;

/**
 * Creates a function that lets concurrent readers, as in a refresh, share query results: for each namespace, one query reads all
 * links and the default route, which most namespaces have. The snapshot is discarded after the last reader has finished.
 *
 * @param idleMs How long a snapshot outlives the last reader, in milliseconds. The engine pauses between reads.
 */
export function snapshotsOf(kernel: KernelClient, idleMs: number): WithSnapshot {
  const results = new Map<string, Promise<CommandResult>>();
  const linkIndexes = new Map<string, Promise<LinkIndex>>();
  let [readers, timer]: [number, NodeJS.Timeout | undefined] = [0, undefined];

  const cachedRun = (command: Command): Promise<CommandResult> =>
    getOrCreate(results, displayCommand(command), () => kernel.run(command));

  const snapshot = oneByOne(async (command) => {
    const { namespace } = command;
    if (namespace === undefined || !isLinkQuery(command)) return cachedRun(command);
    const index = await getOrCreate(linkIndexes, namespace, () => loadLinks(namespace));
    return command.subject === undefined ? cachedRun(command) : index(command.subject);
  });

  async function loadLinks(namespace: string | undefined): Promise<LinkIndex> {
    // Queried at the same time, so that one process answers both.
    const [links] = await Promise.all([
      cachedRun(linksCommand(namespace)),
      cachedRun(routesCommand(namespace, { family: "inet", destination: "default", table: "254" })),
    ]);
    return links.code === 0 ? indexByName(links) : () => links;
  }

  function invalidate(): void {
    results.clear();
    linkIndexes.clear();
  }

  return async (work) => {
    readers += 1;
    clearTimeout(timer);
    try {
      return await work(snapshot);
    } finally {
      readers -= 1;
      if (readers === 0 && idleMs > 0) timer = setTimeout(invalidate, idleMs).unref();
      else if (readers === 0) invalidate();
    }
  };
}

/** Returns the query result for a link of a namespace, by name. */
type LinkIndex = (name: string) => CommandResult;

function getOrCreate<T>(cache: Map<string, T>, key: string, create: () => T): T {
  const value = cache.get(key) ?? create();
  cache.set(key, value);
  return value;
}

/** Returns whether a command queries one link or all links of a place, with their addresses. */
const isLinkQuery = ({ tool, query, ...rest }: Command): boolean =>
  tool === "ip" && query === true && "object" in rest && rest.object === "address";

function indexByName(links: CommandResult): LinkIndex {
  const all = new Map(
    (JSON.parse(links.stdout || "[]") as NamedLink[]).flatMap((link) =>
      [link.ifname, ...(link.altnames ?? [])].map((name) => [name, link] as const),
    ),
  );
  return (name) => {
    const link = all.get(name);
    return link === undefined
      ? { code: 1, stdout: "", stderr: `Device "${name}" does not exist.\n` }
      : { ...links, stdout: JSON.stringify([link]) };
  };
}

interface NamedLink {
  readonly ifname?: string;
  readonly altnames?: readonly string[];
}
