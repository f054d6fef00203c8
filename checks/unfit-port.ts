import { type Check, describe } from "./check.ts";

/** A link whose packets have no Ethernet header, and whose declared master is a bridge: the kernel refuses it as a port. */
export const unfitPort: Check = ({ links }) =>
  [...links.values()].flatMap(({ resource, traits, args, key, master = "" }) =>
    traits.lacksEthernet?.(args) === true && links.get(master)?.traits.device === "bridge"
      ? [
          {
            about: resource,
            message: `${describe(resource)} cannot be a port of the bridge ${master}: the packets of ${key} have no Ethernet header, and the kernel refuses this ("Invalid argument")`,
            help: "remove master, or use a Tap, a Vxlan, a Geneve, or a Tunnel of mode gretap",
          },
        ]
      : [],
  );
