import type { Kind } from "../provider/kind.ts";
import * as kinds from "../provider/kinds/index.ts";
import { UserError } from "../provider/message.ts";

/**
 * The kind of a resource, by the name of its class.
 *
 * @throws Error when there is none, which means that the state was written by a later version.
 */
export function kindOf(type: string): Kind {
  const found = all.find((kind) => kind.type === type);
  if (found === undefined)
    throw new UserError(`resource type ${type} is unknown to this version of pulumi-netns`, "install a newer version");
  return found;
}

const all = Object.values(kinds) as unknown as readonly Kind[];
