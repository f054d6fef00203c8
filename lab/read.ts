import { onHost } from "./hosts.ts";
import { KINDS } from "./kinds.ts";
import type { Fact, Item } from "./model.ts";
import { unread } from "./readers.ts";

/**
 * Reads the facts that resources add to a lab, in the order of the resources.
 *
 * @param argsOf Returns the arguments of a resource: from the program, a preview or a state. An unknown argument is null, or
 *   the engine's placeholder for it.
 */
export const itemsOf = <R extends Described>(resources: readonly R[], argsOf: (resource: R) => unknown): Item<R>[] =>
  resources.flatMap((resource) => {
    const args = argsOf(resource);
    const host = hostIn(args);
    return factsOf(resource, args).map((fact) => ({ ...(host === undefined ? fact : onHost(host, fact)), resource }));
  });

/** Returns the lab host in the arguments of a resource; undefined for this machine. */
const hostIn = (args: unknown): string | undefined =>
  typeof args === "object" && args !== null && "host" in args && typeof args.host === "string" ? args.host : undefined;

/** Returns the facts that one resource adds to a lab, with the names that they have on its lab host. */
export const factsOf = ({ type, name }: Described, args: unknown): readonly Fact[] =>
  (KINDS[type] ?? unread)(args, name);

/** Returns the items of one type. */
export const itemsThatAre = <R, Is extends Fact["is"]>(items: readonly Item<R>[], is: Is): Item<R, Is>[] =>
  items.filter((item): item is Item<R, Is> & Item<R> => item.is === is);

/** A resource, identified by its class name and its name in the program. */
interface Described {
  readonly type: string;
  readonly name: string;
}
