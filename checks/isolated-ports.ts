import { splitKey } from "../lab/hosts.ts";
import { type Check, describe, type Lab, shortList } from "./check.ts";
import { mayActIn } from "./open-lans.ts";

/** A bridge all of whose ports are isolated, so that they exchange no frames, and that itself has nothing which they could reach. */
export const isolatedPorts: Check = (lab) => {
  const { links, ports, incomplete } = lab;
  if (incomplete.has("link") || incomplete.has("address")) return [];
  return [...Map.groupBy(ports, ({ bridge }) => bridge)].flatMap(([key, members]) => {
    const bridge = links.get(key);
    const areIsolated = members.length > 1 && members.every(({ link }) => links.get(link)?.isolated === true);
    if (bridge?.traits.device !== "bridge" || !areIsolated || isReached(lab, key)) return [];
    return [
      {
        about: bridge.resource,
        message:
          `no host behind a port of ${describe(bridge.resource)} reaches one behind another port: all of its ports are isolated, ` +
          `${shortList(members.map(({ link }) => link))}, and the bridge has no address`,
        help: "remove port.isolated from the port that the others are to reach, such as that of a router",
      },
    ];
  });
};

/** Returns whether a bridge itself may be the destination of frames: with an address, a link on it, or a program that may set an address. */
const isReached = ({ addresses, links, programs }: Lab, bridge: string): boolean =>
  addresses.some(({ link }) => link === bridge) ||
  [...links.values()].some(({ parent }) => parent === bridge) ||
  mayActIn(programs, splitKey(bridge).place);
