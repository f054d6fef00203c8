import { type Command, type Kernel, type Outcome, show } from "./kernel.ts";

/** Looks with a kernel that answers alike as long as anybody looks. Nothing is to be changed with it. */
export type Glance = <T>(look: (kernel: Kernel) => Promise<T>) => Promise<T>;

/**
 * Lets all who look at the same time, as a refresh does, share what they see: of each namespace one picture is taken, with
 * all its links, and its default route, which most have. When nobody looks any more, the pictures are thrown away.
 *
 * @param pause Milliseconds without a look after which that is so. The engine takes a breath now and then.
 */
export function glances(kernel: Kernel, pause: number): Glance {
  const pictures = new Map<string, Promise<Outcome>>();
  let [looking, ending]: [number, NodeJS.Timeout | undefined] = [0, undefined];

  const taken = (command: Command): Promise<Outcome> => {
    const key = show(command);
    const known = pictures.get(key) ?? kernel.run(command);
    pictures.set(key, known);
    return known;
  };

  const shared: Kernel = {
    async run(command) {
      const name = linkIn(command);
      if (name === undefined) return taken(command);
      const { namespace } = command;
      // Asked in one breath, so that one process can tell of both.
      const [links] = await Promise.all([taken(ALL_LINKS(namespace)), taken(DEFAULT_ROUTE(namespace))]);
      return links.code === 0 ? pick(links, name) : links;
    },
  };

  return async (look) => {
    looking += 1;
    clearTimeout(ending);
    try {
      return await look(shared);
    } finally {
      looking -= 1;
      if (looking === 0 && pause > 0) ending = setTimeout(() => pictures.clear(), pause).unref();
      else if (looking === 0) pictures.clear();
    }
  };
}

/** The link of a namespace that a command asks for; undefined for other commands. */
function linkIn({ tool, namespace, args }: Command): string | undefined {
  const asked = args.slice(0, -1).join(" ") === "-json -details address show dev";
  return tool === "ip" && namespace !== undefined && asked ? args.at(-1) : undefined;
}

const ALL_LINKS = (namespace: string | undefined): Command => ({
  tool: "ip",
  namespace,
  args: ["-json", "-details", "address", "show"],
});

const DEFAULT_ROUTE = (namespace: string | undefined): Command => ({
  tool: "ip",
  namespace,
  args: ["-json", "-details", "-family", "inet", "route", "show", "exact", "default", "table", "254"],
});

/** What would have been answered of one link. */
function pick(links: Outcome, name: string): Outcome {
  const link = (JSON.parse(links.stdout || "[]") as Named[]).find(
    ({ ifname, altnames }) => ifname === name || altnames?.includes(name),
  );
  return link === undefined
    ? { code: 1, stdout: "", stderr: `Device "${name}" does not exist.\n` }
    : { ...links, stdout: JSON.stringify([link]) };
}

interface Named {
  readonly ifname?: string;
  readonly altnames?: readonly string[];
}
