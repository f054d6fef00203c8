import * as v from "valibot";
import { type Fact, factOf, list, text } from "./facts.ts";
import type { Drawn, Mark } from "./plan.ts";

/** A network as it is drawn: places with interfaces, and wires between those. */
export interface Topology {
  readonly places: readonly Place[];
  readonly wires: readonly Wire[];
}

/** A namespace, or the lab host itself. */
export interface Place {
  readonly key: string;
  readonly name: string;
  readonly isHost: boolean;
  readonly mark: Mark | undefined;
  readonly told?: readonly string[] | undefined;
  /** Routes, NAT rules, settings, and whatever else lies in it. */
  readonly lines: readonly Line[];
  readonly links: readonly Link[];
}

/** An interface: an end of a wire, or a bridge. */
export interface Link {
  readonly key: string;
  readonly name: string;
  readonly isBridge: boolean;
  /** The bridge that it is a port of. */
  readonly master: string | undefined;
  readonly mark: Mark | undefined;
  readonly told?: readonly string[] | undefined;
  readonly addresses: readonly Line[];
  /** What else its maker said of it. */
  readonly lines: readonly Line[];
}

/** A veth pair. */
export interface Wire {
  readonly key: string;
  readonly name: string;
  readonly ends: readonly [string, string];
  readonly mark: Mark | undefined;
  readonly told?: readonly string[] | undefined;
}

/** A line of text in the picture. */
export interface Line extends Fact {
  /** The name of the resource that it tells of. */
  readonly resource: string;
  readonly mark: Mark | undefined;
  readonly told?: readonly string[] | undefined;
  /** What it said before the change. */
  readonly was?: string | undefined;
  /** That it is no resource of its own: an interface has it with it. */
  readonly isPart?: true;
}

/** The topology of a stack's resources. It is the same in whatever order they come. */
export function topologyOf(resources: readonly Drawn[]): Topology {
  const sorted = [...resources].sort((left, right) => order(left.name, right.name) || order(left.urn, right.urn));
  const draft = new Draft();
  for (const [types, read] of PASSES) {
    for (const resource of sorted) if (types(resource.type)) read(draft, resource);
  }
  return draft.finish();
}

/** Names in the order that people expect: h2 before h10. */
export const order = (left: string, right: string): number =>
  COLLATOR.compare(left, right) || (left < right ? -1 : left > right ? 1 : 0);

const COLLATOR = new Intl.Collator("en", { numeric: true });

type Read = (draft: Draft, resource: Drawn) => void;

/** Places first, then what stands in them, then what lies on that. */
const PASSES: readonly (readonly [(type: string) => boolean, Read])[] = [
  [(type) => type === "Namespace", readNamespace],
  [(type) => type === "Bridge", readBridge],
  [(type) => type === "Veth", readVeth],
  [(type) => type === "Address", readAddress],
  [(type) => !["Namespace", "Bridge", "Veth", "Address"].includes(type), readOther],
];

function readNamespace(draft: Draft, { inputs, mark, told, name }: Drawn): void {
  Object.assign(draft.place(named(inputs["name"]) ?? name), { mark, told });
}

function readBridge(draft: Draft, resource: Drawn): void {
  const end = v.parse(END, { name: resource.name, ...resource.inputs });
  draft.link(resource, resource.urn, end, true);
}

function readVeth(draft: Draft, resource: Drawn): void {
  const { urn, name, inputs, mark, told } = resource;
  const [a, b] = [v.parse(END, inputs["a"]), v.parse(END, inputs["b"])];
  draft.link(resource, `${urn} a`, a, false);
  draft.link(resource, `${urn} b`, b, false);
  draft.wires.push({ key: urn, name, ends: [`${urn} a`, `${urn} b`], mark, told });
}

function readAddress(draft: Draft, resource: Drawn): void {
  const { namespace, interface: link } = resource.inputs;
  const line = lineOf(resource);
  const found = draft.find(named(namespace), text(link));
  if (found !== undefined) found.addresses.push(line);
  else draft.place(named(namespace)).lines.push({ ...line, label: text(link) });
}

function readOther(draft: Draft, resource: Drawn): void {
  draft.place(named(resource.inputs["namespace"])).lines.push(lineOf(resource));
}

function lineOf({ type, inputs, before, name, mark, told }: Drawn): Line {
  const fact = factOf(type, inputs);
  const was = before && factOf(type, before).text;
  return { ...fact, resource: name, mark, told, was: was === fact.text ? undefined : was };
}

type Open<T, K extends keyof T> = Omit<T, K> & { readonly [Key in K]: Line[] };
type OpenLink = Open<Link, "addresses" | "lines"> & { readonly place: string; readonly masterName: string | undefined };
type OpenPlace = Open<Place, "lines">;

/** A topology in the making. */
class Draft {
  readonly wires: Wire[] = [];
  readonly #places = new Map<string, OpenPlace>();
  readonly #links: OpenLink[] = [];

  /** The place of a name, which need not be the program's own; the lab host without one. */
  place(name: string | undefined): OpenPlace {
    const key = keyOf(name);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const isHost = name === undefined;
    const made: OpenPlace = { key, name: name ?? "lab host", isHost, mark: undefined, lines: [], links: [] };
    this.#places.set(key, made);
    return made;
  }

  link({ name: resource, mark, told }: Drawn, key: string, end: v.InferOutput<typeof END>, isBridge: boolean): void {
    const place = this.place(named(end.namespace));
    const line = (label: string, value: string): Line => ({ label, text: value, resource, mark, isPart: true });
    const details = (["mac", "mtu"] as const).filter((field) => end[field] !== undefined);
    this.#links.push({
      key,
      name: text(end.name),
      place: place.key,
      isBridge,
      master: undefined,
      masterName: named(end.master),
      mark,
      told,
      addresses: end.addresses.map((address) => line("address", address)),
      lines: [
        ...details.map((field) => line(field, text(end[field]))),
        ...(end.up === false ? [line("state", "down")] : []),
      ],
    });
    place.lines.push(...end.gateways.map((gateway) => line("route", `default via ${gateway}`)));
  }

  /** An interface by its name; of two, where a name moves, the one that will be there. */
  find(namespace: string | undefined, name: string): OpenLink | undefined {
    const found = this.#links.filter((link) => link.place === keyOf(namespace) && link.name === name);
    return found.find((link) => link.mark !== "removed") ?? found[0];
  }

  finish(): Topology {
    const places = [...this.#places.values()].sort((left, right) => order(left.key, right.key));
    return {
      places: places
        .map((place) => ({ ...place, links: this.#links.filter((link) => link.place === place.key) }))
        .map((place) => ({ ...place, links: place.links.map((link) => finished(link, place.links)) })),
      wires: this.wires,
    };
  }
}

function finished({ masterName, place: _place, ...link }: OpenLink, beside: readonly OpenLink[]): Link {
  const bridges = beside.filter((other) => other.isBridge && other.name === masterName);
  return { ...link, master: (bridges.find(({ mark }) => mark !== "removed") ?? bridges[0])?.key };
}

const keyOf = (namespace: string | undefined): string => (namespace === undefined ? "host" : `namespace ${namespace}`);

const named = (value: unknown): string | undefined => (value === undefined ? undefined : text(value));

const texts = v.optional(v.pipe(v.unknown(), v.transform(list)), []);

const FIELDS = v.object({
  name: v.optional(v.unknown()),
  namespace: v.optional(v.unknown()),
  master: v.optional(v.unknown()),
  mac: v.optional(v.unknown()),
  mtu: v.optional(v.unknown()),
  up: v.optional(v.unknown()),
  addresses: texts,
  gateways: texts,
});

const END = v.union([
  FIELDS,
  v.pipe(
    v.unknown(),
    v.transform((given) => v.parse(FIELDS, { name: given })),
  ),
]);
