import * as kinds from "../../provider/kinds/index.ts";
import type { Fields } from "../../provider/schema.ts";
import { type Member, type ResourceClass, resourceClasses } from "./source.ts";
import { argumentTables } from "./tables.ts";

/** The text of docs/resources.md. */
export const resourcesPage = (): string => `${[INTRODUCTION, ...resourceClasses().map(section)].join("\n\n")}\n`;

const INTRODUCTION = `# Resources

This page is generated from the sources by \`npm run docs\`. A change of an argument that \`updates\` is made in place.
A change of one that \`replaces\` deletes the object first and then makes it anew; a preview shows it as \`+-\`.

Every resource but NatRule and Sysctl also takes \`adopt: true\`: an object that is there already and is not this stack's
is then taken over instead of refused. It is brought to what the program says, and goes with the resource.

\`Namespace.get\`, \`Bridge.get\` and \`Veth.get\` refer to an object that the program does not make, by its id
(\`v-net-0\`, \`red/br0\`, \`red/veth-red:veth-red-br\`). It is read at each preview and never changed.`;

const section = ({ name, text, example, args, outputs }: ResourceClass): string =>
  [
    `## ${name}`,
    text,
    `\`\`\`ts\n${example}\n\`\`\``,
    ...argumentTables(args, fieldsOfKind(name)),
    ...outputs.map(outputLine),
  ].join("\n\n");

function fieldsOfKind(type: string): Fields {
  const kind = Object.values(kinds).find((kind) => kind.type === type);
  if (kind === undefined) throw new Error(`the SDK exports ${type}, and the provider has no such kind`);
  return kind.schema.entries;
}

const outputLine = ({ name, text }: Member): string => `Output beside the arguments: \`${name}\`. ${text}`.trimEnd();
