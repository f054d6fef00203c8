import { fileURLToPath } from "node:url";
import ts from "typescript";
import { docIfAny, docOf, where } from "./jsdoc.ts";
import { type TypeShape, typeShape } from "./type-shape.ts";
import { groupsIn, typeText } from "./type-text.ts";

/** A class that a program can construct, as the sources of the SDK describe it. */
export interface DocumentedClass {
  readonly name: string;
  readonly text: string;
  readonly example: string;
  readonly args: ArgsInterface;
}

export interface ResourceClass extends DocumentedClass {
  /** The outputs that are not also arguments. */
  readonly outputs: readonly Member[];
  /** Whether it supports `adopt`. */
  readonly adoptable: boolean;
  /** The JSDoc of its static `get`; empty if it has none. */
  readonly get: string;
}

export interface ArgsInterface {
  readonly name: string;
  readonly text: string;
  readonly members: readonly Argument[];
}

export interface Member {
  readonly name: string;
  readonly text: string;
}

export interface Argument extends Member {
  /** The type of the argument's value, without `pulumi.Input`. */
  readonly type: string;
  /** Returns the shape of the type, for the package's schema. */
  readonly shape: () => TypeShape;
  /** The groups of arguments in the type. */
  readonly groups: readonly ArgsInterface[];
  readonly required: boolean;
  /** The default value; empty if the sources name none. */
  readonly default: string;
  /** The argument of the provider that this one stands for; it is the argument itself unless the sources name another. */
  readonly sets: string;
}

/** Returns the resources that the SDK exports, in its order. */
export function resourceClasses(): ResourceClass[] {
  const components = new Set(exported("components/index.ts"));
  return exported("index.ts")
    .filter((declaration) => !components.has(declaration))
    .map((declaration) => {
      const documented = documentedClass(declaration);
      const { members } = documented.args;
      return {
        ...documented,
        args: { ...documented.args, members: members.filter(({ name }) => name !== ADOPT && name !== HOST) },
        outputs: outputs(declaration, members),
        adoptable: members.some(({ name }) => name === ADOPT),
        get: getter(declaration),
      };
    });
}

export interface ComponentClass extends DocumentedClass {
  /** The values that programs in other languages can refer to; undefined for a class that only programs in TypeScript have. */
  readonly outputs: ArgsInterface | undefined;
}

/** Returns the components that the SDK exports, and the classes that belong to them. */
export const componentClasses = (): ComponentClass[] =>
  exported("components/index.ts").map((declaration) => {
    const outputs = outputsType(checker.getTypeAtLocation(declaration));
    return { ...documentedClass(declaration), outputs: outputs && argsInterface(outputs) };
  });

/** Returns the names of the components that are instances of a class. */
export const componentsOf = (type: ts.Type): string[] =>
  exported("components/index.ts")
    .map((declaration) => ({ name: declaration.name?.text ?? "", own: checker.getTypeAtLocation(declaration) }))
    .filter(({ own }) => outputsType(own) !== undefined && checker.isTypeAssignableTo(own, type))
    .map(({ name }) => name);

/** Returns the interface of the outputs of a component, with which its class extends that of all components; undefined for another class. */
function outputsType(type: ts.Type): ts.Type | undefined {
  const [base] = type.isClassOrInterface() ? checker.getBaseTypes(type) : [];
  const isGeneric = base !== undefined && GENERIC.has(base.symbol.name);
  const [outputs] = isGeneric ? checker.getTypeArguments(base as ts.TypeReference) : [];
  return outputs ?? (base && outputsType(base));
}

/** The base classes whose type argument is the interface of the outputs. */
const GENERIC: ReadonlySet<string> = new Set(["Component", "Bridged"]);

/** Every link and namespace has this argument, so the page of all resources describes it once. */
const ADOPT = "adopt";

/** The lab host of a namespace, which the SDK passes on to all objects in it. The page of all resources describes it. */
export const HOST = "host";

const SDK = fileURLToPath(new URL("../../sdk/", import.meta.url));

// Created when the module is loaded, because it takes a second and all pages use it.
const program = programOf(fileURLToPath(new URL("../../tsconfig.build.json", import.meta.url)));
const checker = program.getTypeChecker();

function programOf(config: string): ts.Program {
  const read = ts.getParsedCommandLineOfConfigFile(
    config,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
  );
  if (read === undefined) throw new Error(`${config} cannot be read`);
  return ts.createProgram([`${SDK}index.ts`], read.options);
}

function fail({ messageText }: ts.Diagnostic): never {
  throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** Returns the exported classes of a module that a program can construct: an abstract class is only a base class. */
function exported(index: string): ts.ClassDeclaration[] {
  const file = program.getSourceFile(SDK + index);
  const module = file && checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`sdk/${index} is no module`);
  return checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .flatMap(({ declarations = [] }) => declarations.filter(ts.isClassDeclaration))
    .filter(({ modifiers = [] }) => !modifiers.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword));
}

function documentedClass(declaration: ts.ClassDeclaration): DocumentedClass {
  const name = declaration.name?.text ?? "";
  const { text, tags } = docOf(declaration);
  const example = tags.get("example");
  if (example === undefined) throw new Error(`${where(declaration)}: ${name} has no @example`);
  return { name, text, example, args: classArgs(declaration) };
}

/** Returns the arguments of a class: those of its constructor's second parameter, as in `new Bridge(name, args, opts)`. */
function classArgs(declaration: ts.ClassDeclaration): ArgsInterface {
  const type = declaration.members.find(ts.isConstructorDeclaration)?.parameters[1]?.type;
  if (type === undefined || !ts.isTypeReferenceNode(type))
    throw new Error(`${where(declaration)} has no constructor that takes an interface of arguments`);
  // The name that the class uses, which may be an alias of an interface that several classes share.
  return { ...argsInterface(checker.getTypeFromTypeNode(type)), name: type.typeName.getText() };
}

/** Returns the arguments of an interface. */
export const argsInterface = (type: ts.Type): ArgsInterface => ({
  name: type.symbol.name,
  text: docOf(declarationOf(type.symbol)).text,
  members: checker.getPropertiesOfType(type).map(argument),
});

function argument(property: ts.Symbol): Argument {
  const declaration = declarationOf(property);
  const { text, tags } = docOf(declaration);
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(property));
  const groups = new Map(groupsIn(type, checker).map((group) => [group.symbol, argsInterface(group)]));
  return {
    name: property.name,
    text: oneLine(text),
    type: typeText(property, checker),
    shape: () => typeShape(property, checker),
    groups: [...groups.values()],
    required: !(property.flags & ts.SymbolFlags.Optional),
    default: oneLine(tags.get("default") ?? ""),
    sets: tags.get("shorthand") ?? property.name,
  };
}

function outputs(declaration: ts.ClassDeclaration, args: readonly Member[]): Member[] {
  return checker
    .getPropertiesOfType(checker.getTypeAtLocation(declaration))
    .filter(({ name, flags }) => flags & ts.SymbolFlags.Property && !args.some((argument) => argument.name === name))
    .map((property) => ({ name: property.name, declaration: declarationOf(property) }))
    .filter(({ declaration }) => declaration.getSourceFile().fileName.startsWith(SDK))
    .map(({ name, declaration }) => ({ name, text: oneLine(docIfAny(declaration).text) }));
}

function getter(declaration: ts.ClassDeclaration): string {
  const symbol = declaration.name && checker.getSymbolAtLocation(declaration.name);
  const get = symbol && checker.getTypeOfSymbol(symbol).getProperty("get")?.valueDeclaration;
  return get === undefined ? "" : docOf(get).text;
}

function declarationOf({ name, declarations }: ts.Symbol): ts.Declaration {
  const [first] = declarations ?? [];
  if (first === undefined) throw new Error(`${name} has no declaration`);
  return first;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ");
