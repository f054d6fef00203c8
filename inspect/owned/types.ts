import type { Claim } from "../../provider/claims.ts";
import type { Plan } from "../../provider/plan.ts";

/** Who made something. */
export interface Owner {
  readonly project: string;
  readonly stack: string;
  /** The backend of its state; see {@link currentBackend}. */
  readonly backend?: string | undefined;
}

/** Something in the kernel. */
export interface Thing {
  readonly what:
    | "namespace"
    | "link"
    | "nft table"
    | "nft rule"
    | "sysctl"
    | "route"
    | "process"
    | "log"
    | "hosts files"
    | "note";
  /** The namespace that it is in; undefined for the lab host. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Something that is proven to be a stack's, with what removes it. */
export interface OwnedThing extends Thing {
  /** Its names in the kernel, as the claims of its kind give them. */
  readonly claims: readonly Claim[];
  readonly removal: Plan;
}

/** What a look at the kernel has found. */
export interface OwnedThings {
  /** What bears the stack's mark, in the order in which it is to be removed. */
  readonly marked: readonly OwnedThing[];
  /** What this package has made and nothing says for whom. */
  readonly unclear: readonly Thing[];
}
