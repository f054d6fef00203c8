import { placeId } from "../../provider/kind.ts";
import { allKinds } from "../../provider/kind-of.ts";
import { type Interface, peerOf } from "../interfaces.ts";
import type { FoundObject } from "./found.ts";
import { withSettings } from "./link-settings.ts";
import { collect, type Taker } from "./taker.ts";

/** Which links to take. */
interface LinkSearch {
  /** Returns whether one of some links is in a place that is searched. */
  readonly isSearched: (links: readonly Interface[]) => boolean;
  /** The names of links that are taken although another program seems to have made them. */
  readonly named: readonly string[];
}

/** Returns the links of a lab as resources, a pair once, with the end in a namespace first. */
export function linksToImport(
  { kernel, take, leave }: Taker,
  interfaces: readonly Interface[],
  { isSearched, named }: LinkSearch,
): Promise<FoundObject[]> {
  return collect(interfaces, async (link) => {
    if (link.loopback) return [];
    const peer = link.kind === "veth" ? peerOf(interfaces, link) : undefined;
    const ends = peer === undefined ? [link] : [link, peer].toSorted(byPlace);
    if (ends[0] !== link || !isSearched(ends)) return [];
    const id = ends.map(idOf).join(":");
    const why = reasonToLeave(link, peer);
    const isNamed = ends.some(({ name }) => named.includes(name));
    if (why !== undefined && !(isNamed && link.kind !== undefined)) return leave(id, why);
    const taken = await take(kindsWith(ends.length), id);
    return Promise.all(taken.map((one) => withSettings(kernel, one, interfaces)));
  });
}

/** Returns the kinds of links with a number of ends. */
const kindsWith = (ends: number): string[] =>
  allKinds.flatMap(({ type, interfaces, argsFromId }) =>
    argsFromId !== undefined && interfaces !== undefined && Object.keys(interfaces(argsFromId("x"))).length === ends
      ? [type]
      : [],
  );

function reasonToLeave({ kind, name }: Interface, peer: Interface | undefined): string | undefined {
  if (kind === undefined) return "it is hardware, or made by the system";
  if (OTHER_SOFTWARE.test(name) || OTHER_SOFTWARE.test(peer?.name ?? ""))
    return "its name is one that other software gives";
  return kind === "veth" && peer === undefined
    ? "its other end is in a place without a name, such as a container"
    : undefined;
}

/** The names of links that Docker, libvirt, Kubernetes, LXC and Podman make. */
const OTHER_SOFTWARE =
  /^(docker\d+|docker_gwbridge|br-[0-9a-f]{12}|virbr\d|vnet\d|cni\d|cni-podman|podman\d|flannel|cali|lxc)/;

const idOf = ({ place, name }: Interface): string => placeId(place, name);

// The end in a namespace comes first, as in the examples.
const byPlace = (one: Interface, other: Interface): number =>
  Number(one.place === undefined) - Number(other.place === undefined) || idOf(one).localeCompare(idOf(other));
