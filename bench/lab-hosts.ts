import { type Arg, isRef, type Piece, type Resolved } from "./lab.ts";

/** A lab host of the benchmark. */
export interface BenchHost {
  readonly name: string;
  /** The destination that ssh gets. */
  readonly ssh: string;
}

/** Returns the pieces of a lab for the provider, once for each of several lab hosts. */
export const spread = (pieces: readonly Resolved[], hosts: readonly BenchHost[]): Resolved[] =>
  hosts.flatMap(({ name: host, ssh }) => {
    const on = nameOn(host);
    return pieces.map(({ name, needs, within, inputs, ...piece }) => ({
      ...{ ...piece, name: on(name), needs: needs.map(on), ...(within !== undefined && { within: on(within) }) },
      inputs: { ...inputs, host, __ssh: { to: ssh, sudo: false } },
    }));
  });

/** Returns the pieces of a lab for a program, once for each of several lab hosts, which are references themselves. */
export const spreadProgram = (pieces: readonly Piece[], hosts: readonly BenchHost[]): Piece[] =>
  hosts.flatMap(({ name: host }) => {
    const on = nameOn(host);
    const moved = (arg: Arg): Arg => {
      if (isRef(arg)) return { ...arg, ref: on(arg.ref) };
      if (typeof arg !== "object" || Array.isArray(arg)) return arg;
      return Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, moved(value)]));
    };
    return pieces.map(({ kind, name, args, after = [] }): Piece => {
      const own = moved(args) as Piece["args"];
      return { kind, name: on(name), args: { ...own, ...placeArgs(kind, name, own, host) }, after: after.map(on) };
    });
  });

const nameOn = (host: string) => (name: string) => `${host}-${name}`;

/** Returns the arguments that put a piece on a lab host, if it is in no namespace. */
function placeArgs(kind: Piece["kind"], name: string, args: Piece["args"], host: string): Piece["args"] {
  const place = { ref: host };
  if (kind === "Namespace") return { name, host: place };
  if (kind === "Veth")
    return Object.fromEntries(["a", "b"].map((end) => [end, { namespace: place, ...(args[end] as object) }]));
  // Other pieces follow their interface, or have a namespace.
  if ("namespace" in args || "interface" in args) return {};
  return { ...(kind === "Bridge" && { name }), namespace: place };
}
