import type { Sysctl } from "../lab/network.ts";
import { type Check, type Declared, describe, describePlace, isLabHost } from "./check.ts";

/** An IPv6 address on an interface on which the program disables IPv6. */
export const ipv6Off: Check = (lab) => {
  // A sysctl with an unknown key or value may enable it again.
  if (lab.incomplete.has("sysctl")) return [];
  const switches = Map.groupBy(
    lab.sysctls.filter(({ key }) => SWITCH.test(key)),
    (sysctl) => sysctl.place,
  );
  const seen = new Set<string>();
  return lab.addresses.flatMap(({ resource, net, place, link }) => {
    const off = net.family === "inet6" ? switchedOff(switches.get(place) ?? [], place, link) : undefined;
    const key = `${describe(resource)} ${link}`;
    if (off === undefined || seen.has(key)) return [];
    seen.add(key);
    return [
      {
        about: resource,
        message:
          `${link} cannot have the address ${net.ip}: IPv6 is disabled on ${off.key === ALL ? describePlace(place) : link} ` +
          `(${describe(off.resource)} sets ${off.key} to ${off.value})`,
        help: "remove that Sysctl, or the IPv6 address",
      },
    ];
  });
};

/**
 * Returns the sysctl that disables IPv6 on an interface; undefined if there is none, or another one enables it. In a namespace
 * in which IPv6 is disabled on all interfaces, adding an IPv6 address to an interface enables it there.
 */
function switchedOff(switches: readonly Sysctl<Declared>[], place: string, link: string): Sysctl<Declared> | undefined {
  const name = place === "" ? link : link.slice(place.length + 1);
  const keys = [ALL, `net.ipv6.conf.${name.replaceAll(".", "/")}.disable_ipv6`];
  const own = switches.filter(({ key }) => keys.includes(key));
  if (!own.every(({ value }) => Number(value) > 0)) return undefined;
  return own.find(({ key }) => key !== ALL || isLabHost(place));
}

const ALL = "net.ipv6.conf.all.disable_ipv6";
const SWITCH = /^net\.ipv6\.conf\..+\.disable_ipv6$/;
