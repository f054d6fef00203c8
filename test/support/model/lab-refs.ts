/* The fields that things have in common, and how they refer to each other. */

/** The fields that every resource and component has. */
export interface Common {
  readonly key: number;
  /** The resource's name in the program. */
  readonly id: string;
  readonly options?: Options | undefined;
}

export interface Options {
  readonly retainOnDelete?: boolean | undefined;
  readonly protect?: boolean | undefined;
  /** Whether the resource takes over an existing object. */
  readonly adopt?: boolean | undefined;
  /** Former names of the resource. */
  readonly aliases?: readonly string[] | undefined;
}

/**
 * A reference to another object of the program. For a reference by name, the program contains the kernel name and an explicit
 * dependency, which otherwise would be unknown.
 */
export interface Ref {
  readonly key: number;
  readonly by: "object" | "name";
}

/** A place other than this machine: a lab host, namespace, host or router of the program, or a namespace that exists outside it. */
export type Place = Ref | { readonly outside: string };

/** An interface: a link, or one end of a veth pair. */
export interface LinkRef extends Ref {
  readonly end?: "a" | "b";
  /** Whether a reference by name gives the output `name` of the link, and not its text. */
  readonly isOutput?: boolean;
}

/** A reference to a next hop: as an object, by its number, or by the output with its number. */
export interface HopRef {
  readonly key: number;
  readonly by: "nexthop" | "number" | "output";
}

/** The lab host of an object, by its key; undefined for this machine. */
export interface OnLabHost {
  readonly lab?: number | undefined;
}
