import { showFdb } from "../../provider/kernel/tools/bridge.ts";
import type { Interface } from "../interfaces.ts";
import { placeName } from "../place.ts";
import { resource } from "./as-typed.ts";
import type { TraceContext } from "./packet.ts";
import type { Advice } from "./types.ts";

/**
 * Returns why a port of a bridge drops a frame for the MAC address of an interface; undefined if none does. Through a port whose flag `flood` is
 * off, a bridge sends only frames for the MAC addresses in its forwarding database.
 *
 * @param passed The interfaces that the frame passes.
 * @param isHeard Whether the interface has sent a frame on the same way before, so that a bridge may have learned its MAC address.
 */
export async function unfloodedPort(
  look: TraceContext,
  passed: readonly Interface[],
  to: Interface,
  isHeard: boolean,
): Promise<Advice | undefined> {
  for (const one of passed) {
    const { place, name, master, port } = one;
    const isLeft = passed[passed.indexOf(one) - 1]?.name === master;
    if (port === undefined || port.flood || !isLeft || (port.learning && isHeard)) continue;
    const entries = (await showFdb(look.host.kernel, place, name)) ?? [];
    if (entries.some((entry) => entry.mac === to.mac && entry.master === master)) continue;
    const flags = port.learning ? "its flag flood is off" : "its flags flood and learning are off";
    return {
      reason: `the port ${name} of the bridge ${master} in ${placeName(place)} passes no frames for ${to.mac}, the MAC address of ${to.name} in ${placeName(to.place)}: ${flags}, and the bridge has no entry for it`,
      hint: `set port.flood of ${name} to true, or add the entry:\n  ${resource(look, "FdbEntry", { namespace: place, interface: name, lladdr: to.mac })}`,
    };
  }
  return undefined;
}
