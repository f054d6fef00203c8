import { host, isLocal } from "../lab/net.ts";
import { vrfOf } from "../lab/network.ts";
import { type Check, describe, describePlace, type Lab, type LabLink, type OnInterface } from "./check.ts";

/**
 * A tunnel that sends to an address of its own underlay, so that its packets never leave. Not where another such tunnel of this underlay does, too:
 * the two may send to each other.
 */
export const tunnelToItself: Check = (lab) => {
  const all = [...lab.links.values()].flatMap((link) => {
    const found = ownAddress(lab, link);
    return found === undefined ? [] : [{ link, found }];
  });
  return [...Map.groupBy(all, ({ link: { traits, underlay = "" } }) => `${traits.device} ${underlay}`).values()]
    .filter(({ length }) => length === 1)
    .flat()
    .map(({ link, found }) => ({
      about: link.resource,
      message: `${argumentOf(link)} of ${describe(link.resource)} is ${found.net.ip}, the address of ${found.link} in ${describePlace(link.underlay ?? "")}, which is its own end: its packets never leave`,
      help: "use the address of the other end",
    }));
};

/** Returns the address of its own underlay to which a tunnel sends; undefined if there is none. The addresses of a VRF are separate. */
function ownAddress(lab: Lab, { underlay = "", tunnel }: LabLink): OnInterface | undefined {
  if (tunnel === undefined || tunnel.publicKey !== undefined) return undefined;
  const remotes = tunnel.remotes.flatMap((remote) => host(remote ?? "") ?? []);
  return lab.addresses.find(
    ({ place, net, link }) =>
      place === underlay && !isLocal(net) && remotes.some(({ ip }) => ip === net.ip) && vrfOf(lab, link) === undefined,
  );
}

const argumentOf = ({ args }: LabLink): string => (args["flood"] === undefined ? "remote" : "flood or remote");
