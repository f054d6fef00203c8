import type * as pulumi from "@pulumi/pulumi";
import { programError } from "./program-error.ts";

/**
 * Refuses `host` among the arguments of a resource that follows its namespace. The provider would take it for the lab host of the resource.
 *
 * @throws pulumi.RunError
 */
export function refuseHost(kind: string, name: string, args: pulumi.Inputs): void {
  if (args["host"] === undefined) return;
  throw programError(
    `${kind} ${name}: property host: unknown argument; the resource is on the lab host of its namespace`,
    "give that lab host, or a Namespace on it, as the namespace: { namespace: lab2 }",
  );
}
