import { placeName } from "../place.ts";
import { type Addressed, type DetailedInterface, remotesFor } from "./link-details.ts";
import type { TraceContext } from "./packet.ts";
import { lookUpRoute } from "./route-lookup.ts";
import type { TunnelFault } from "./tunnel-fault.ts";

/**
 * Returns why the underlay of a tunnel cannot send its packets; undefined if it can.
 *
 * @param to The other end, if it is known.
 * @param notes Receives where the packets go, and through which interface of the underlay.
 * @param frame The frame, for a tunnel that chooses among its remote ends by the MAC address.
 */
export async function underlayFault(
  { host, interfaces }: TraceContext,
  end: DetailedInterface,
  to: DetailedInterface | undefined,
  notes: string[],
  frame: Addressed = {},
): Promise<TunnelFault | undefined> {
  const { name, kind, place, data, tunnel } = end;
  const owned = interfaces.filter(({ place: at }) => to?.tunnel !== undefined && at === to.tunnel.underlay);
  const isThere = (address: string | undefined) =>
    owned.some((one) => one.addresses.some((own) => own.address === address));
  const remotes = remotesFor(end, frame);
  const { address } = remotes.find((remote) => isThere(remote.address)) ?? remotes[0] ?? {};
  if (tunnel === undefined || address === undefined) return undefined;
  const underlay = placeName(tunnel.underlay);
  const route = await lookUpRoute(host, tunnel.underlay, address);
  // A tunnel with an underlying interface looks up its route in that interface's VRF, and one of several remote ends may be another one.
  const isCertain = data["link"] === undefined && (remotes.length === 1 || isThere(address));
  if ("refusal" in route && isCertain)
    return {
      reason: `${underlay} has no route to ${address}, to which ${name} in ${placeName(place)} sends its packets`,
      hint: `add one, or an address in the network of ${address}; if the program has it, run \`pulumi up --refresh\``,
    };
  const way =
    "refusal" in route
      ? `to which ${underlay} has no route`
      : `out by ${route.dev ?? "?"} of ${underlay}${route.gateway === undefined ? "" : ` to ${route.gateway}`}`;
  notes.push(`in the ${kind} tunnel ${name} to ${address}, ${way}`);
  return undefined;
}
