import * as pulumi from "@pulumi/pulumi";

/** Runs work on an argument of a component. An error is reported at the component and names the argument, without a stack trace. */
export function reportAtComponent<T>(component: pulumi.ComponentResource, argument: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new pulumi.ResourceError(`${argument}: ${why}`, component, true);
  }
}
