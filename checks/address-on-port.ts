import { type Check, describe } from "./check.ts";

/** An address on a bridge port or a bond's member. The master takes all frames that arrive there, so the address cannot be reached. */
export const addressOnPort: Check = ({ addresses, ports, links }) => {
  const bridgeOf = new Map(ports.map(({ link, bridge }) => [link, bridge]));
  return [...Map.groupBy(addresses, ({ resource, link }) => `${describe(resource)} ${link}`).values()].flatMap(
    (held) => {
      const [first] = held;
      const bridge = first && bridgeOf.get(first.link);
      // Interfaces with another master, such as a VRF, keep using their addresses.
      const device = links.get(bridge ?? "")?.traits.device;
      if (first === undefined || bridge === undefined || (device !== "bridge" && device !== "bond")) return [];
      const ips = held.map(({ net }) => net.ip).join(", ");
      return [
        {
          about: first.resource,
          message: `${ips} is unreachable: ${first.link} is a ${device === "bridge" ? "port" : "member"} of the ${device} ${bridge}, which receives all of its frames`,
          help: `move the address to the ${device} ${bridge}, or remove it`,
        },
      ];
    },
  );
};
