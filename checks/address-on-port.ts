import { type Check, describe } from "./check.ts";

/** An address on a bridge port. The bridge takes all frames that arrive there, so the address cannot be reached. */
export const addressOnPort: Check = ({ addresses, ports, links }) => {
  const bridgeOf = new Map(ports.map(({ link, bridge }) => [link, bridge]));
  return [...Map.groupBy(addresses, ({ resource, link }) => `${describe(resource)} ${link}`).values()].flatMap(
    (held) => {
      const [first] = held;
      const bridge = first && bridgeOf.get(first.link);
      // Interfaces with a master that is not a bridge, such as a VRF, keep using their addresses.
      if (first === undefined || bridge === undefined || links.get(bridge)?.traits.device !== "bridge") return [];
      const ips = held.map(({ net }) => net.ip).join(", ");
      return [
        {
          about: first.resource,
          message: `${ips} is unreachable: ${first.link} is a port of the bridge ${bridge}, which receives all of its frames`,
          help: `move the address to the bridge ${bridge}, or remove it`,
        },
      ];
    },
  );
};
