import { type Check, describe } from "./check.ts";

/** A bridge that runs the spanning tree protocol with the kernel's forward delay: each new port takes 30 seconds to forward. */
export const stpDelay: Check = ({ links, ports }) =>
  [...links.values()].flatMap(({ resource, key, stp, forwardDelay }) => {
    const waits = stp === true && forwardDelay === undefined && ports.some(({ bridge }) => bridge === key);
    if (!waits) return [];
    return [
      {
        about: resource,
        message: `${describe(resource)} uses the spanning tree protocol, so each new port forwards nothing for 30 seconds, twice the kernel's forward delay`,
        help: "set forwardDelay, in seconds; the minimum is 2",
      },
    ];
  });
