import { pluginTokenOf } from "../../provider/urn.ts";
import { type Args, type Declared, Reference, type Value } from "./references.ts";

/** Returns a project in YAML with resources. */
export const yamlProject = (project: string, resources: readonly Declared[]): string =>
  `name: ${scalar(project)}
runtime: yaml
plugins:
  providers:
    - name: netns
      path: node_modules/pulumi-netns/bin
resources:
${resources.map(resource).join("\n")}
`;

/** Returns the file by which `pulumi import --file` takes the objects of resources over. */
export const importFile = (resources: readonly Declared[]): string =>
  `${JSON.stringify(
    { resources: resources.map(({ object, name }) => ({ type: pluginTokenOf(object.kind), name, id: object.id })) },
    undefined,
    2,
  )}\n`;

function resource({ object, name, args, after }: Declared): string {
  return [
    `  ${scalar(name)}:`,
    `    type: netns:${object.kind}`,
    ...(Object.keys(args).length === 0 ? [] : ["    properties:", ...lines(args, "      ")]),
    ...(after.length === 0
      ? []
      : ["    options:", `      dependsOn: [${after.map((one) => scalar(`\${${one}}`)).join(", ")}]`]),
  ].join("\n");
}

const lines = (args: Args, indent: string): string[] =>
  Object.entries(args).flatMap(([key, value]) => {
    if (typeof value === "object" && !(value instanceof Reference) && !Array.isArray(value))
      return [`${indent}${scalar(key)}:`, ...lines(value as Args, `${indent}  `)];
    return [`${indent}${scalar(key)}: ${inline(value)}`];
  });

function inline(value: Value): string {
  if (value instanceof Reference) return `\${${value.name}${value.end === undefined ? "" : `.${value.end}`}.name}`;
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  // A dollar begins an interpolation.
  return typeof value === "string" ? scalar(value.replaceAll("${", () => "$${")) : JSON.stringify(value);
}

/** Returns a text as a YAML scalar: in quotes, unless it is a word that cannot be anything else. */
const scalar = (text: string): string =>
  /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z][\w./-]*$/i.test(text) || ADDRESS.test(text)
    ? text
    : JSON.stringify(text);

/** An address or a network in IPv4, which YAML does not take for a number. */
const ADDRESS = /^\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/;
