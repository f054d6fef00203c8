import type { Observed } from "./kind.ts";
import { UserError } from "./message.ts";
import { stackNameOf } from "./owner.ts";

/** Returns the error about an object that is in the place of a resource. */
export function inTheWay(object: string, { mark, state, kernelLink, ofOthers }: Observed<object>, own: string): Error {
  if (kernelLink !== undefined) return new KernelOwnedError(object, kernelLink);
  return new ForeignError(ofOthers ?? object, mark, own, {
    sameKind: state !== undefined,
    hasName: ofOthers === undefined,
  });
}

/** An object that the program declares and that the stack does not manage. */
export class ForeignError extends UserError {
  override readonly name = "ForeignError";

  /**
   * @param object The object, as an error names it.
   * @param found The object's mark.
   * @param own The mark of the resource that declares it.
   * @param sameKind Whether it is an object of the resource's kind, which `adopt` can take over.
   * @param hasName Whether the object has a name in the kernel.
   */
  constructor(object: string, found: string | undefined, own: string, { sameKind = true, hasName = true } = {}) {
    const adopt = sameKind
      ? ", or take it over with adopt: true"
      : "; it is of another kind, so adopt cannot take it over";
    const owner = stackNameOf(found);
    super(
      `${object} already exists and ${ownerOf(found, own)}`,
      `${hasName ? "give this resource another name" : "change the arguments of this resource"}, or delete the existing object${owner === undefined ? "" : " with that stack's program"}${adopt}`,
    );
  }
}

/**
 * An object that the kernel has created itself and deletes with an interface, such as the route to the network of an address. Another
 * resource of the run may be about to delete the interface, so the change is retried.
 */
export class KernelOwnedError extends UserError {
  override readonly name = "KernelOwnedError";

  constructor(object: string, link: string) {
    super(
      `${object} already exists: the kernel created it for an address of ${link}`,
      `remove the route from the program, or the address in that network from ${link}; with another metric, a Route can exist beside it`,
    );
  }
}

/** An adopted object has a value for which the program gives none, and the provider would generate another one. */
export class AdoptedValueError extends UserError {
  override readonly name = "AdoptedValueError";

  constructor(object: string, argument: string) {
    super(
      `${object} exists with its own ${argument}, which adopt would replace with a generated one`,
      `set ${argument} to the value of the existing object, as a secret; for a WireGuard: \`wg show INTERFACE private-key\``,
    );
  }
}

function ownerOf(found: string | undefined, own: string): string {
  const owner = stackNameOf(found);
  if (owner === undefined) return "is not managed by pulumi-netns";
  return owner === stackNameOf(own)
    ? `belongs to another stack named ${owner}, whose state is in another backend`
    : `belongs to the stack ${owner}`;
}
