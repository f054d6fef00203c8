import type { Family } from "../provider/cidr.ts";
import type { Net } from "./net.ts";
import type { Segments } from "./segments.ts";

/** A resource as a program declares it. A value that is not known yet is null. */
export interface Declared {
  readonly kind: string;
  readonly name: string;
  readonly args: unknown;
}

/** An interface that the program makes. */
export interface Link {
  readonly declared: Declared;
  readonly key: string;
  readonly kind: "veth" | "bridge";
  /** Undefined where the kernel finds it. */
  readonly mtu: number | undefined;
  /** Whether it is up; null when that is not known, as for each of the following. */
  readonly up: boolean | null;
  /** Whether it speaks the spanning tree protocol. */
  readonly stp: boolean | null;
  /** Whether it keeps VLANs apart. */
  readonly vlanFiltering: boolean | null;
}

/** A veth pair, by its two interfaces. */
export interface Cable {
  readonly declared: Declared;
  readonly ends: readonly [string, string];
}

export interface Held {
  readonly declared: Declared;
  /** The namespace; "" is the lab host. */
  readonly place: string;
  /** The interface, with its place. */
  readonly link: string;
  readonly net: Net;
  readonly peer: Net | undefined;
}

export interface Way {
  readonly declared: Declared;
  readonly place: string;
  readonly link: string | undefined;
  /** Undefined for `default`. */
  readonly destination: Net | undefined;
  readonly via: Net | undefined;
  /** Whether the gateway is taken to be on the link, in whichever network it is. */
  readonly onlink: boolean | null;
}

/** A rule that puts another source address into what a place sends on. */
export interface Hiding {
  readonly place: string;
  readonly source: Net | undefined;
  readonly out: string | undefined;
}

export interface Port {
  readonly link: string;
  readonly bridge: string;
}

/** A value that the program gives to a sysctl key of a place. */
export interface SysctlValue {
  readonly declared: Declared;
  readonly place: string;
  /** With dots between the names; a dot within a name is a slash. */
  readonly key: string;
  readonly value: string;
}

/** A lab, as far as its program tells it. */
export interface Lab {
  /** The namespaces that the program makes: nobody else puts anything into them. */
  readonly namespaces: Set<string>;
  readonly links: Map<string, Link>;
  readonly cables: Cable[];
  readonly addresses: Held[];
  readonly ways: Way[];
  readonly hidings: Hiding[];
  /** Ports of bridges, each with its bridge. */
  readonly ports: Port[];
  readonly sysctls: SysctlValue[];
  /** Places that forward, each with a family. */
  readonly forwards: Set<string>;
  /** Kinds of which one has a value that is not known: what seems to be missing may be that. */
  readonly unsure: Set<string>;
  /** Segments whose interfaces surely reach each other. */
  readonly lans: Segments;
  /** Segments of which two surely do not: ports that VLANs may keep apart are together here. */
  readonly reaches: Segments;
}

/** A place and a family, as `forwards` has them. */
export const forwarder = (where: string, family: Family): string => `${where} ${family}`;
