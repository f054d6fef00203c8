import type { Interface } from "../interfaces.ts";
import { placeName } from "../place.ts";
import { command } from "./as-typed.ts";
import { type Addressed, type DetailedInterface, isOwnAddress, remotesFor, type TunnelRemote } from "./link-details.ts";
import { passedBy, type Segment, segmentOf } from "./segment.ts";
import type { Advice } from "./types.ts";

/** A frame to an interface, and all that a frame may reach. */
interface SentTo {
  readonly out: DetailedInterface;
  readonly to: Interface;
  readonly heard: Segment;
  /** Whether the receiver has just sent a frame on the same way, from which the tunnels have learned its remote end. */
  readonly isHeard: boolean;
}

/** Returns the interfaces that a frame passes; or the fault of the tunnel whose forwarding table sends it elsewhere. */
export function wayTo(
  all: readonly DetailedInterface[],
  { out, to, heard, isHeard }: SentTo,
): { readonly passed: readonly DetailedInterface[] } | { readonly fault: Advice } {
  const passed = passedBy(heard, out, to);
  const tunnels = tunnelsOn(passed);
  if (tunnels.length === 0) return { passed };
  const frame = { mac: to.mac, isHeard };
  const chosen = segmentOf(all, out, frame);
  if (chosen.members.includes(to)) return { passed: passedBy(chosen, out, to) };
  const [fault] = tunnels.flatMap(([end, other]) => wrongEntry(all, end, other, frame) ?? []);
  return fault === undefined ? { passed } : { fault };
}

/** Returns the tunnels that a frame passes, each with the end where it enters and the one where it leaves. */
export const tunnelsOn = (
  passed: readonly DetailedInterface[],
): readonly (readonly [DetailedInterface, DetailedInterface])[] =>
  passed.flatMap((end, index) => {
    const other = passed[index + 1];
    return end.tunnel !== undefined && other?.tunnel !== undefined && end.kind === other.kind ? [[end, other]] : [];
  });

/** Returns which entry sends the frames for a MAC address to another place than the one where a tunnel ends; undefined if none does. */
function wrongEntry(
  all: readonly DetailedInterface[],
  end: DetailedInterface,
  { name, place, tunnel }: DetailedInterface,
  frame: Addressed,
): Advice | undefined {
  const [entry, ...others] = remotesFor(end, frame).filter(({ station }) => station !== undefined);
  const isThere = ({ address }: TunnelRemote) =>
    all.some((one) => one.place === tunnel?.underlay && one.addresses.some((own) => own.address === address));
  if (entry === undefined || [entry, ...others].some(isThere)) return undefined;
  const { address, station, learned, srcVni } = entry;
  const underlay = placeName(end.tunnel?.underlay);
  const whose = isOwnAddress(all, end, address) ? `, an address of ${underlay} itself` : "";
  const origin = learned ? "that it has learned" : "in its forwarding table";
  const words = `bridge fdb del ${station} dev ${end.name} self${srcVni === undefined ? "" : ` src_vni ${srcVni}`}`;
  return {
    reason:
      `${end.name} in ${placeName(end.place)} sends the frames for ${station} to ${address}${whose}, by the entry ${origin}, ` +
      `and not to ${name} in ${placeName(place)}`,
    hint: `${learned ? "delete the entry" : "correct the `dst` of the FdbEntry, or delete an entry that the program does not have"}: ${command(end.place, words)}`,
  };
}
