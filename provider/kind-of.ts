import type { Kind } from "./kind.ts";
import * as kinds from "./kinds/index.ts";
import { UserError } from "./message.ts";

/** All kinds. Each has its own type of arguments, which is not known here. */
export const allKinds = Object.values(kinds) as unknown as readonly Kind[];

/**
 * Returns the kind of a resource, by its class name.
 *
 * @throws UserError if there is none, which means that a later version wrote the state.
 */
export function kindOf(type: string): Kind {
  const found = allKinds.find((kind) => kind.type === type);
  if (found === undefined) throw unknownType(type);
  return found;
}

/** Returns the error for a type of resource that this version does not have. */
export const unknownType = (type: string): UserError =>
  new UserError(`resource type ${type} is unknown to this version of pulumi-netns`, "install a newer version");
