import { holds } from "../lab/net.ts";
import { type Check, describe, type Lab, type LabLink } from "./check.ts";

/**
 * A gateway behind an interface without a carrier, because the other end of its cable, or its parent, is down. The kernel accepts the
 * route, and drops its packets. A route over an interface that is down itself is an error.
 */
export const gatewayDown: Check = (lab) => {
  if (["link", "pair", "address"].some((is) => lab.incomplete.has(is as "link"))) return [];
  return lab.routes.flatMap(({ resource, place, via, link }) => {
    if (via === undefined || skipsDead(lab, place)) return [];
    const near = lab.addresses.filter((own) => own.place === place && holds(own.net, via)).map((own) => own.link);
    const legs = link === undefined ? near : [link];
    const broken = legs.map((leg) => brokenEnd(lab, leg));
    const [first] = broken;
    // The kernel uses any of several interfaces in the gateway's network.
    if (first === undefined || broken.includes(undefined)) return [];
    return [
      {
        about: resource,
        message: `the gateway ${via.ip} cannot be reached: ${legs[0]} has no carrier, because ${first.key} (${describe(first.resource)}) is down`,
        help: `set up: true for ${first.key}, or remove the route`,
      },
    ];
  });
};

/** Returns whether a place uses no route or next hop over an interface without a carrier, so that such a one may be a reserve. */
const skipsDead = ({ sysctls }: Lab, at: string): boolean =>
  sysctls.some(
    ({ place, key, value }) => place === at && key.endsWith(".ignore_routes_with_linkdown") && value !== "0",
  );

/** Returns the interface that is down, so that another one has no carrier; undefined if there is none. */
function brokenEnd(lab: Lab, key: string, above: readonly string[] = []): LabLink | undefined {
  const { links, pairs } = lab;
  const pair = pairs.find(({ ends }) => ends.includes(key));
  const other = pair && links.get(pair.ends[0] === key ? pair.ends[1] : pair.ends[0]);
  const parent = links.get(links.get(key)?.parent ?? "");
  const down = [other, parent].find((end) => end?.up === false);
  // A program may declare a link that is its own parent.
  if (down !== undefined || parent === undefined || above.includes(parent.key)) return down;
  return brokenEnd(lab, parent.key, [...above, key]);
}
