import * as pulumi from "@pulumi/pulumi";
import { programEnd } from "../checks.ts";

/** Warns at a component of a fault that shows only when the program has ended, such as a connection that the program does not make. */
export function warnAtEnd(component: pulumi.ComponentResource, faultOf: () => string | undefined): void {
  const stack = pulumi.runtime.getStackResource();
  // Without a stack resource, as in the plugin, the end of the program cannot be awaited.
  if (stack === undefined) return;
  void programEnd(stack).then(
    () => {
      const fault = faultOf();
      return fault === undefined ? undefined : pulumi.log.warn(fault, component);
    },
    () => undefined,
  );
}
