import type { Claim } from "../../provider/claims.ts";
import type { Plan } from "../../provider/plan.ts";

/** The owner of an object. */
export interface Owner {
  readonly project: string;
  readonly stack: string;
  /** The name of the lab host; absent for this machine. */
  readonly host?: string | undefined;
  /** The backend of its state; see {@link currentBackend}. */
  readonly backend?: string | undefined;
}

/** An object in the kernel. */
export interface Thing {
  readonly what:
    | "namespace"
    | "link"
    | "qdisc"
    | "ingress"
    | "nft table"
    | "nft rule"
    | "nft chain"
    | "sysctl"
    | "route"
    | "next hop"
    | "neighbour"
    | "routing rule"
    | "process"
    | "log"
    | "hosts files"
    | "note";
  /** The namespace of the object; undefined for the lab host. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/** An object on an interface, which is undefined if it is on none. */
export interface OnLink extends Thing {
  readonly dev: string | undefined;
  /** Whether a note names another stack as its owner. */
  readonly isNotedOther?: boolean;
}

/** An object on a lab host, which is undefined for this machine. */
export interface HostThing extends Thing {
  readonly host: string | undefined;
}

/** An object that is proven to be a stack's, with the steps that remove it. */
export interface OwnedThing extends Thing {
  /** The kernel names of the object, as the claims of its kind return them. */
  readonly claims: readonly Claim[];
  readonly removal: Plan;
}

/** The objects found in the kernel. */
export interface OwnedThings {
  /** The objects with the stack's mark, in the order in which to remove them. */
  readonly marked: readonly OwnedThing[];
  /** The objects that this package created for a stack of which neither a mark nor a note tells. */
  readonly unclear: readonly Thing[];
}
