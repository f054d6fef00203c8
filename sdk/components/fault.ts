import * as pulumi from "@pulumi/pulumi";

/** Works on an argument of a component. What is wrong with it is shown at the component, as a resource's is, without a stack. */
export function withArgument<T>(component: pulumi.ComponentResource, argument: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new pulumi.ResourceError(`${argument}: ${why}`, component, true);
  }
}
