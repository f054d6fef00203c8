import { type Check, describe, type OnInterface } from "./check.ts";

/** An address on two interfaces of a LAN: which one answers is unpredictable. */
export const duplicateAddress: Check = ({ addresses, lans }) => {
  const first = new Map<string, OnInterface>();
  return addresses.flatMap((held) => {
    const key = `${lans.of(held.link)} ${held.net.ip}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, held);
    if (other === undefined || other.link === held.link) return [];
    return [
      {
        about: held.resource,
        message:
          `${held.net.ip} is on two interfaces of one LAN: ${other.link} (${describe(other.resource)}) and ${held.link}. ` +
          "Which one answers is unpredictable",
        help: "give one of them another address",
      },
    ];
  });
};
