import type { Kind } from "../provider/kind.ts";
import * as kinds from "../provider/kinds/index.ts";
import { UserError } from "../provider/message.ts";

/**
 * Returns the kind of a resource, by its class name.
 *
 * @throws Error if there is none, which means that a later version wrote the state.
 */
export function kindOf(type: string): Kind {
  const found = all.find((kind) => kind.type === type);
  if (found === undefined)
    throw new UserError(`resource type ${type} is unknown to this version of pulumi-netns`, "install a newer version");
  return found;
}

const all = Object.values(kinds) as unknown as readonly Kind[];
