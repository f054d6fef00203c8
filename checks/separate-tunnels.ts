import { type Check, describe, type Lab, type LabLink } from "./check.ts";
import { isIncomplete, mayActIn } from "./open-lans.ts";

/**
 * Two Vxlans or two Geneves that send to each other with different identifiers or UDP ports, so that each drops the packets of the other. Not where
 * another interface of either underlay receives them, or a program there may add one.
 */
export const separateTunnels: Check = (lab) => {
  if (isIncomplete(lab) || lab.incomplete.has("program")) return [];
  const ends = [...lab.links.values()].flatMap((link) => endOf(lab, link));
  const isReceived = ({ device, vni, port }: End, { place }: End): boolean =>
    ends.some(
      (end) =>
        end.place === place &&
        end.device === device &&
        (end.port === port || end.port === null) &&
        (end.vni === vni || end.vni === null),
    );
  return ends.flatMap((one, index) => {
    const other = ends
      .slice(index + 1)
      .find((end) => sendsTo(one, end) && sendsTo(end, one) && !isReceived(one, end) && !isReceived(end, one));
    if (other === undefined || [one, other].some(({ place }) => mayActIn(lab.programs, place))) return [];
    return [
      {
        about: one.link.resource,
        message:
          `${textOf(one)} and its other end ${textOf(other)} (${describe(other.link.resource)}) drop the packets of each other: ` +
          "both ends need the same vni and dstport",
        help: `set ${one.vni === other.vni ? "dstport" : "vni"} to the same value in both`,
      },
    ];
  });
};

/** An end of a tunnel. Its identifier or port is null if it is not known, or if the end receives all of them. */
interface End {
  readonly link: LabLink;
  readonly device: string;
  readonly place: string;
  readonly vni: number | null;
  readonly port: number | null;
  /** The places to which it sends. */
  readonly to: ReadonlySet<string>;
}

function endOf({ addresses }: Lab, link: LabLink): End[] {
  const { device } = link.traits;
  const { vni, dstport = USUAL_PORTS.get(device) } = link.args;
  if (link.tunnel === undefined || !USUAL_PORTS.has(device)) return [];
  const to = link.tunnel.remotes.flatMap((remote) => {
    const places = new Set(addresses.flatMap(({ place, net }) => (net.ip === remote ? [place] : [])));
    // An address that several places have may lead to any of them.
    return places.size === 1 ? [...places] : [];
  });
  return [{ link, device, place: link.underlay ?? "", vni: numberOf(vni), port: numberOf(dstport), to: new Set(to) }];
}

/** The UDP ports of the kinds of tunnels with identifiers. */
const USUAL_PORTS: ReadonlyMap<string, number> = new Map([
  ["vxlan", 4789],
  ["geneve", 6081],
]);

/** Returns a number; null if it is not known, and for the identifier of an external tunnel, which has none. */
const numberOf = (value: unknown): number | null => (typeof value === "number" ? value : null);

const sendsTo = (one: End, other: End): boolean =>
  one.device === other.device && one.place !== other.place && one.to.has(other.place);

const textOf = ({ link, vni, port }: End): string => `${link.key} (vni ${vni ?? "any"}, dstport ${port ?? "any"})`;
