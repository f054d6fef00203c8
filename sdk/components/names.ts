import { digest } from "../../provider/owner.ts";

/** The name and alternative name of an interface, as arguments of a {@link Veth} end or a {@link Bridge}. */
export interface InterfaceNames {
  readonly name: string;
  readonly altname?: string;
}

/**
 * Returns the names of an interface for a component's name of any length. A name that fits is unchanged. A longer name is cut and
 * completed with a hash, and the full name becomes the alternative name, which `ip` accepts too.
 */
export function interfaceNames(full: string): InterfaceNames {
  const plain = full.replaceAll(/[^\w.-]/g, "_").replace(/^[.-]/, "_");
  if (plain === full && full.length <= LONGEST) return { name: full };
  const hash = digest(full).slice(0, 6);
  const name = `${plain.slice(0, LONGEST - hash.length - 1)}-${hash}`;
  // Replacing characters could map two names to one, and an alternative name must be unique.
  return plain === full && full.length <= LONGEST_ALTERNATIVE ? { name, altname: full } : { name };
}

const LONGEST = 15;
const LONGEST_ALTERNATIVE = 127;
