import type { Check, LabLink } from "./check.ts";

/** MTUs that differ along a segment: what is too large is dropped there without a word. */
export const mtuMismatch: Check = ({ links, lans }) => {
  const sized = [...links.values()].filter(({ mtu }) => mtu !== undefined);
  return [...Map.groupBy(sized, ({ key }) => lans.of(key)).values()].flatMap((segment) => {
    const largest = segment.reduce((most, link) => (mtuOf(link) > mtuOf(most) ? link : most));
    const smallest = segment.reduce((least, link) => (mtuOf(link) < mtuOf(least) ? link : least));
    if (largest.mtu === smallest.mtu) return [];
    return [
      {
        about: smallest.resource,
        message:
          `the MTUs along one LAN differ: ${smallest.key} has ${mtuOf(smallest)}, ${largest.key} has ${mtuOf(largest)}. ` +
          "Larger packets are dropped without a word.\n" +
          "  what to do: give all interfaces of the LAN one mtu; an end that says nothing has 1500",
      },
    ];
  });
};

const mtuOf = ({ mtu }: LabLink): number => mtu ?? 0;
