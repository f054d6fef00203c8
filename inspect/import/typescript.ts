import { sysctl } from "../../provider/kinds/sysctl.ts";
import { SecretValue } from "./found.ts";
import { type Declared, Reference, secretsOf, type Value } from "./references.ts";

/** Returns a program in TypeScript with resources that take their objects over. */
export function typescriptProgram(resources: readonly Declared[]): string {
  const kinds = [...new Set(resources.map(({ object }) => object.kind))].sort();
  const identifiers = new Map(resources.map(({ name }) => [name, identifier(name)]));
  const used = new Set(resources.flatMap(({ args }) => referencesIn(args)));
  const statements = resources.map(({ object, name, args }) => {
    const all = { ...args, ...(isAdoptable(object.kind) && { adopt: true }) };
    const declaration = used.has(name) ? `const ${identifiers.get(name)} = ` : "";
    return `${declaration}new ${object.kind}(${JSON.stringify(name)}, ${text(all, identifiers, "")});`;
  });
  const hasSecrets = secretsOf(resources).length > 0;
  const imports = [
    ...(hasSecrets ? [`import * as pulumi from "@pulumi/pulumi";`] : []),
    `import { ${kinds.join(", ")} } from "pulumi-netns";`,
  ];
  const config = hasSecrets ? "const config = new pulumi.Config();\n" : "";
  return `${imports.join("\n")}\n\n${config}${statements.join("\n")}\n`;
}

/** Returns whether a kind takes over existing objects only with `adopt`: a setting has no owner, and needs none. */
const isAdoptable = (kind: string): boolean => kind !== sysctl.type;

function text(value: Value, identifiers: ReadonlyMap<string, string>, indent: string): string {
  if (value instanceof Reference)
    return `${identifiers.get(value.name)}${value.end === undefined ? "" : `.${value.end}`}`;
  if (value instanceof SecretValue) return `config.requireSecret(${JSON.stringify(value.key)})`;
  if (Array.isArray(value)) return `[${value.map((one) => text(one as Value, identifiers, indent)).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}  `;
  const entries = Object.entries(value).map(
    ([key, one]) =>
      `${inner}${/^[a-z]\w*$/i.test(key) ? key : JSON.stringify(key)}: ${text(one, identifiers, inner)},\n`,
  );
  return `{\n${entries.join("")}${indent}}`;
}

const referencesIn = (value: Value): string[] => {
  if (value instanceof SecretValue) return [];
  if (value instanceof Reference) return [value.name];
  return typeof value === "object" ? Object.values(value).flatMap((inner) => referencesIn(inner)) : [];
};

/** Returns a name as an identifier: `v-net-0` becomes `vNet0`. */
function identifier(name: string): string {
  const joined = name.replaceAll(/[^a-zA-Z0-9]+(.?)/g, (_, next: string) => next.toUpperCase());
  return /^[a-z]/i.test(joined) && !RESERVED.has(joined) ? joined : `_${joined}`;
}

/** The words of TypeScript that a name in a lab may be. */
const RESERVED: ReadonlySet<string> = new Set(
  "break case catch class const continue default delete do else enum export extends false finally for function if import in new null return super switch this throw true try typeof var void while with let static yield await".split(
    " ",
  ),
);
