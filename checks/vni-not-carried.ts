import { isUnknown } from "../provider/schema.ts";
import { vlansOf } from "../provider/vlans.ts";
import { ALL_VNIS, hasVni, type VniRange, vnisOf } from "../provider/vnis.ts";
import type { Check, Finding, Lab, LabLink } from "./check.ts";

/** A VLAN of a bridge port to an external VXLAN that has no VNI there, or one that the VXLAN does not carry. The frames are dropped. */
export const vniNotCarried: Check = (lab) =>
  [...lab.links.values()].flatMap((link) =>
    link.args["external"] === true && isPortOfBridge(lab, link) ? findingsAt(link) : [],
  );

const isPortOfBridge = ({ links }: Lab, { master = "" }: LabLink): boolean =>
  links.get(master)?.traits.device === "bridge";

function findingsAt(link: LabLink): Finding[] {
  const { resource, key, master, vlans } = link;
  const carried = carriedBy(link);
  if (vlans === undefined || vlans === null || carried === undefined) return [];
  const all = [...vlansOf(vlans)];
  const [unmapped] = all.find(([, { tunnelId }]) => tunnelId === undefined) ?? [];
  const [vid, { tunnelId: unlisted = 0 } = {}] =
    all.find(([, { tunnelId }]) => tunnelId !== undefined && !hasVni(carried, tunnelId)) ?? [];
  return [
    ...(unmapped === undefined
      ? []
      : [
          {
            about: resource,
            message: `${key}, an external VXLAN, drops the frames of the VLAN ${unmapped} from the bridge ${master}: its port maps the VLAN to no VNI`,
            help: `add a VNI in port.vlans, e.g. "${unmapped} tunnel_info id ${1000 + unmapped}" with vlanTunnel: true, or remove the VLAN`,
          },
        ]),
    ...(vid === undefined
      ? []
      : [
          {
            about: resource,
            message: `${key} drops the frames of the VLAN ${vid} from the other end: its port maps the VLAN to the VNI ${unlisted}, and vnis does not list it`,
            help: `add ${unlisted} to vnis, or remove vnifilter`,
          },
        ]),
  ];
}

/** Returns the VNIs that an external VXLAN carries; undefined if they are not known. */
function carriedBy({ args: { vnifilter = false, vnis = [] } }: LabLink): readonly VniRange[] | undefined {
  if (vnifilter === false) return ALL_VNIS;
  return vnifilter === true && Array.isArray(vnis) && vnis.every(isKnown) ? vnisOf(vnis.map(String)) : undefined;
}

/** Returns whether a value is known: an unknown one of a program is null in a lab. */
const isKnown = (value: unknown): boolean => value !== null && !isUnknown(value);
