import type { Check, LabLink } from "./check.ts";
import { exceedsParent } from "./parent-mtu.ts";

/** Different MTUs within a segment: larger packets are silently dropped there. */
export const mtuMismatch: Check = (lab) => {
  const { links, lans } = lab;
  const sized = [...links.values()].filter((link) => link.mtu !== undefined && !exceedsParent(lab, link));
  return [...Map.groupBy(sized, ({ key }) => lans.of(key)).values()].flatMap((segment) => {
    const largest = segment.reduce((most, link) => (mtuOf(link) > mtuOf(most) ? link : most));
    const smallest = segment.reduce((least, link) => (mtuOf(link) < mtuOf(least) ? link : least));
    if (largest.mtu === smallest.mtu) return [];
    return [
      {
        about: smallest.resource,
        message:
          `the MTUs in one LAN differ: ${smallest.key} has ${mtuOf(smallest)}, ${largest.key} has ${mtuOf(largest)}. ` +
          "Larger packets are silently dropped",
        help: "set the same mtu on all interfaces of the LAN; the default is 1500",
      },
    ];
  });
};

const mtuOf = ({ mtu }: LabLink): number => mtu ?? 0;
