import * as pulumi from "@pulumi/pulumi";
import type { ComponentAlias, ComponentOptions } from "../plugin/component-request.ts";

/**
 * Returns the options of a component in the form of Pulumi's SDK.
 *
 * @param parents The parents of the components of a run, by their URNs. The names below one parent are compared.
 */
export function optionsOf(
  given: ComponentOptions,
  parents: Map<string, pulumi.Resource>,
): pulumi.ComponentResourceOptions {
  const { protect, retainOnDelete } = given;
  const parent = parents.get(given.parent) ?? new pulumi.DependencyResource(given.parent);
  parents.set(given.parent, parent);
  return {
    parent,
    dependsOn: given.dependsOn.map((urn) => new pulumi.DependencyResource(urn)),
    providers: Object.fromEntries(
      Object.entries(given.providers).map(([name, reference]) => [
        name,
        new pulumi.DependencyProviderResource(reference),
      ]),
    ),
    aliases: given.aliases.map((alias) => (typeof alias === "string" ? alias : aliasOf(alias))),
    ignoreChanges: [...given.ignoreChanges],
    replaceOnChanges: [...given.replaceOnChanges],
    ...(given.deletedWith !== "" && { deletedWith: new pulumi.DependencyResource(given.deletedWith) }),
    ...(protect !== undefined && { protect }),
    ...(retainOnDelete !== undefined && { retainOnDelete }),
  };
}

const aliasOf = ({ name, type, project, stack, parent }: ComponentAlias): pulumi.Alias => ({
  ...(name !== undefined && { name }),
  ...(type !== undefined && { type }),
  ...(project !== undefined && { project }),
  ...(stack !== undefined && { stack }),
  ...(parent !== undefined && { parent: parent === "" ? pulumi.rootStackResource : parent }),
});
