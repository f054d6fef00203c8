import { KINDS } from "./kinds.ts";
import type { Fact, Item } from "./model.ts";
import { unread } from "./readers.ts";

/**
 * Reads what resources put into a lab, in the order of the resources.
 *
 * @param argsOf The arguments of a resource: those of the program, of a preview or of a state. One that is not known is null, or
 *   what the engine writes for it.
 */
export const itemsOf = <R extends Described>(resources: readonly R[], argsOf: (resource: R) => unknown): Item<R>[] =>
  resources.flatMap((resource) => factsOf(resource, argsOf(resource)).map((fact) => ({ ...fact, resource })));

/** What one resource puts into a lab. */
export const factsOf = ({ type, name }: Described, args: unknown): readonly Fact[] =>
  (KINDS[type] ?? unread)(args, name);

/** Takes the items of one sort out of all. */
export const itemsThatAre = <R, Is extends Fact["is"]>(items: readonly Item<R>[], is: Is): Item<R, Is>[] =>
  items.filter((item): item is Item<R, Is> & Item<R> => item.is === is);

/** A resource, by the name of its class and its name in the program. */
interface Described {
  readonly type: string;
  readonly name: string;
}
