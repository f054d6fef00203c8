import { type Check, describe } from "./check.ts";

/** A bridge with the spanning tree protocol and the kernel's forward delay: a lab waits half a minute for each new port. */
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
