import type { Fact } from "./model.ts";

/** Returns the types of facts that may be missing because of facts with unknown values. */
export const incompleteFrom = (unsure: readonly Pick<Fact, "is">[]): ReadonlySet<Fact["is"]> =>
  new Set(unsure.flatMap(({ is }) => MISSING[is] ?? [is]));

/** The facts that an unknown fact leaves incomplete besides its own type: for a link, those on it; for an unread kind, all. */
const MISSING: Partial<Record<Fact["is"], readonly Fact["is"][]>> = {
  link: ["link", "address", "route"],
  "further hop": ["route"],
  unread: ["namespace", "link", "pair", "address", "route", "next hop", "source NAT", "NAT rule", "filter", "sysctl"],
};
