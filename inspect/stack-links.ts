import { isLocal } from "../lab/net.ts";
import { factsOf } from "../lab/read.ts";
import { parseIp } from "../provider/cidr.ts";
import { UserError } from "../provider/message.ts";
import { type PlaceParts, placeAt, placeName } from "./place.ts";
import { resolveByName } from "./resolve-name.ts";
import type { ResourceView, StackView } from "./stack.ts";
import { hostOf, THIS_MACHINE } from "./stack-hosts.ts";

/** An interface of a stack. */
export interface LinkPlace extends PlaceParts {
  /** Its name in the kernel. */
  readonly name: string;
}

/**
 * Returns the interface that a user named: by a resource (`v-net-0`; for a veth pair, `red-wire.a`, `red-wire.b`, or `red-wire`
 * for its end `a`), or by its kernel name, with its place and a slash before it if several interfaces have that name.
 *
 * @throws Error that lists the nearest names if the interface does not exist, or the ways to select one of several.
 */
export function findLink(view: StackView, given: string): LinkPlace {
  const links = view.resources.flatMap(linksOf);
  const byResource = new Map(links.flatMap(({ names, at }) => names.map((name) => [name, at])));
  const found = byResource.get(given);
  if (found !== undefined) return found;

  const namesakes = links.map(({ at }) => at).filter(({ name }) => name === given);
  if (namesakes.length > 1) {
    throw new UserError(
      `${given} is the name of several interfaces in this stack`,
      `use one of ${namesakes.map(path).join(", ")}`,
    );
  }
  const byInterface = links.flatMap(({ at }) => [at.name, path(at)].map((name) => [name, at] as const));
  return resolveByName("link", given, new Map([...byInterface, ...byResource]), [...byResource.keys()]);
}

/** Returns the names of a stack's interfaces by their resources. */
export const linkNamesOf = ({ resources }: StackView): string[] => [
  ...new Set(resources.flatMap(linksOf).flatMap(({ names }) => names)),
];

/** Returns the names of the interfaces that a stack has in a place. */
export const linksIn = ({ resources }: StackView, { host, namespace }: PlaceParts): string[] =>
  resources
    .flatMap(linksOf)
    .filter(({ at }) => at.host === host && at.namespace === namespace)
    .map(({ at }) => at.name);

/** Returns the global addresses that the state of a stack has in a place, without their prefix lengths. */
export const addressesIn = (view: StackView, place: PlaceParts): string[] =>
  declaredAddressesIn(view, place).map(({ address }) => address);

/** Returns the global addresses that the state of a stack has in a place, each with its resource, such as `Veth wire`. */
export const declaredAddressesIn = (
  { resources }: StackView,
  { host, namespace }: PlaceParts,
): { readonly address: string; readonly resource: string }[] =>
  resources
    .filter((resource) => hostOf(resource) === host)
    .flatMap((resource) => {
      const facts = factsOf(resource, resource.outputs).filter((fact) => fact.namespace === namespace);
      const given = facts.flatMap((fact) => {
        if (fact.is === "link") return fact.addresses;
        return fact.is === "address" ? [fact.address] : [];
      });
      return given
        .flatMap((address) => parseIp(address?.split("/")[0] ?? "") ?? [])
        .filter((address) => !isLocal({ ip: address }))
        .map((address) => ({ address, resource: `${resource.type} ${resource.name}` }));
    });

/** Returns the place and name of an interface as one word. */
const path = ({ name, ...parts }: LinkPlace): string => `${pathOf(parts)}/${name}`;

/** Returns a place as it stands before the name of an interface. */
export function pathOf(parts: PlaceParts): string {
  const place = placeAt(parts);
  return place === undefined ? THIS_MACHINE.name : placeName(place);
}

/** Returns the interfaces of a resource, each with the names that select it. */
const linksOf = (resource: ResourceView): { names: string[]; at: LinkPlace }[] =>
  factsOf(resource, resource.outputs).flatMap((fact) => {
    if (fact.is !== "link" || fact.name === null || fact.namespace === null) return [];
    const { side, name, namespace } = fact;
    return [{ names: namesOf(resource.name, side), at: { host: hostOf(resource), namespace, name } }];
  });

/** Returns the names of an end: a pair without a side means its end `a`. */
function namesOf(resource: string, side: string | undefined): string[] {
  if (side === undefined) return [resource];
  return side === "a" ? [resource, `${resource}.a`] : [`${resource}.${side}`];
}
