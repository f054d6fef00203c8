import { familyOf } from "../../../provider/cidr.ts";
import type { At, Flat, FlatNexthop } from "./flat.ts";
import type { NexthopThing } from "./lab.ts";
import type { Names } from "./names.ts";

/** Returns the place of a next hop. */
export const hopPlace = (names: Names, { place, on }: Pick<NexthopThing, "place" | "on">): At =>
  place === undefined && on?.by === "object" ? names.placeOf(on) : names.place(place);

export const hopAt = (
  { nexthops }: Pick<Flat, "nexthops">,
  { at, nhid }: Pick<FlatNexthop, "at" | "nhid">,
): FlatNexthop | undefined => nexthops.find((hop) => hop.at === at && hop.nhid === nhid);

/** Returns the family of a next hop. A group with any member of IPv4 has none for routes of IPv6. */
export function hopFamily(flat: Pick<Flat, "nexthops">, { at, nhid }: Pick<FlatNexthop, "at" | "nhid">): string {
  const { via, members = [] } = hopAt(flat, { at, nhid }) ?? {};
  const ofMembers = members.map((member) => hopFamily(flat, { at, nhid: member.nhid }));
  if (members.length > 0) return ofMembers.includes("inet") ? "inet" : "inet6";
  return familyOf(via ?? "");
}
