/** A lab as data, so that every column of the benchmark creates the same one from the same description. */
export interface Lab {
  readonly pieces: readonly Piece[];
  /** A change of the lab. */
  readonly change: Change;
  readonly proof: Proof;
}

/** One resource of a lab. */
export interface Piece {
  readonly kind: "Namespace" | "Bridge" | "Veth" | "Address" | "Route" | "NatRule" | "Sysctl";
  readonly name: string;
  readonly args: Readonly<Record<string, Arg>>;
  /** The names of pieces that must exist first but to which no argument refers. */
  readonly after?: readonly string[];
}

/** An argument; an object with `ref` stands for another piece, or for one end of it. */
export type Arg = string | number | boolean | Ref | readonly string[] | { readonly [key: string]: Arg };

export interface Ref {
  readonly ref: string;
  readonly end?: "a" | "b";
}

/** A change of an existing lab. */
export interface Change {
  /** The piece after the change; it replaces the piece of that name. */
  readonly piece: Piece;
  /** The change as a command that a user would type; absent if it requires looking up something first. */
  readonly command?: readonly [string, ...string[]];
  /** A command whose output matches only after the change. */
  readonly seen: { readonly command: readonly [string, ...string[]]; readonly says: RegExp };
}

/** The proof that a lab exists in the kernel. */
export interface Proof {
  readonly namespaces: number;
  readonly rules: number;
  /** A ping through the lab. */
  readonly ping?: { readonly from: string; readonly to: string };
  /** True if no link of the lab ends on the host, so that the host's links do not show when the lab is gone. */
  readonly sealed: boolean;
}

/** A piece for the engine and the provider: with names instead of references, and its dependencies. */
export interface Resolved {
  readonly kind: Piece["kind"];
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly needs: readonly string[];
  /** The piece whose deletion also deletes this one. */
  readonly within?: string;
}

/** Returns the pieces of a lab with their references resolved. */
export function resolve(pieces: readonly Piece[]): Resolved[] {
  const named = new Map(pieces.map((piece) => [piece.name, piece]));
  return pieces.map(({ kind, name, args, after = [] }) => {
    const refs = refsIn(args);
    const within = holderOf(args);
    return {
      kind,
      name,
      inputs: {
        // For other kinds, names are explicit arguments.
        ...((kind === "Namespace" || kind === "Bridge") && { name }),
        ...(plain(args, named) as object),
        ...(isRef(args["interface"]) && placeOf(args["interface"], named)),
      },
      needs: [...new Set([...refs.map(({ ref }) => ref), ...after])],
      ...(within !== undefined && { within }),
    };
  });
}

/** Returns the pieces of a lab after its change. */
export const changed = ({ pieces, change }: Lab): Piece[] =>
  pieces.map((piece) => (piece.name === change.piece.name ? change.piece : piece));

export const isRef = (arg: unknown): arg is Ref => typeof arg === "object" && arg !== null && "ref" in arg;

type Named = ReadonlyMap<string, Piece>;

function plain(arg: Arg, named: Named): unknown {
  if (isRef(arg)) return endOf(arg, named)["name"] ?? arg.ref;
  if (typeof arg !== "object" || Array.isArray(arg)) return arg;
  return Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, plain(value, named)]));
}

/** Returns the place of a referenced interface, as the provider takes it beside the interface's name. */
function placeOf(ref: Ref, named: Named): object {
  const { namespace } = endOf(ref, named);
  return namespace === undefined ? {} : { namespace: plain(namespace, named) };
}

function endOf({ ref, end }: Ref, named: Named): Readonly<Record<string, Arg>> {
  const args = named.get(ref)?.args;
  if (args === undefined) throw new Error(`there is no piece ${ref}`);
  return end === undefined ? args : (args[end] as Readonly<Record<string, Arg>>);
}

function refsIn(arg: Arg): Ref[] {
  if (isRef(arg)) return [arg];
  return typeof arg === "object" && !Array.isArray(arg) ? Object.values(arg).flatMap(refsIn) : [];
}

/** Returns the piece with which a piece is deleted: its interface or, if it has none, its namespace. */
function holderOf(args: Piece["args"]): string | undefined {
  const holder = [args, args["a"], args["b"]]
    .flatMap((part) => (typeof part === "object" ? [part as Piece["args"]] : []))
    .flatMap((part) => [part["interface"], part["namespace"]])
    .find(isRef);
  return holder?.ref;
}
