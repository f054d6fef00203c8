import { type Check, describe, type LabLink } from "./check.ts";

/**
 * Two bonds that several cables join and whose modes do not fit together: one sends over cables from which the other receives nothing. With one cable, each
 * mode works with each.
 */
export const bondModes: Check = ({ links, pairs }) => {
  const bondAt = (end: string): LabLink | undefined => {
    const master = links.get(links.get(end)?.master ?? "");
    return master?.traits.device === "bond" ? master : undefined;
  };
  const joined = pairs.flatMap(({ ends }) => {
    const [one, other] = ends.map(bondAt).sort((a, b) => (a?.key ?? "").localeCompare(b?.key ?? ""));
    return one === undefined || other === undefined || one === other ? [] : [{ one, other }];
  });
  const byBonds = Map.groupBy(joined, ({ one, other }) => `${one.key} ${other.key}`);
  return [...byBonds.values()].flatMap((cables) => {
    const [{ one, other } = {}] = cables;
    if (one === undefined || other === undefined || cables.length < 2) return [];
    const modes = [one, other].map(({ args }) => args["mode"]);
    if (!modes.every((mode) => typeof mode === "string") || modes[0] === modes[1]) return [];
    if (!modes.includes(LACP) && !(modes.includes(ONE_ACTIVE) && modes.some((mode) => SPREADING.includes(mode))))
      return [];
    return [
      {
        about: one.resource,
        message: `mode of ${describe(one.resource)} is ${modes[0]}, and that of ${describe(other.resource)} at the other end of its cables is ${modes[1]}: one of them receives nothing from some of the cables`,
        help: `use one mode for both, such as "${LACP}"`,
      },
    ];
  });
};

const LACP = "802.3ad";

/** The mode that receives only from its active member. */
const ONE_ACTIVE = "active-backup";

/** The modes that send different packets over different members. */
const SPREADING: readonly string[] = ["balance-rr", "balance-xor", "balance-tlb", "balance-alb"];
