import { placeAt, placeName } from "../inspect/place.ts";
import { splitPlace } from "../lab/hosts.ts";
import type { Item } from "../lab/model.ts";
import { itemsOf, itemsThatAre } from "../lab/read.ts";
import { LAB_HOST } from "../provider/values.ts";
import { type Drawn, markAt } from "./drawn.ts";
import { factOf, impairmentLine, SHOWN_BY_NAME, text, withoutUnknown } from "./facts.ts";
import { type Line, type Link, type Machine, order, type Place, type Topology, type Wire } from "./topology.ts";
import { tunnelPairs } from "./tunnel-ends.ts";

/** Returns the topology of a stack's resources. It does not depend on their order. */
export function topologyOf(resources: readonly Drawn[]): Topology {
  const sorted = [...resources].sort((left, right) => order(left.name, right.name) || order(left.urn, right.urn));
  // Unknown values become text, so that objects in an unknown namespace are drawn together.
  const items = itemsOf(sorted, ({ inputs }) => withoutUnknown(inputs));
  const draft = new Draft();
  for (const { namespace, resource, layer } of itemsThatAre(items, "namespace")) {
    const { mark, details } = resource;
    Object.assign(draft.place(namespace), { mark, details, layer: layer ?? undefined });
  }
  // Bridges first, then their ports.
  for (const link of itemsThatAre(items, "link").sort((x, y) => Number(isEnd(x)) - Number(isEnd(y)))) draft.link(link);
  for (const { resource } of itemsThatAre(items, "pair")) draft.pair(resource);
  for (const [one, other] of tunnelPairs(items)) draft.tunnel(one, other);
  for (const address of itemsThatAre(items, "address")) draft.address(address);
  for (const item of items) if (!NO_LINES.includes(item.is)) draft.line(item);
  return draft.finish();
}

/** The facts that are not lines: objects of their own, parts of these, and parts of lines. */
const PARTS = ["interface match", "reference", "further hop", "NAT rule"];
const NO_LINES: readonly string[] = ["namespace", "link", "pair", "address", ...PARTS];

/** Returns an argument of a link as text. */
const argumentText = (value: unknown): string => (value === LAB_HOST ? "lab host" : text(value));

const isEnd = ({ side }: Item<Drawn, "link">): boolean => side !== undefined;

function lineOf({ type, inputs, before, name, mark, details }: Drawn): Line {
  const fact = factOf(type, inputs);
  const was = before && factOf(type, before).text;
  const brief = SHOWN_BY_NAME.includes(type) ? name : undefined;
  return { ...fact, brief, resource: name, mark, details, was: was === fact.text ? undefined : was };
}

/** An incomplete link, whose master and parent are keys of the lab model. */
interface OpenLink extends Omit<Link, "master" | "within" | "addresses" | "about" | "joints"> {
  readonly place: string;
  readonly model: Item<Drawn, "link">;
  readonly addresses: Line[];
  readonly about: Line[];
  readonly joints: string[];
}

/** Returns true if a master is a VRF of the same place, which contains its members. No VRF is in another one. */
const isVrfOf = (master: OpenLink | undefined, { model, place }: Pick<OpenLink, "model" | "place">): boolean =>
  master?.model.traits.separates === true && master.place === place && model.traits.separates !== true;

/** Returns the lab hosts of some places, if there are several. A lab host is unknown if all of its places and interfaces are. */
function machinesOf(places: readonly OpenPlace[]): Machine[] {
  const hosts = [...Map.groupBy(places, ({ host }) => host)];
  if (hosts.length < 2) return [];
  return hosts.map(([host, own]) => {
    const isUnknown = own.some(({ mark, lines }) => [mark, ...lines.map((line) => line.mark)].includes("unknown"));
    return {
      key: `machine ${host ?? ""}`,
      name: host ?? "this machine",
      host,
      mark: isUnknown ? "unknown" : undefined,
    };
  });
}

/** The greatest number of masters above each other that are followed: a preview may contain a circle. */
const MOST_MASTERS = 8;

interface OpenPlace extends Omit<Place, "lines"> {
  readonly lines: Line[];
}

/** An incomplete topology. */
class Draft {
  readonly #wires: Wire[] = [];
  readonly #places = new Map<string, OpenPlace>();
  readonly #links: OpenLink[] = [];
  readonly #byKey = new Map<string, readonly OpenLink[]>();

  /** Returns the place with a name, which the program need not create; the lab host without a name. */
  place(namespace: string | null | undefined): OpenPlace {
    const name = namespace === undefined ? undefined : text(namespace);
    const key = name === undefined ? "host" : `namespace ${name}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const { host, namespace: inner } = splitPlace(name ?? "");
    const place = placeAt({ host, namespace: inner }) ?? "";
    const made: OpenPlace = {
      ...{ key, name: place === "" ? "lab host" : placeName(place), host, place },
      ...{ isHost: inner === undefined, mark: undefined, lines: [], links: [] },
    };
    this.#places.set(key, made);
    return made;
  }

  link(model: Item<Drawn, "link">): void {
    const { urn, name: resource, mark, details } = model.resource;
    const place = this.place(model.namespace);
    const markOf = (property: string, item?: string) =>
      markAt(model.resource, model.side === undefined ? property : `${model.side}.${property}`, item);
    const line = (label: string, value: string, property = label, item?: string): Line => ({
      ...{ label, text: value, resource, mark: markOf(property, item), isPart: true },
    });
    const given = (keys: readonly string[]) =>
      keys.flatMap((key) => (model.args[key] === undefined ? [] : [line(key, argumentText(model.args[key]))]));
    const { netem } = model.args;
    const impaired = typeof netem === "object" && netem !== null ? impairmentLine(netem) : undefined;
    const made: OpenLink = {
      key: model.side === undefined ? urn : `${urn} ${model.side}`,
      name: text(model.name),
      place: place.key,
      device: model.traits.device,
      isEnd: isEnd(model),
      joints: [],
      model,
      mark: model.side === undefined ? mark : markAt(model.resource, model.side),
      details,
      addresses: model.addresses.map(text).map((address) => line("address", address, "addresses", address)),
      about: [
        ...given(model.traits.shows ?? []),
        ...(model.vlans == null ? [] : [line("vlans", model.vlans.join(", "), "port")]),
        ...(impaired === undefined ? [] : [{ ...line("", impaired, "netem"), icon: "funnel" as const }]),
      ],
      lines: [...given(["mac", "mtu"]), ...(model.up === false ? [line("state", "down", "up")] : [])],
    };
    this.#links.push(made);
    if (model.key !== null) this.#byKey.set(model.key, [...(this.#byKey.get(model.key) ?? []), made]);
    const gateways = model.gateways.map(text);
    place.lines.push(...gateways.map((gateway) => line("route", `default via ${gateway}`, "gateways", gateway)));
    const destinations = model.destinations.map((network) => `${text(network)} dev ${made.name}`);
    place.lines.push(...destinations.map((route) => line("route", route, "routes")));
  }

  pair({ urn, name, mark, details, drift = [] }: Drawn): void {
    const ends = [`${urn} a`, `${urn} b`] as const;
    const isDeclaredDown = this.#links.some(
      ({ key, model }) => model.up === false && (key === ends[0] || key === ends[1]),
    );
    const isDown = isDeclaredDown || drift.some(({ property, is }) => /^[ab]\.up$/.test(property) && is === false);
    this.#wires.push({ key: urn, name, isCable: true, isDown, ends, mark, details });
  }

  /** Draws the wire between the ends of a tunnel. */
  tunnel(...ends: readonly [Item<Drawn, "link">, Item<Drawn, "link">]): void {
    const [one, other] = ends.map((end) => this.#links.find(({ model }) => model === end));
    if (one === undefined || other === undefined) return;
    const key = `${one.key} to ${other.key}`;
    const joints = [`${key} a`, `${key} b`] as const;
    one.joints.push(joints[0]);
    other.joints.push(joints[1]);
    this.#wires.push({
      ...{ key, name: `tunnel ${one.name} to ${other.name}`, isCable: false, isTunnel: true },
      ...{ isDown: [one, other].some(({ model }) => model.up === false), ends: joints },
      ...{ mark: one.mark ?? other.mark, details: undefined },
    });
  }

  address({ resource, namespace, link, ...address }: Item<Drawn, "address">): void {
    const line = lineOf(resource);
    const found = this.#find(link);
    if (found !== undefined) found.addresses.push(line);
    else this.place(namespace).lines.push({ ...line, label: text(address.interface) });
  }

  /** Draws an object that is not a link: a route of a VRF's table in the VRF, and another object in its place. */
  line({ is, namespace, resource }: Item<Drawn>): void {
    const place = this.place(namespace);
    const table = is === "route" ? resource.inputs["table"] : undefined;
    const vrf = this.#links.find(
      (link) => link.model.traits.separates && link.place === place.key && link.model.args["table"] === table,
    );
    if (vrf === undefined) place.lines.push(lineOf(resource));
    else vrf.about.push(lineOf({ ...resource, inputs: { ...resource.inputs, table: undefined } }));
  }

  finish(): Topology {
    for (const link of this.#links) this.#join(link);
    const placed = Map.groupBy(this.#links, ({ place }) => place);
    const places = [...this.#places.values()].sort((left, right) => order(left.key, right.key));
    return {
      machines: machinesOf(places),
      places: places.map((place) => ({
        ...place,
        links: placed.get(place.key)?.map((link) => this.#finished(link)) ?? [],
      })),
      wires: this.#wires,
    };
  }

  #finished({ place, model, ...link }: OpenLink): Link {
    const master = link.isEnd ? this.#masterOf(model)?.key : undefined;
    return { ...link, master, within: link.isEnd ? undefined : this.#vrfOf({ model, place }) };
  }

  /** Returns the key of the VRF of a link: its master, or of the master of its master. */
  #vrfOf(link: Pick<OpenLink, "model" | "place">, left = MOST_MASTERS): string | undefined {
    const master = this.#masterOf(link.model);
    if (isVrfOf(master, link)) return master?.key;
    return master === undefined || master.place !== link.place || left === 0
      ? undefined
      : this.#vrfOf(master, left - 1);
  }

  /** Draws the wires of a link to its parent and master. A parent outside the stack is named in the link's box. */
  #join(link: OpenLink): void {
    const parent = this.#find(link.model.parent);
    if (parent !== undefined) this.#wire(parent, link, "on");
    else if (link.model.parent !== undefined) {
      const { name: resource, mark } = link;
      link.about.push({ label: "on", text: text(link.model.parent), resource, mark, isPart: true });
    }
    const master = link.isEnd ? undefined : this.#masterOf(link.model);
    if (master !== undefined && !isVrfOf(master, link)) this.#wire(master, link, "in");
  }

  #wire(upper: OpenLink, link: OpenLink, how: "on" | "in"): void {
    if (upper === link) return;
    const { mark, details } = link;
    const ends = [`${upper.key} of ${link.key} ${how}`, `${link.key} ${how}`] as const;
    upper.joints.push(ends[0]);
    link.joints.push(ends[1]);
    const name = `${link.name} ${how} ${upper.name}`;
    const isDown = link.model.up === false;
    this.#wires.push({ key: `${link.key} ${how} ${upper.key}`, name, isCable: false, isDown, ends, mark, details });
  }

  /** Returns the master of a link. A veth end cannot be a master, so an end with that name is about to be deleted. */
  #masterOf({ master }: Item<Drawn, "link">): OpenLink | undefined {
    return this.#find(master, ({ isEnd }) => !isEnd);
  }

  /** Returns the interface with a key. If a name moves from one interface to another, returns the future one. */
  #find(key: string | null | undefined, fits: (link: OpenLink) => boolean = () => true): OpenLink | undefined {
    const found = this.#byKey.get(key ?? "")?.filter(fits) ?? [];
    return found.find((link) => link.mark !== "removed") ?? found[0];
  }
}
