import { type Check, describe } from "./check.ts";

/** A bond with LACP whose member is connected to a port of a bridge: a bridge drops the frames of LACP unless the port forwards them. */
export const lacpDropped: Check = ({ links, pairs }) => {
  const peers = new Map(pairs.flatMap(({ ends: [a, b] }) => [[a, b] as const, [b, a] as const]));
  const members = Map.groupBy(links.values(), ({ master }) => master);
  return [...links.values()].flatMap(({ resource, key, traits, args }) => {
    if (traits.device !== "bond" || args["mode"] !== LACP) return [];
    return (members.get(key) ?? [])
      .flatMap((member) => {
        const port = links.get(peers.get(member.key) ?? "");
        const bridge = links.get(port?.master ?? "");
        return port !== undefined && bridge?.traits.device === "bridge" && drops(port.args["port"])
          ? [{ member, port, bridge }]
          : [];
      })
      .slice(0, 1)
      .map(({ member, port, bridge }) => ({
        about: resource,
        message: `${key} has no LACP partner at ${member.key}: the port ${port.key} (${describe(port.resource)}) of the bridge ${bridge.key} drops the frames of LACP`,
        help: `for a bond behind the bridge, set port.groupFwdMask of ${port.key} to ${LACP_BIT}; for the bridge itself as the other end, set mode to "active-backup"`,
      }));
  });
};

const LACP = "802.3ad";

/** The bit for 01:80:c2:00:00:02, the address of LACP, in a mask of group addresses. */
const LACP_BIT = 4;

/** Returns true if a port forwards no frames of LACP. An unknown mask may forward them. */
function drops(port: unknown): boolean {
  if (port === undefined) return true;
  if (typeof port !== "object" || port === null) return false;
  const { groupFwdMask = 0 } = port as { readonly groupFwdMask?: unknown };
  return typeof groupFwdMask === "number" && (groupFwdMask & LACP_BIT) === 0;
}
