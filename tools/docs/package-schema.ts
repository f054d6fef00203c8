import { readFileSync } from "node:fs";
import { kindOf } from "../../provider/kind-of.ts";
import { defaultOf, type Field, type Fields, fieldsOf, itemFieldsOf, traitsOf } from "../../provider/schema.ts";
import { pluginTokenOf, tokenOf } from "../../provider/urn.ts";
import { withoutCycles } from "./import-order.ts";
import {
  type ArgsInterface,
  type Argument,
  argsInterface,
  type ComponentClass,
  componentClasses,
  componentsOf,
  HOST,
  type ResourceClass,
  resourceClasses,
} from "./source.ts";
import type { TypeShape } from "./type-shape.ts";
import { PER_END } from "./type-text.ts";

/** A part of Pulumi's schema of a package: https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/ */
type Json = Readonly<Record<string, unknown>>;

/**
 * Returns the package's schema, by which Pulumi checks programs in YAML and generates SDKs for other languages: texts and types are those
 * of the SDK's sources, and defaults and effects of changes those of the kinds.
 */
export function packageSchema(): string {
  const { version, description, license, keywords } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  ) as Json;
  const types = new Map<string, Json>();
  const resources = resourceClasses().map((kind): [string, Json] => [pluginTokenOf(kind.name), resource(kind, types)]);
  const components = componentClasses().flatMap((one): [string, Json][] =>
    one.outputs === undefined ? [] : [[pluginTokenOf(one.name), component(one, one.outputs, types)]],
  );
  const schema = {
    name: "netns",
    displayName: "pulumi-netns",
    version,
    description,
    keywords,
    license,
    provider: { description: "The lab host: the machine, or the sandbox, on which the engine runs." },
    ...withoutCycles(Object.fromEntries([...resources, ...components]), Object.fromEntries(types)),
    // The SDK has the version of the plugin, and pip builds it without setup.py.
    language: { python: { respectSchemaVersion: true, pyproject: { enabled: true } } },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function resource({ name, text, args, outputs, adoptable }: ResourceClass, types: Map<string, Json>): Json {
  const { entries } = kindOf(name).schema;
  const inputs = properties(args, entries, name, types);
  const extra = outputs.filter((output) => !(output.name in entries));
  const required = args.members.filter((argument) => argument.required);
  return {
    description: text,
    properties: {
      ...inputs,
      ...Object.fromEntries(extra.map((output) => [output.name, { type: "string", description: output.text }])),
    },
    required: [...args.members.filter((argument) => isAlwaysThere(argument, entries)), ...extra].map((one) => one.name),
    inputProperties: { ...inputs, ...(adoptable && { adopt: ADOPT }) },
    requiredInputs: required.map((argument) => argument.name),
    // In a state that a program in TypeScript has left.
    aliases: [{ type: tokenOf(name) }],
  };
}

function component({ name, text, args }: ComponentClass, outputs: ArgsInterface, types: Map<string, Json>): Json {
  return {
    isComponent: true,
    description: text,
    properties: componentProperties(outputs, name, types),
    required: outputs.members.map((output) => output.name),
    inputProperties: componentProperties(args, name, types),
    requiredInputs: args.members.filter((argument) => argument.required).map((argument) => argument.name),
  };
}

/** Returns the properties of a component, which the SDK checks itself. */
const componentProperties = ({ members }: ArgsInterface, kind: string, types: Map<string, Json>): Json =>
  Object.fromEntries(
    members.filter(isOfOneHost).map((member) => [
      member.name,
      {
        ...typeOf(member.shape(), { field: undefined, types, enumName: kind + capitalized(member.name) }),
        description: describe(member),
      },
    ]),
  );

/** Returns false for the arguments of labs on several hosts: the plugin reaches only the machine that it runs on. */
const isOfOneHost = ({ name }: Argument): boolean => ![HOST, "spans", "vni"].includes(name);

const ADOPT: Json = {
  type: "boolean",
  description:
    "Whether to take over an existing object that does not belong to this stack. Without it, an existing object is an error. Default: false.",
};

function properties(args: ArgsInterface, entries: Fields, kind: string, types: Map<string, Json>): Json {
  return Object.fromEntries(
    args.members.filter(isOfProvider).map((argument) => {
      const field = entries[argument.name];
      if (field === undefined) throw new Error(`${kind} has no argument ${argument.name} in the provider's schema`);
      const { replaces, secret } = isGroup(field) ? {} : traitsOf(field);
      return [
        argument.name,
        {
          ...typeOf(argument.shape(), { field, types, enumName: kind + capitalized(argument.name) }),
          description: describe(argument),
          ...(isConstant(defaultOf(field)) && { default: defaultOf(field) }),
          ...(replaces === true && { willReplaceOnChanges: true }),
          ...(secret === true && { secret: true }),
        },
      ];
    }),
  );
}

interface TypeContext {
  readonly field: Field | undefined;
  readonly types: Map<string, Json>;
  /** The name of the type, if it is a list of words. */
  readonly enumName: string;
}

function typeOf(shape: TypeShape, context: TypeContext): Json {
  switch (shape.kind) {
    case "words":
      return reference(context.enumName, context.types, () => ({
        type: "string",
        enum: shape.words.map((value) => ({ value })),
      }));
    case "list":
      return { type: "array", items: typeOf(shape.of, context) };
    case "map":
      return { type: "object", additionalProperties: typeOf(shape.of, context) };
    case "either": {
      // A group may have the name that the list of words beside it would have.
      const hasGroup = shape.of.some(({ kind }) => kind === "group");
      const own = hasGroup ? { ...context, enumName: `${context.enumName}Preset` } : context;
      const types = shape.of.flatMap((one) => alternatives(typeOf(one, own)));
      // Pulumi's SDK for Python refuses a list where the type is a choice.
      return types.some(({ type }) => type === "array") ? { $ref: "pulumi.json#/Any" } : { oneOf: types };
    }
    case "component": {
      const references = componentsOf(shape.type).map((name) => ({ $ref: `#/resources/${pluginTokenOf(name)}` }));
      return references.length === 1 ? (references[0] ?? {}) : { oneOf: references };
    }
    case "group": {
      const group = argsInterface(shape.type);
      // The two ends of a link have types of their own, which depend on the argument.
      const name = group.name === PER_END ? context.enumName : group.name.replace(/Args$/, "");
      const entries = (context.field && (fieldsOf(context.field) ?? itemFieldsOf(context.field))) ?? {};
      return reference(name, context.types, () => ({
        type: "object",
        description: group.text,
        properties: context.field
          ? properties(group, entries, name, context.types)
          : componentProperties(group, name, context.types),
        required: group.members.filter(({ required }) => required).map((argument) => argument.name),
      }));
    }
    case "object":
      return { $ref: "pulumi.json#/Any" };
    default:
      return { type: shape.kind };
  }
}

/** Returns the types of a choice, of which each is one itself. */
const alternatives = (type: Json): Json[] => ("oneOf" in type ? (type["oneOf"] as Json[]) : [type]);

/** Returns a reference to a type of the package, which is added if the package does not have it yet. */
function reference(name: string, types: Map<string, Json>, type: () => Json): Json {
  const token = pluginTokenOf(name);
  if (!types.has(token)) types.set(token, type());
  return { $ref: `#/types/${token}` };
}

const describe = ({ text, default: otherwise }: Argument): string =>
  otherwise === "" ? text : `${text} Default: ${otherwise}.`;

/** Returns true for an argument that an object has whether a program gives it or not. */
const isAlwaysThere = ({ name, required }: Argument, entries: Fields): boolean =>
  required || name === "name" || (entries[name] !== undefined && defaultOf(entries[name]) !== undefined);

/** Returns true unless only the SDK has the argument, as a shorthand for another one. */
const isOfProvider = ({ name, sets }: Argument): boolean => name === sets;

const isGroup = (field: Field): boolean => fieldsOf(field) !== undefined;

const isConstant = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
