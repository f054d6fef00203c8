import { type Command, show } from "../command.ts";
import { type Kernel, type Outcome, oneByOne } from "../kernel.ts";
import { linksCommand, routesCommand } from "../tools/ip.ts";

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
  const albums = new Map<string, Promise<Album>>();
  let [looking, ending]: [number, NodeJS.Timeout | undefined] = [0, undefined];

  const taken = (command: Command): Promise<Outcome> => kept(pictures, show(command), () => kernel.run(command));

  const shared = oneByOne(async (command) => {
    const name = linkIn(command);
    if (command.namespace === undefined || name === undefined) return taken(command);
    const album = await kept(albums, command.namespace, () => albumOf(command.namespace));
    return album(name);
  });

  async function albumOf(namespace: string | undefined): Promise<Album> {
    // Asked in one breath, so that one process can tell of both.
    const [links] = await Promise.all([
      taken(linksCommand(namespace)),
      taken(routesCommand(namespace, { family: "inet", destination: "default", table: "254" })),
    ]);
    return links.code === 0 ? sorted(links) : () => links;
  }

  function throwAway(): void {
    pictures.clear();
    albums.clear();
  }

  return async (look) => {
    looking += 1;
    clearTimeout(ending);
    try {
      return await look(shared);
    } finally {
      looking -= 1;
      if (looking === 0 && pause > 0) ending = setTimeout(throwAway, pause).unref();
      else if (looking === 0) throwAway();
    }
  };
}

/** What is answered of each link of a namespace, by its name. */
type Album = (name: string) => Outcome;

function kept<T>(all: Map<string, T>, key: string, make: () => T): T {
  const value = all.get(key) ?? make();
  all.set(key, value);
  return value;
}

/** The link that a command queries, with its addresses; undefined for other commands. */
const linkIn = ({ tool, query, subject, ...rest }: Command): string | undefined =>
  tool === "ip" && query && "object" in rest && rest.object === "address" ? subject : undefined;

function sorted(links: Outcome): Album {
  const all = new Map(
    (JSON.parse(links.stdout || "[]") as Named[]).flatMap((link) =>
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

interface Named {
  readonly ifname?: string;
  readonly altnames?: readonly string[];
}
