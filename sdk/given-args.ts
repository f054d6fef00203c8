import * as pulumi from "@pulumi/pulumi";
import { type Place, requirePlace } from "./place.ts";
import { plainArgs } from "./plain-args.ts";

/**
 * Returns the arguments of a resource in the form of {@link plainArgs}, and checks the places among them.
 *
 * @throws pulumi.RunError that names the resource and the argument.
 */
export function givenArgs<Args extends object>(kind: string, name: string, args: Args): Args {
  const all = plainArgs(kind, name, args);
  for (const [key, value] of Object.entries(all)) {
    // The name of an underlay means a namespace on the lab host of the tunnel.
    if (PLACES.has(key) || (key === "underlay" && pulumi.Resource.isInstance(value)))
      requirePlace(`${kind} ${name}: property ${key}`, value as Place);
    if (ENDS.has(key))
      requirePlace(`${kind} ${name}: property ${key}.namespace`, (value as End | undefined)?.namespace);
  }
  return all;
}

interface End {
  readonly namespace?: Place;
}

const PLACES: ReadonlySet<string> = new Set(["namespace", "linkNamespace"]);
/** The arguments of a pair, each with a place of its own. */
const ENDS: ReadonlySet<string> = new Set(["a", "b"]);
