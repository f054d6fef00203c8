import { digest } from "../../provider/owner.ts";

/** The names of an interface, as a {@link Veth}'s end or a {@link Bridge} takes them. */
export interface InterfaceNames {
  readonly name: string;
  readonly altname?: string;
}

/**
 * The names of an interface that a component calls by a name of any length. One that fits stays as it is. Of a longer one
 * the beginning stays, a hash of the whole follows, and the whole is the alternative name: `ip` takes either.
 */
export function interfaceNames(full: string): InterfaceNames {
  const plain = full.replaceAll(/[^\w.-]/g, "_").replace(/^[.-]/, "_");
  if (plain === full && full.length <= LONGEST) return { name: full };
  const hash = digest(full).slice(0, 6);
  const name = `${plain.slice(0, LONGEST - hash.length - 1)}-${hash}`;
  // Two names could become one when characters are replaced, and an alternative name must be nobody else's.
  return plain === full && full.length <= LONGEST_ALTERNATIVE ? { name, altname: full } : { name };
}

const LONGEST = 15;
const LONGEST_ALTERNATIVE = 127;
