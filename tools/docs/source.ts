import { readFileSync } from "node:fs";
import { basename } from "node:path";
import ts from "typescript";
import { docIfAny, docOf, where } from "./jsdoc.ts";

/** A resource class, as the sources of the SDK tell of it. */
export interface ResourceClass {
  readonly name: string;
  readonly text: string;
  readonly example: string;
  readonly args: ArgsInterface;
  /** The outputs that are not arguments as well. */
  readonly outputs: readonly Member[];
  /** Whether it takes `adopt`. */
  readonly adoptable: boolean;
  /** What its static `get` says of itself; empty when it has none. */
  readonly get: string;
}

export interface ArgsInterface {
  readonly name: string;
  readonly text: string;
  readonly members: readonly Argument[];
  /** The interfaces that it extends. */
  readonly bases: readonly string[];
}

export interface Member {
  readonly name: string;
  readonly text: string;
}

export interface Argument extends Member {
  /** The type as it is written, without `pulumi.Input`. */
  readonly type: string;
  /** The interface that the type is, when the argument is a group of arguments. */
  readonly group: ArgsInterface | undefined;
  readonly required: boolean;
  /** What it is when it is left out; empty when the sources name nothing. */
  readonly default: string;
}

/** The classes that the SDK exports, in its order. */
export function resourceClasses(): ResourceClass[] {
  const exports = parse("./index.ts").statements.filter(ts.isExportDeclaration);
  return exports.flatMap(({ exportClause, moduleSpecifier }) => {
    if (!exportClause || !ts.isNamedExports(exportClause) || !moduleSpecifier || !ts.isStringLiteral(moduleSpecifier))
      return [];
    const classes = parse(moduleSpecifier.text).statements.filter(ts.isClassDeclaration);
    return exportClause.elements.flatMap(({ name: { text } }) =>
      classes.filter(({ name }) => name?.text === text).map((declaration) => resourceClass(text, declaration)),
    );
  });
}

function parse(module: string): ts.SourceFile {
  const source = readFileSync(new URL(module, SDK), "utf8");
  // The nodes are asked for their text and their file, which takes links to their parents.
  return ts.createSourceFile(`sdk/${basename(module)}`, source, ts.ScriptTarget.Latest, true);
}

const SDK = new URL("../../sdk/", import.meta.url);

function resourceClass(name: string, declaration: ts.ClassDeclaration): ResourceClass {
  const { text, tags } = docOf(declaration);
  const example = tags.get("example");
  if (example === undefined) throw new Error(`${where(declaration)}: ${name} has no @example`);
  const args = argsInterface(declaration.getSourceFile(), `${name}Args`);
  if (args === undefined) throw new Error(`${where(declaration)}: ${name} has no interface ${name}Args beside it`);
  const adoptable = args.bases.includes("Adoptable");
  return { name, text, example, args, outputs: outputs(declaration, args), adoptable, get: getter(declaration) };
}

function argsInterface(file: ts.SourceFile, name: string): ArgsInterface | undefined {
  const declaration = file.statements.filter(ts.isInterfaceDeclaration).find((other) => other.name.text === name);
  if (declaration === undefined) return undefined;
  const members = declaration.members.filter(ts.isPropertySignature).map(argument);
  const bases = declaration.heritageClauses?.flatMap(({ types }) => types.map((type) => type.getText())) ?? [];
  return { name, text: docOf(declaration).text, members, bases };
}

function argument(property: ts.PropertySignature): Argument {
  const { text, tags } = docOf(property);
  const type = typeText(property.type);
  return {
    name: property.name.getText(),
    text: oneLine(text),
    type,
    group: argsInterface(property.getSourceFile(), type),
    required: property.questionToken === undefined,
    default: oneLine(tags.get("default") ?? ""),
  };
}

function typeText(type: ts.TypeNode | undefined): string {
  const isInput = type && ts.isTypeReferenceNode(type) && type.typeName.getText() === "pulumi.Input";
  return withoutInputs(oneLine((isInput ? type.typeArguments?.[0] : type)?.getText() ?? ""));
}

// From the inside out, as one may be in another.
function withoutInputs(text: string): string {
  const less = text.replaceAll(/pulumi\.Input<([^<>]+)>/g, "$1");
  return less === text ? text : withoutInputs(less);
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ");

function outputs(declaration: ts.ClassDeclaration, { members }: ArgsInterface): Member[] {
  return declaration.members
    .filter(ts.isPropertyDeclaration)
    .filter((property) => !members.some(({ name }) => name === property.name.getText()))
    .map((property) => ({ name: property.name.getText(), text: oneLine(docIfAny(property).text) }));
}

function getter(declaration: ts.ClassDeclaration): string {
  const get = declaration.members.filter(ts.isMethodDeclaration).find(({ name }) => name.getText() === "get");
  return get === undefined ? "" : docOf(get).text;
}
