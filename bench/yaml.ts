import { type Arg, isRef, type Piece } from "./lab.ts";

/** Returns a project in YAML, as JSON, with the pieces of a lab; the plugin is in a folder. */
export function yamlProject(name: string, pieces: readonly Piece[], plugin: string): string {
  const named = new Map(pieces.map((piece) => [piece.name, piece]));
  return JSON.stringify({
    name,
    runtime: "yaml",
    plugins: { providers: [{ name: "netns", path: plugin }] },
    resources: Object.fromEntries(
      pieces.map((piece) => [piece.name, { type: `netns:${piece.kind}`, properties: properties(piece, named) }]),
    ),
  });
}

function properties({ args, after = [] }: Piece, named: ReadonlyMap<string, Piece>): object {
  const under = after.map((name) => named.get(name)).find((piece) => piece?.kind === "Address");
  return {
    ...(written(args, named) as object),
    ...(isRef(args["interface"]) && placeOf(args["interface"], named)),
    // A route refers to the address below its gateway.
    ...(under !== undefined && { interface: `\${${under.name}.interface}` }),
  };
}

function written(arg: Arg, named: ReadonlyMap<string, Piece>): unknown {
  if (isRef(arg)) return `\${${arg.ref}${arg.end === undefined ? "" : `.${arg.end}`}.name}`;
  if (typeof arg !== "object" || Array.isArray(arg)) return arg;
  return Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, written(value, named)]));
}

/** Returns the namespace of an interface, which a name alone does not tell. */
function placeOf({ ref, end }: { ref: string; end?: string }, named: ReadonlyMap<string, Piece>): object {
  const args = named.get(ref)?.args ?? {};
  const { namespace } = (end === undefined ? args : args[end]) as { readonly namespace?: Arg };
  return namespace === undefined ? {} : { namespace: written(namespace, named) };
}
