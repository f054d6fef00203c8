import { isLocal } from "../lab/net.ts";
import { type Check, describe, type OnInterface } from "./check.ts";

/** An interface with the network or the broadcast address of its own network, to which other hosts send no packets for one host. */
export const networkAddress: Check = ({ addresses }) =>
  addresses.flatMap((held) => {
    const kind = kindOf(held);
    if (kind === undefined) return [];
    const { resource, link, net } = held;
    return [
      {
        about: resource,
        message: `${net.ip}/${net.prefix.length} of ${link} (${describe(resource)}) is the ${kind} address of its network`,
        help: "use an address between the first and the last of the network, or another prefix length",
      },
    ];
  });

/** Returns which of the two reserved addresses of its network an address is; a /31 and a /32 have none. */
function kindOf({ net, peer }: OnInterface): "network" | "broadcast" | undefined {
  const { family, bits, prefix } = net;
  const own = bits.slice(prefix.length);
  if (family !== "inet" || own.length < 2 || peer !== undefined || isLocal(net)) return undefined;
  if (!own.includes("1")) return "network";
  return own.includes("0") ? undefined : "broadcast";
}
