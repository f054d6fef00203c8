import * as pulumi from "@pulumi/pulumi";
import type { LabHost } from "./components/lab-host.ts";
import { titleOf } from "./names.ts";
import { perProgram } from "./program.ts";
import { programError } from "./program-error.ts";

/**
 * Refuses the second namespace of a name on a lab host, if a component creates one of the two. The provider does not know components, and would name
 * two resources that the program does not contain.
 *
 * @throws pulumi.RunError that names both.
 */
export function refuseSecondNamespace(
  resource: string,
  name: pulumi.Input<string>,
  host: LabHost | undefined,
  parent: pulumi.Resource | undefined,
): void {
  // Tests under mocks run many programs without a stack resource.
  if (typeof name !== "string" || pulumi.runtime.getStackResource() === undefined) return;
  const component = parent && titleOf(parent);
  const own = { title: component ?? `Namespace ${resource}`, isComponent: component !== undefined };
  const key = `${host?.name ?? ""}:${name}`;
  const first = creators().get(key);
  if (first === undefined) creators().set(key, own);
  else if (first.isComponent || own.isComponent)
    throw programError(
      `${first.title} and ${own.title} both create the namespace ${JSON.stringify(name)}`,
      `give one of them another name. If they are meant to be one, remove one of them: an existing Host or Router joins a Lan by members: [node], ` +
        "or as its router, and a name in hosts creates a Host",
    );
}

interface Creator {
  readonly title: string;
  readonly isComponent: boolean;
}

const creators = perProgram(() => new Map<string, Creator>());
