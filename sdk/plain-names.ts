import type * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { interfaceName, namespaceName } from "../provider/values.ts";

/**
 * Records the name of a namespace or an interface that the program gives as plain text, so that the arguments of the resources that refer to it
 * by an output are known before the program has run. A wrong name is not recorded, because its own resource reports it.
 */
export function recordPlainName(
  output: pulumi.Output<string>,
  of: keyof typeof NAMES,
  name: pulumi.Input<string>,
): void {
  if (typeof name === "string" && v.is(NAMES[of], name)) plainNames.set(output, name);
}

/** Returns the recorded name that an output will have. */
export const plainNameOfOutput = (output: pulumi.Output<unknown>): string | undefined => plainNames.get(output);

const NAMES = { namespace: namespaceName(), interface: interfaceName() } as const;

const plainNames = new WeakMap<object, string>();
