import type { NatMatch } from "../lab/nat-rules.ts";
import { netsIn, netText } from "../lab/net.ts";
import type { FilterRule } from "../provider/kinds/filter-rule.ts";
import { valuesOf } from "../provider/several.ts";
import { type Check, describe, describePlace, type Lab } from "./check.ts";
import { dropOf, interfaceOf } from "./forward-drop.ts";

/**
 * A FilterChain for forwarded packets that drops the packets which a NatRule of its namespace has sent to another address. The chain sees
 * the address and the port after the translation.
 */
export const dropsDnat: Check = (lab) =>
  lab.natRules.flatMap(({ resource, place, nat }) => {
    const packets = forwardedBy(lab, place, nat);
    if (packets === undefined) return [];
    const chains = lab.filters.filter((filter) => filter.place === place && filter.chain === "forward");
    const [first] = chains.flatMap((filter) => {
      const drop = dropOf(lab, filter, packets);
      return drop === undefined ? [] : [{ chain: filter.resource, drop }];
    });
    if (first === undefined) return [];
    const from = packets.inInterface === undefined ? "" : ` from ${valuesOf(packets.inInterface).join(", ")}`;
    return [
      {
        about: first.chain,
        message:
          `${describe(first.chain)} of ${describePlace(place)} drops the packets${from} that ${describe(resource)} sends to ` +
          `${textOf(packets)}, by ${first.drop}`,
        help: `accept them before that, with the address and the port after the translation: ${ruleFor(packets)}`,
      },
    ];
  });

/** Returns a match of the first packets of the connections that a rule sends to another host; undefined if it sends them to none. */
function forwardedBy(lab: Lab, place: string, nat: NatMatch | null): FilterRule | undefined {
  const packets = nat?.translated;
  if (packets === undefined) return undefined;
  const targets = new Set(addressesOf(packets));
  const isOwn = lab.addresses.some((own) => own.place === place && targets.has(own.net.ip));
  const inInterface = packets.inInterface ?? interfaceOf(lab, place, nat?.match.destination);
  return isOwn ? undefined : { ...packets, ctState: "new", ...(inInterface !== undefined && { inInterface }) };
}

const addressesOf = ({ destination }: FilterRule): string[] => netsIn(destination).map(netText);

const textOf = (packets: FilterRule): string =>
  [...addressesOf(packets), ...valuesOf(packets.destinationPort).map((port) => `port ${port}`)].join(", ");

const ruleFor = (packets: FilterRule): string => {
  const { protocol, destinationPort } = packets;
  const [destination] = addressesOf(packets);
  const given = Object.entries({ action: "accept", destination, protocol, destinationPort });
  const texts = given.flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${JSON.stringify(value)}`]));
  return `{ ${texts.join(", ")} }`;
};
