import { type Command, displayCommand } from "../command.ts";
import { type CommandResult, type KernelClient, oneByOne } from "../kernel.ts";
import { linksCommand, routesCommand } from "../tools/ip.ts";

/** Looks with a kernel that answers alike as long as anybody looks. Nothing is to be changed with it. */
export type WithSnapshot = <T>(work: (kernel: KernelClient) => Promise<T>) => Promise<T>;

/**
 * Lets all who look at the same time, as a refresh does, share what they see: of each namespace one picture is taken, with
 * all its links, and its default route, which most have. When nobody looks any more, the pictures are thrown away.
 *
 * @param idleMs Milliseconds without a look after which that is so. The engine takes a breath now and then.
 */
export function snapshotsOf(kernel: KernelClient, idleMs: number): WithSnapshot {
  const results = new Map<string, Promise<CommandResult>>();
  const linkIndexes = new Map<string, Promise<LinkIndex>>();
  let [readers, timer]: [number, NodeJS.Timeout | undefined] = [0, undefined];

  const cachedRun = (command: Command): Promise<CommandResult> =>
    getOrCreate(results, displayCommand(command), () => kernel.run(command));

  const snapshot = oneByOne(async (command) => {
    const name = queriedLink(command);
    if (command.namespace === undefined || name === undefined) return cachedRun(command);
    const index = await getOrCreate(linkIndexes, command.namespace, () => loadLinks(command.namespace));
    return index(name);
  });

  async function loadLinks(namespace: string | undefined): Promise<LinkIndex> {
    // Asked in one breath, so that one process can tell of both.
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

/** What is answered of each link of a namespace, by its name. */
type LinkIndex = (name: string) => CommandResult;

function getOrCreate<T>(cache: Map<string, T>, key: string, create: () => T): T {
  const value = cache.get(key) ?? create();
  cache.set(key, value);
  return value;
}

/** The link that a command queries, with its addresses; undefined for other commands. */
const queriedLink = ({ tool, query, subject, ...rest }: Command): string | undefined =>
  tool === "ip" && query && "object" in rest && rest.object === "address" ? subject : undefined;

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
