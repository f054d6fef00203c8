import type { Item } from "../lab/model.ts";
import { itemsOf, itemsThatAre } from "../lab/read.ts";
import type { ChangeMark, Drawn } from "./drawn.ts";
import { type Fact, factOf, text, withoutUnknown } from "./facts.ts";

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
  readonly mark: ChangeMark | undefined;
  readonly details?: readonly string[] | undefined;
  /** Routes, NAT rules, settings, and whatever else lies in it. */
  readonly lines: readonly Line[];
  readonly links: readonly Link[];
}

/** An interface. */
export interface Link {
  readonly key: string;
  readonly name: string;
  /** Its device type, such as `veth` or `bridge`. */
  readonly device: string;
  /** Whether it is an end of a cable, which may be drawn as a port; all other links are boxes. */
  readonly isEnd: boolean;
  /** For an end, the key of the link that it is a port of, such as a bridge. */
  readonly master: string | undefined;
  /** Where wires end at it that are no cables: those to its parent, to its master and to the links that have it as one. */
  readonly joints: readonly string[];
  readonly mark: ChangeMark | undefined;
  readonly details?: readonly string[] | undefined;
  readonly addresses: readonly Line[];
  /** What distinguishes it from others of its device type. */
  readonly about: readonly Line[];
  /** Settings that the program gives it. */
  readonly lines: readonly Line[];
}

/** A line between two links: a veth pair, or from a link to its parent or master. */
export interface Wire {
  readonly key: string;
  readonly name: string;
  /** Whether it is a veth pair, which is a resource by itself. */
  readonly isCable: boolean;
  /** The keys of the links of a pair; else the joints of the two links. */
  readonly ends: readonly [string, string];
  readonly mark: ChangeMark | undefined;
  readonly details?: readonly string[] | undefined;
}

/** A line of text in the picture. */
export interface Line extends Fact {
  /** The name of the resource that it tells of. */
  readonly resource: string;
  readonly mark: ChangeMark | undefined;
  readonly details?: readonly string[] | undefined;
  /** What it said before the change. */
  readonly was?: string | undefined;
  /** That it is no resource of its own: an interface has it with it. */
  readonly isPart?: true;
}

/** The topology of a stack's resources. It is the same in whatever order they come. */
export function topologyOf(resources: readonly Drawn[]): Topology {
  const sorted = [...resources].sort((left, right) => order(left.name, right.name) || order(left.urn, right.urn));
  // What is unknown gets a text, so that what is in an unknown namespace is drawn together.
  const items = itemsOf(sorted, ({ inputs }) => withoutUnknown(inputs));
  const draft = new Draft();
  for (const { namespace, resource } of itemsThatAre(items, "namespace")) {
    Object.assign(draft.place(namespace), { mark: resource.mark, details: resource.details });
  }
  // Bridges first, then what is plugged into them.
  for (const link of itemsThatAre(items, "link").sort((x, y) => Number(isEnd(x)) - Number(isEnd(y)))) draft.link(link);
  for (const { resource } of itemsThatAre(items, "pair")) draft.pair(resource);
  for (const address of itemsThatAre(items, "address")) draft.address(address);
  for (const item of items) if (!DRAWN.includes(item.is)) draft.place(item.namespace).lines.push(lineOf(item.resource));
  return draft.finish();
}

/** Names in the order that people expect: h2 before h10. */
export const order = (left: string, right: string): number =>
  COLLATOR.compare(left, right) || (left < right ? -1 : left > right ? 1 : 0);

const COLLATOR = new Intl.Collator("en", { numeric: true });

const DRAWN: readonly Item<Drawn>["is"][] = ["namespace", "link", "pair", "address"];

const isEnd = ({ side }: Item<Drawn, "link">): boolean => side !== undefined;

function lineOf({ type, inputs, before, name, mark, details }: Drawn): Line {
  const fact = factOf(type, inputs);
  const was = before && factOf(type, before).text;
  return { ...fact, resource: name, mark, details, was: was === fact.text ? undefined : was };
}

/** A link in the making: its master and parent are the keys of the lab model. */
interface OpenLink extends Omit<Link, "master" | "addresses" | "about" | "joints"> {
  readonly place: string;
  readonly model: Item<Drawn, "link">;
  readonly addresses: Line[];
  readonly about: Line[];
  readonly joints: string[];
}

interface OpenPlace extends Omit<Place, "lines"> {
  readonly lines: Line[];
}

/** A topology in the making. */
class Draft {
  readonly #wires: Wire[] = [];
  readonly #places = new Map<string, OpenPlace>();
  readonly #links: OpenLink[] = [];
  readonly #byKey = new Map<string, readonly OpenLink[]>();

  /** The place of a name, which need not be the program's own; the lab host without one. */
  place(namespace: string | null | undefined): OpenPlace {
    const name = namespace === undefined ? undefined : text(namespace);
    const key = name === undefined ? "host" : `namespace ${name}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const isHost = name === undefined;
    const made: OpenPlace = { key, name: name ?? "lab host", isHost, mark: undefined, lines: [], links: [] };
    this.#places.set(key, made);
    return made;
  }

  link(model: Item<Drawn, "link">): void {
    const { urn, name: resource, mark, details } = model.resource;
    const place = this.place(model.namespace);
    const line = (label: string, value: string): Line => ({ label, text: value, resource, mark, isPart: true });
    const given = (keys: readonly string[]) =>
      keys.flatMap((key) => (model.args[key] === undefined ? [] : [line(key, text(model.args[key]))]));
    const made: OpenLink = {
      key: model.side === undefined ? urn : `${urn} ${model.side}`,
      name: text(model.name),
      place: place.key,
      device: model.traits.device,
      isEnd: isEnd(model),
      joints: [],
      model,
      mark,
      details,
      addresses: model.addresses.map(text).map((address) => line("address", address)),
      about: given(model.traits.shows ?? []),
      lines: [...given(["mac", "mtu"]), ...(model.up === false ? [line("state", "down")] : [])],
    };
    this.#links.push(made);
    if (model.key !== null) this.#byKey.set(model.key, [...(this.#byKey.get(model.key) ?? []), made]);
    place.lines.push(...model.gateways.map((gateway) => line("route", `default via ${text(gateway)}`)));
  }

  pair({ urn, name, mark, details }: Drawn): void {
    this.#wires.push({ key: urn, name, isCable: true, ends: [`${urn} a`, `${urn} b`], mark, details });
  }

  address({ resource, namespace, link, ...address }: Item<Drawn, "address">): void {
    const line = lineOf(resource);
    const found = this.#find(link);
    if (found !== undefined) found.addresses.push(line);
    else this.place(namespace).lines.push({ ...line, label: text(address.interface) });
  }

  finish(): Topology {
    for (const link of this.#links) this.#join(link);
    const placed = Map.groupBy(this.#links, ({ place }) => place);
    const places = [...this.#places.values()].sort((left, right) => order(left.key, right.key));
    return {
      places: places.map((place) => ({
        ...place,
        links: placed.get(place.key)?.map((link) => this.#finished(link)) ?? [],
      })),
      wires: this.#wires,
    };
  }

  #finished({ place: _place, model, ...link }: OpenLink): Link {
    return { ...link, master: link.isEnd ? this.#masterOf(model)?.key : undefined };
  }

  /** Draws the wires of a link to its parent and master. A parent that the stack does not make is named in its box. */
  #join(link: OpenLink): void {
    const parent = this.#find(link.model.parent);
    if (parent !== undefined) this.#wire(parent, link, "on");
    else if (link.model.parent !== undefined) {
      const { name: resource, mark } = link;
      link.about.push({ label: "on", text: text(link.model.parent), resource, mark, isPart: true });
    }
    const master = link.isEnd ? undefined : this.#masterOf(link.model);
    if (master !== undefined) this.#wire(master, link, "in");
  }

  #wire(upper: OpenLink, link: OpenLink, how: "on" | "in"): void {
    if (upper === link) return;
    const { mark, details } = link;
    const ends = [`${upper.key} of ${link.key} ${how}`, `${link.key} ${how}`] as const;
    upper.joints.push(ends[0]);
    link.joints.push(ends[1]);
    const name = `${link.name} ${how} ${upper.name}`;
    this.#wires.push({ key: `${link.key} ${how} ${upper.key}`, name, isCable: false, ends, mark, details });
  }

  /** The link that is the master of another one. A veth end cannot be one, so one that has the name is about to go. */
  #masterOf({ master }: Item<Drawn, "link">): OpenLink | undefined {
    return this.#find(master, ({ isEnd }) => !isEnd);
  }

  /** An interface by its key; of two, where a name moves, the one that will be there. */
  #find(key: string | null | undefined, fits: (link: OpenLink) => boolean = () => true): OpenLink | undefined {
    const found = this.#byKey.get(key ?? "")?.filter(fits) ?? [];
    return found.find((link) => link.mark !== "removed") ?? found[0];
  }
}
