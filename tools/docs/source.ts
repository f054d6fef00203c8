import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { docIfAny, docOf, where } from "./jsdoc.ts";

/** A class that a program makes, as the sources of the SDK tell of it. */
export interface DocumentedClass {
  readonly name: string;
  readonly text: string;
  readonly example: string;
  readonly args: ArgsInterface;
}

export interface ResourceClass extends DocumentedClass {
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

/** The resources that the SDK exports, in its order. */
export const resourceClasses = (): ResourceClass[] =>
  exported("./index.ts").map((declaration) => {
    const documented = documentedClass(declaration);
    const adoptable = documented.args.bases.includes("Adoptable");
    return { ...documented, outputs: outputs(declaration, documented.args), adoptable, get: getter(declaration) };
  });

/** The components that it exports; what is only their base has no example. */
export const componentClasses = (): DocumentedClass[] =>
  exported("./components/index.ts")
    .filter(({ modifiers = [] }) => !modifiers.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword))
    .map((declaration) => {
      const documented = documentedClass(declaration);
      const inherited = documented.args.bases.flatMap(
        (base) => argsInterface(declaration.getSourceFile(), base)?.members ?? [],
      );
      return { ...documented, args: { ...documented.args, members: [...inherited, ...documented.args.members] } };
    });

function exported(index: string): ts.ClassDeclaration[] {
  return parse(index)
    .statements.filter(ts.isExportDeclaration)
    .flatMap(({ exportClause, moduleSpecifier }) => {
      if (!exportClause || !ts.isNamedExports(exportClause) || !moduleSpecifier || !ts.isStringLiteral(moduleSpecifier))
        return [];
      const names = exportClause.elements.map(({ name: { text } }) => text);
      const classes = parse(join(dirname(index), moduleSpecifier.text)).statements.filter(ts.isClassDeclaration);
      return classes.filter(({ name }) => name !== undefined && names.includes(name.text));
    });
}

function parse(module: string): ts.SourceFile {
  const source = readFileSync(new URL(module, SDK), "utf8");
  // The nodes are asked for their text and their file, which takes links to their parents.
  return ts.createSourceFile(join("sdk", module), source, ts.ScriptTarget.Latest, true);
}

const SDK = new URL("../../sdk/", import.meta.url);

function documentedClass(declaration: ts.ClassDeclaration): DocumentedClass {
  const name = declaration.name?.text ?? "";
  const { text, tags } = docOf(declaration);
  const example = tags.get("example");
  if (example === undefined) throw new Error(`${where(declaration)}: ${name} has no @example`);
  const args = argsInterface(declaration.getSourceFile(), `${name}Args`);
  if (args === undefined) throw new Error(`${where(declaration)}: ${name} has no interface ${name}Args beside it`);
  return { name, text, example, args };
}

function argsInterface(file: ts.SourceFile, name: string): ArgsInterface | undefined {
  const declaration = interfaceOf(file, name);
  if (declaration === undefined) return undefined;
  const members = declaration.members.filter(ts.isPropertySignature).map(argument);
  const bases = declaration.heritageClauses?.flatMap(({ types }) => types.map((type) => type.getText())) ?? [];
  return { name, text: docOf(declaration).text, members, bases };
}

/** The interface that a name stands for in a file: one of its own, another name of one, or one that it imports. */
function interfaceOf(file: ts.SourceFile, name: string): ts.InterfaceDeclaration | undefined {
  for (const statement of file.statements) {
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === name) return statement;
    if (ts.isTypeAliasDeclaration(statement) && statement.name.text === name)
      return interfaceOf(file, statement.type.getText());
    if (ts.isImportDeclaration(statement) && imports(statement, name)) {
      const { text } = statement.moduleSpecifier as ts.StringLiteral;
      return interfaceOf(parse(relative("sdk", join(dirname(file.fileName), text))), name);
    }
  }
  return undefined;
}

function imports({ importClause, moduleSpecifier }: ts.ImportDeclaration, name: string): boolean {
  const names = importClause?.namedBindings;
  const ours = ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text.startsWith(".");
  return (
    ours && names !== undefined && ts.isNamedImports(names) && names.elements.some((one) => one.name.text === name)
  );
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
