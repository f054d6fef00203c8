import { field, isRecord, listOf } from "../lab/arguments.ts";
import { holds, host, type Net } from "../lab/net.ts";
import { type Check, type Declared, describe, describePlace, shortList } from "./check.ts";

/**
 * A Process that runs dnsmasq with a range of IPv4 addresses in no network of its namespace, so that it gives none of them to the hosts there. A range
 * with a netmask is for clients behind a relay. Other programs of the namespace may add addresses.
 */
export const dhcpRange: Check = ({ makers, addresses, namespaces, incomplete }) => {
  if ((["address", "link", "program"] as const).some((is) => incomplete.has(is))) return [];
  return makers.flatMap(({ resource, place }) => {
    const isAlone = makers.every((other) => other.resource === resource || other.place !== place);
    if (!namespaces.has(place) || !isAlone) return [];
    const own = addresses.filter((held) => held.place === place && held.net.family === "inet");
    const off = rangesIn(resource).find((range) => !own.some(({ net }) => range.every((end) => holds(net, end))));
    if (off === undefined) return [];
    const has = shortList(own.map(({ net }) => `${net.ip}/${net.prefix.length}`));
    return [
      {
        about: resource,
        message:
          `the DHCP range ${off.map(({ ip }) => ip).join(" to ")} of ${describe(resource)} is in no network of ${describePlace(place)}` +
          (has === "" ? ", which has no IPv4 address" : `, which has ${has}`),
        help: "give a range in the network of the hosts that ask for addresses, or the server an address in that network",
      },
    ];
  });
};

/** Returns the first and the last address of each range without a netmask that a command of dnsmasq gives, or a file of it. */
function rangesIn({ args }: Declared): Net[][] {
  const [program, ...words] = listOf(args, "command") ?? [];
  if (program?.split("/").at(-1) !== "dnsmasq") return [];
  const files = field(args, "files");
  const lines = Object.values(isRecord(files) ? files : {}).flatMap((text) => String(text).split("\n"));
  const given = [
    ...words.map((word, index) => (OPTION.test(words[index - 1] ?? "") ? `dhcp-range=${word}` : word)),
    ...lines,
  ];
  return given.flatMap((text) => {
    const [, first = "", last = "", netmask = ""] = RANGE.exec(text) ?? [];
    const ends = [host(first), host(last)].filter((end) => end?.family === "inet");
    return ends.length < 2 || host(netmask) !== undefined ? [] : [ends.filter((end) => end !== undefined)];
  });
}

const OPTION = /^(?:--dhcp-range|-F)$/;

/** A range, after tags such as `set:guests`. */
const RANGE = /^\s*(?:--)?dhcp-range\s*=\s*(?:[a-z]\w*:[\w-]+,)*([\d.]+),([\d.]+)(?:,([\d.]+)(?=,|\s|$))?/;
