import { hasAddress, type Interface } from "../interfaces.ts";
import { placeName } from "../place.ts";
import { command } from "./as-typed.ts";
import { corrects } from "./declaration.ts";
import type { Death, TraceContext } from "./packet.ts";
import type { Advice } from "./types.ts";

/** What is known of a duplicate address. */
type Known = Pick<TraceContext, "declared">;

/** Describes the end of a packet at a place that has the address of its sender, too. */
export function ownSource(look: TraceContext, { place, at, detail: source = "" }: Death): Advice {
  const others = look.interfaces.filter((one) => one.place !== place && hasAddress(one, source));
  return {
    reason: `${source} is also an address of ${at?.name} in ${placeName(place)} (duplicate address), which drops packets from its own addresses`,
    hint: keepsOne(look, source, [...(at ? [at] : []), ...others]),
  };
}

/** Returns the help that leaves an address with one of its holders. */
export function keepsOne(look: Known, address: string, holders: readonly Interface[]): string {
  const { declared, others } = split(look, address, holders);
  if (others.length > 0) return deletesUndeclared(look, address, holders) ?? `assign ${address} to one namespace only`;
  return `${declared.map(({ one, resource }) => `${resource} declares it in ${placeName(one.place)}`).join(", and ")}: correct one of them`;
}

/** Returns the help that deletes an address where no resource declares it; undefined if none of its holders has such a resource, or each does. */
export function deletesUndeclared(look: Known, address: string, holders: readonly Interface[]): string | undefined {
  const { declared, others } = split(look, address, holders);
  if (declared.length === 0 || others.length === 0) return undefined;
  const commands = others.map((one) => deletion(one, address));
  const deletes = `delete it where no resource declares it: ${commands.join(", ")}`;
  // An interface that is no part of the stack may need its address.
  const areOwn = others.every(({ place, name }) => look.declared.segments.of(place, name) !== undefined);
  return areOwn
    ? deletes
    : `give ${declared.map(({ resource }) => resource).join(", ")} another address, or ${deletes}`;
}

/** Returns the holders of an address without a resource that declares it there, as words for a sentence, if another one has such a resource. */
export function undeclaredText(look: Known, address: string, holders: readonly Interface[]): string {
  const { declared, others } = split(look, address, holders);
  if (declared.length === 0 || others.length === 0) return "";
  return `; no resource declares it for ${others.map(({ name, place }) => `${name} in ${placeName(place)}`).join(", ")}`;
}

/** Returns the help that removes an address from an interface, or, of one that the program declares there, the resource to correct. */
export function removesAddress(look: Known, address: string, holder: Interface): string {
  const declaration = declarationOf(look, address, holder);
  return declaration === undefined ? `remove it there: ${deletion(holder, address)}` : corrects(declaration);
}

/** Separates the holders of an address with a resource that declares it there from the others. */
function split(look: Known, address: string, holders: readonly Interface[]) {
  const all = holders.map((one) => ({ one, resource: declarationOf(look, address, one) }));
  return {
    declared: all.filter(({ resource }) => resource !== undefined),
    others: all.flatMap(({ one, resource }) => (resource === undefined ? [one] : [])),
  };
}

const declarationOf = ({ declared: { segments } }: Known, address: string, { place, name }: Interface) =>
  segments.addresses.find((one) => one.address === address && one.place === place && one.link === name)?.resource;

const deletion = ({ place, name, addresses }: Interface, wanted: string): string =>
  command(
    place,
    `ip address delete ${wanted}/${addresses.find(({ address }) => address === wanted)?.length} dev ${name}`,
  );
