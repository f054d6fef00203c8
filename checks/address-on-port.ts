import { type Check, grouped } from "./check.ts";

/** An address on the port of a bridge. The bridge takes all frames that arrive there, so the address cannot be reached. */
export const addressOnPort: Check = ({ addresses, ports, links }) => {
  const bridgeOf = new Map(ports.map(({ link, bridge }) => [link, bridge]));
  return [...grouped(addresses, ({ declared, link }) => `${declared.kind} ${declared.name} ${link}`).values()].flatMap(
    (held) => {
      const [first] = held;
      const bridge = first && bridgeOf.get(first.link);
      // Another master than a bridge, such as a VRF, leaves its interfaces their addresses.
      if (first === undefined || bridge === undefined || links.get(bridge)?.kind !== "bridge") return [];
      const told = held.map(({ net }) => net.ip).join(", ");
      const message =
        `${first.link} is a port of the bridge ${bridge}, which takes all frames that arrive there: no host of that LAN ` +
        `reaches ${told}.\n  what to do: give the address to the bridge ${bridge}, or leave it out`;
      return [{ about: first.declared, message }];
    },
  );
};
