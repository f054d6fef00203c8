import { kindOf } from "../../provider/kind-of.ts";
import { messagesPage } from "./messages.ts";
import {
  type ArgsInterface,
  componentClasses,
  type DocumentedClass,
  type Member,
  type ResourceClass,
  resourceClasses,
} from "./source.ts";
import { argumentTables, plainTables, table } from "./tables.ts";

/** Returns the generated pages by their paths in docs/: one for each kind, an overview, one for each component, and the messages. */
export function generatedPages(): ReadonlyMap<string, string> {
  const classes = resourceClasses();
  const pages = classes.map((kind): [string, string] => [pathOf(kind), page(kind)]);
  const components = componentClasses().map((component): [string, string] => [
    `components/${fileOf(component)}`,
    lines(...beginning(component), ...plainTables(component.args), ...outputsText(component.outputs), COMPONENT),
  ]);
  return new Map([["resources.md", overview(classes)], ["messages.md", messagesPage()], ...pages, ...components]);
}

const pathOf = (kind: ResourceClass): string => `resources/${fileOf(kind)}`;

/** Returns the file name of a page, which follows that of the class's file in the SDK. */
const fileOf = ({ name }: DocumentedClass): string => `${name.replace(/(?<=.)([A-Z])/g, "-$1").toLowerCase()}.md`;

/** Returns the section on the outputs of a component. A program in TypeScript uses the properties of the class instead. */
function outputsText(outputs: ArgsInterface | undefined): string[] {
  if (outputs === undefined) return [];
  const rows = outputs.members.map(({ name, type, text }) => [`\`${name}\``, `\`${type}\``, text]);
  return ["## Outputs in YAML and Python", table(["Output", "Type", "Meaning"], rows)];
}

const COMPONENT = "[Components](../components.md) explains how the components work together.";

const overview = (classes: readonly ResourceClass[]): string =>
  lines(
    "# Resources",
    INTRODUCTION,
    table(["Resource", "What it is"], classes.map(overviewRow)),
    `${listed(classes.filter(({ adoptable }) => !adoptable))} do not take \`adopt\`; all others do. ` +
      `${listed(classes.filter(({ get }) => get !== ""))} have a \`get\`, because other resources refer to them.`,
  );

const INTRODUCTION = `These pages are generated from the sources by \`npm run docs\`. Changing an argument that \`updates\` changes the object in place.
Changing an argument that \`replaces\` deletes the object and creates it again; a preview shows this as \`+-\`. If an argument has
both, the kernel can make some changes in place, and the preview shows which case applies.

With \`adopt: true\`, a resource takes over an existing object that does not belong to this stack; otherwise the object is an
error. The object is changed to match the arguments and is deleted with the resource. \`get\` refers to an object that the program
does not create, by its id (\`v-net-0\`, \`red/br0\`, \`red/veth-red:veth-red-br\`). It is read at each preview and never changed.

A \`Namespace\` also takes \`host\`: the [lab host](many-hosts.md) of the namespace and of all that is in it.`;

const overviewRow = (kind: ResourceClass): string[] => [`[${kind.name}](${pathOf(kind)})`, firstSentence(kind.text)];

const firstSentence = (text: string): string => (/^.*?\.(?=\s)/s.exec(text)?.[0] ?? text).replaceAll(/\s+/g, " ");

const listed = (classes: readonly ResourceClass[]): string =>
  new Intl.ListFormat("en-GB").format(classes.map(({ name }) => name));

function page(kind: ResourceClass): string {
  const { name, args, outputs, adoptable, get } = kind;
  return lines(
    ...beginning(kind),
    ...argumentTables(args, kindOf(name).schema.entries),
    ...(adoptable ? [ADOPT] : []),
    ...outputs.map(outputLine),
    ...(get === "" ? [] : [`## ${name}.get`, get]),
  );
}

const beginning = ({ name, text, example }: DocumentedClass): string[] => [
  `# ${name}`,
  text,
  `\`\`\`ts\n${example}\n\`\`\``,
];

const ADOPT = "It also takes [`adopt`](../resources.md).";

const outputLine = ({ name, text }: Member): string => `Output beside the arguments: \`${name}\`. ${text}`.trimEnd();

const lines = (...paragraphs: readonly string[]): string => `${paragraphs.join("\n\n")}\n`;
