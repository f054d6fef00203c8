import { vrfOf } from "../lab/network.ts";
import { MAIN_TABLE } from "../lab/routing-rules.ts";
import type { Check } from "./check.ts";

/** Gateways of a VRF's member in another table than the VRF's: the packets of the VRF never use the default route. */
export const gatewayOffVrf: Check = (lab) =>
  [...lab.links.values()].flatMap(({ resource, key, gateways, args }) => {
    const vrf = vrfOf(lab, key);
    const [table, own] = [vrf?.args["table"], args["gatewayTable"] ?? MAIN_TABLE];
    if (vrf === undefined || gateways.length === 0 || typeof table !== "number" || typeof own !== "number") return [];
    if (table === own) return [];
    return [
      {
        about: resource,
        message: `the default route via ${gateways.join(", ")} is in the table ${own}, and ${key} is in the VRF ${vrf.key}, which looks in the table ${table}`,
        help: `set gatewayTable to ${table}; in TypeScript, a Vrf that is itself the master, and not its name, sets it`,
      },
    ];
  });

/** The number of the routing table `main`. */
