/** A lab as data, so that every column of the bench makes the same one from the same description. */
export interface Lab {
  readonly pieces: readonly Piece[];
  /** The same lab with one thing changed. */
  readonly change: Change;
  readonly proof: Proof;
}

/** One resource of a lab. */
export interface Piece {
  readonly kind: "Namespace" | "Bridge" | "Veth" | "Address" | "Route" | "NatRule" | "Sysctl";
  readonly name: string;
  readonly args: Readonly<Record<string, Arg>>;
  /** Pieces that must be there first and that no argument refers to, by name. */
  readonly after?: readonly string[];
}

/** An argument; an object with `ref` stands for another piece, or for one end of it. */
export type Arg = string | number | boolean | Ref | readonly string[] | { readonly [key: string]: Arg };

export interface Ref {
  readonly ref: string;
  readonly end?: "a" | "b";
}

/** One change in a lab that is there. */
export interface Change {
  /** The piece after the change; by its name it takes the place of the one before. */
  readonly piece: Piece;
  /** The change as a person would type it; absent where it takes a look first. */
  readonly command?: readonly [string, ...string[]];
  /** A command whose output matches only after the change. */
  readonly seen: { readonly command: readonly [string, ...string[]]; readonly says: RegExp };
}

/** What must be found in the kernel when a lab is there. */
export interface Proof {
  readonly namespaces: number;
  readonly rules: number;
  /** A ping across the lab. */
  readonly ping?: { readonly from: string; readonly to: string };
  /** No link of the lab ends on the host, so the host does not show when they are gone. */
  readonly sealed: boolean;
}

/** A piece as the engine and the provider know it: names in the place of references, and what it waits for. */
export interface Resolved {
  readonly kind: Piece["kind"];
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly needs: readonly string[];
  /** The piece whose end is the end of this one as well. */
  readonly within?: string;
}

/** The pieces of a lab with their references resolved. */
export function resolve(pieces: readonly Piece[]): Resolved[] {
  const named = new Map(pieces.map((piece) => [piece.name, piece]));
  return pieces.map(({ kind, name, args, after = [] }) => {
    const refs = refsIn(args);
    const within = holderOf(args);
    return {
      kind,
      name,
      inputs: {
        // Elsewhere names are arguments of their own.
        ...((kind === "Namespace" || kind === "Bridge") && { name }),
        ...(plain(args, named) as object),
        ...(isRef(args["interface"]) && placeOf(args["interface"], named)),
      },
      needs: [...new Set([...refs.map(({ ref }) => ref), ...after])],
      ...(within !== undefined && { within }),
    };
  });
}

/** The pieces of a lab after its change. */
export const changed = ({ pieces, change }: Lab): Piece[] =>
  pieces.map((piece) => (piece.name === change.piece.name ? change.piece : piece));

export const isRef = (arg: unknown): arg is Ref => typeof arg === "object" && arg !== null && "ref" in arg;

type Named = ReadonlyMap<string, Piece>;

function plain(arg: Arg, named: Named): unknown {
  if (isRef(arg)) return endOf(arg, named)["name"] ?? arg.ref;
  if (typeof arg !== "object" || Array.isArray(arg)) return arg;
  return Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, plain(value, named)]));
}

/** Where an interface is that is referred to, as the provider takes it beside the interface's name. */
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

/** What lies on an interface goes with it, and what lies in a namespace with that. */
function holderOf(args: Piece["args"]): string | undefined {
  const holder = [args, args["a"], args["b"]]
    .flatMap((part) => (typeof part === "object" ? [part as Piece["args"]] : []))
    .flatMap((part) => [part["interface"], part["namespace"]])
    .find(isRef);
  return holder?.ref;
}
