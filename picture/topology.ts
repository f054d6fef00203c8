import type { ChangeMark } from "./drawn.ts";
import type { Fact } from "./facts.ts";

/** A network as it is drawn: places with interfaces, and wires between them. */
export interface Topology {
  readonly places: readonly Place[];
  /** The lab hosts, if there are several. Each contains its places. */
  readonly machines: readonly Machine[];
  readonly wires: readonly Wire[];
}

/** A lab host, as the box around its places. */
export interface Machine {
  readonly key: string;
  readonly name: string;
  /** The `host` of its places. */
  readonly host: string | undefined;
  readonly mark: ChangeMark | undefined;
  readonly details?: readonly string[] | undefined;
}

/** A namespace, or the network stack of a lab host itself. */
export interface Place {
  readonly key: string;
  readonly name: string;
  /** Its lab host; undefined for this machine. */
  readonly host: string | undefined;
  /** The place in the kernel, as {@link placeAt} returns it; empty for this machine's own network stack. */
  readonly place: string;
  readonly isHost: boolean;
  readonly mark: ChangeMark | undefined;
  readonly details?: readonly string[] | undefined;
  /** The layer that the program sets; undefined for the computed one. */
  readonly layer?: number | undefined;
  /** Routes, NAT rules, settings, and other objects in it. */
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
  /** For an end, the key of its master, such as a bridge. */
  readonly master: string | undefined;
  /** The key of the VRF in which it is drawn: its master, or the master of its bridge. Undefined for an end. */
  readonly within: string | undefined;
  /** The ends of wires that are not cables: to its parent, to its master, and from the links whose parent or master it is. */
  readonly joints: readonly string[];
  readonly mark: ChangeMark | undefined;
  readonly details?: readonly string[] | undefined;
  readonly addresses: readonly Line[];
  /** Details that distinguish it from other links of its device type. */
  readonly about: readonly Line[];
  /** The settings that the program gives it. */
  readonly lines: readonly Line[];
}

/** A line between two links: a veth pair, a tunnel, or from a link to its parent or its master. A VRF contains its members instead. */
export interface Wire {
  readonly key: string;
  readonly name: string;
  /** Whether it is a veth pair, which is a resource of its own. */
  readonly isCable: boolean;
  /** Whether it is a tunnel between two links, which the network under it carries. */
  readonly isTunnel?: true;
  /** Whether one of its ends is down. */
  readonly isDown: boolean;
  /** The keys of the links of a pair; otherwise the joints of the two links. */
  readonly ends: readonly [string, string];
  readonly mark: ChangeMark | undefined;
  readonly details?: readonly string[] | undefined;
}

/** A line of text in the picture. */
export interface Line extends Fact {
  /** The name of the resource that it describes. */
  readonly resource: string;
  readonly mark: ChangeMark | undefined;
  readonly details?: readonly string[] | undefined;
  /** The text in the picture, if it is not the whole text. */
  readonly brief?: string | undefined;
  /** The text before the change. */
  readonly was?: string | undefined;
  /** The text before the change, for a line that shows the text after it in the place of the former one. */
  readonly before?: string | undefined;
  /** True if it is not a resource of its own but belongs to an interface. */
  readonly isPart?: true;
}

/** Compares names in natural order: h2 before h10. */
export const order = (left: string, right: string): number =>
  COLLATOR.compare(left, right) || (left < right ? -1 : left > right ? 1 : 0);

const COLLATOR = new Intl.Collator("en", { numeric: true });
