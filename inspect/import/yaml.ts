import { pluginTokenOf } from "../../provider/urn.ts";
import { SecretValue } from "./found.ts";
import { type Args, type Declared, Reference, secretsOf, type Value } from "./references.ts";

/** Returns a project in YAML with resources. */
export const yamlProject = (project: string, resources: readonly Declared[]): string =>
  `name: ${scalar(project)}
runtime: yaml
plugins:
  providers:
    - name: netns
      path: node_modules/pulumi-netns/bin
${configuration(resources)}resources:
${resources.map(resource).join("\n")}
`;

/** Returns the file by which `pulumi import --file` takes the objects of resources over. */
export const importFile = (resources: readonly Declared[]): string =>
  `${JSON.stringify(
    {
      resources: resources
        .filter(({ object }) => !object.adopt)
        .map(({ object, name }) => ({ type: pluginTokenOf(object.kind), name, id: object.id })),
    },
    undefined,
    2,
  )}\n`;

/** Declares the secret values, which the configuration of the stack contains. */
function configuration(resources: readonly Declared[]): string {
  const keys = secretsOf(resources).map(({ key }) => key);
  if (keys.length === 0) return "";
  return `config:\n${keys.map((key) => `  ${scalar(key)}:\n    type: string\n    secret: true\n`).join("")}`;
}

function resource({ object, name, args: own, after }: Declared): string {
  const args: Args = { ...own, ...(object.adopt && { adopt: true }) };
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
    if (Array.isArray(value) && value.some(isGroup))
      return [`${indent}${scalar(key)}:`, ...value.flatMap((item) => listed(item as Args, `${indent}  `))];
    if (isGroup(value)) return [`${indent}${scalar(key)}:`, ...lines(value as Args, `${indent}  `)];
    return [`${indent}${scalar(key)}: ${inline(value)}`];
  });

const isGroup = (value: Value): boolean =>
  typeof value === "object" &&
  !(value instanceof Reference) &&
  !(value instanceof SecretValue) &&
  !Array.isArray(value);

/** Returns the lines of a group in a list. */
const listed = (item: Args, indent: string): string[] =>
  lines(item, `${indent}  `).map((line, index) => (index === 0 ? `${indent}- ${line.trimStart()}` : line));

function inline(value: Value): string {
  if (value instanceof SecretValue) return scalar(`\${${value.key}}`);
  if (value instanceof Reference) return `\${${value.name}${value.end === undefined ? "" : `.${value.end}`}.name}`;
  if (Array.isArray(value)) return `[${value.map(inList).join(", ")}]`;
  // A dollar begins an interpolation.
  return typeof value === "string" ? scalar(value.replaceAll("${", () => "$${")) : JSON.stringify(value);
}

/** Returns a value of a list in brackets, where a brace begins a group. */
const inList = (value: Value): string => (value instanceof Reference ? JSON.stringify(inline(value)) : inline(value));

/** Returns a text as a YAML scalar: in quotes, unless it is a word that cannot be anything else. */
const scalar = (text: string): string =>
  /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z][\w./-]*$/i.test(text) || ADDRESS.test(text)
    ? text
    : JSON.stringify(text);

/** An address or a network in IPv4, which YAML does not take for a number. */
const ADDRESS = /^\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/;
