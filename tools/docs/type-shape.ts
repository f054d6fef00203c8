import ts from "typescript";
import { isLater, symbolOf, typeText } from "./type-text.ts";

/** The values that a program may give for an argument, without those of other resources, for which a program in YAML gives names. */
export type TypeShape =
  | { readonly kind: "string" | "number" | "boolean" }
  /** An object without a name of its own, which the provider checks. */
  | { readonly kind: "object" }
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "list" | "map"; readonly of: TypeShape }
  | { readonly kind: "either"; readonly of: readonly TypeShape[] }
  | { readonly kind: "group"; readonly type: ts.Type }
  /** A component. */
  | { readonly kind: "component"; readonly type: ts.Type };

/**
 * Returns the shape of a property's type.
 *
 * @throws Error if the type has values that cannot be written in YAML.
 */
export function typeShape(property: ts.Symbol, checker: ts.TypeChecker): TypeShape {
  const order = typeText(property, checker);
  return shape(checker.getNonNullableType(checker.getTypeOfSymbol(property)));

  function shape(type: ts.Type): TypeShape {
    const all = type.isUnion() ? type.types : [type];
    const members = all.filter(
      (member) => !isLater(member) && !(member.flags & UNDEFINED) && (isComponent(member) || !isOfProgram(member)),
    );
    const words = members.flatMap((member) => (member.isStringLiteral() ? [member.value] : []));
    const others = members.flatMap((member) => (member.isStringLiteral() ? [] : [single(member)]));
    const kinds = [
      ...(words.length > 0 ? [{ kind: "words", words: words.toSorted(byOrder) } as const] : []),
      ...others,
    ];
    const distinct = kinds.filter((one, index) => kinds.findIndex((other) => isSame(one, other)) === index);
    const [first, ...more] = distinct;
    if (first === undefined) throw new Error(`${property.name}: ${order} has no value that is not a resource`);
    return more.length === 0 ? first : { kind: "either", of: distinct };
  }

  function single(type: ts.Type): TypeShape {
    if (type.flags & ts.TypeFlags.String) return { kind: "string" };
    if (type.flags & ts.TypeFlags.Number) return { kind: "number" };
    if (type.flags & ts.TypeFlags.BooleanLike) return { kind: "boolean" };
    if (type.flags & ts.TypeFlags.TypeParameter) return shape(checker.getBaseConstraintOfType(type) ?? type);
    const [element] = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference) : [];
    if (element !== undefined) return { kind: "list", of: shape(element) };
    const values = checker.getIndexInfoOfType(type, ts.IndexKind.String)?.type;
    if (values !== undefined) return { kind: "map", of: shape(values) };
    if (isComponent(type)) return { kind: "component", type };
    if (isInterface(type)) return { kind: "group", type };
    if (symbolOf(type)?.name === ANONYMOUS) return { kind: "object" };
    throw new Error(`${property.name}: the schema has no word for ${checker.typeToString(type)}`);
  }

  /** Returns true for a value that only a program can have: an object of a class, or an interface of a resource, which has outputs. */
  function isOfProgram(type: ts.Type): boolean {
    const members = checker.getPropertiesOfType(type);
    return (
      type.isClass() ||
      (Boolean(type.flags & ts.TypeFlags.Object) &&
        members.some((one) => checker.getTypeOfSymbol(one).aliasSymbol?.name === "Output"))
    );
  }

  function byOrder(one: string, other: string): number {
    return order.indexOf(`"${one}"`) - order.indexOf(`"${other}"`);
  }
}

/** Returns true for a class of components, all of which extend another class. */
export const isComponent = (type: ts.Type): boolean =>
  type.isClass() || isReferenceToClass(type) ? declarationsOf(type).some(isComponentClass) : false;

const isComponentClass = (declaration: ts.Declaration): boolean =>
  ts.isClassDeclaration(declaration) &&
  declaration.heritageClauses !== undefined &&
  declaration.getSourceFile().fileName.includes("/sdk/components/");

/** Returns true for an interface with a name, which is a type of the schema. */
const isInterface = (type: ts.Type): boolean => Boolean((symbolOf(type)?.flags ?? 0) & ts.SymbolFlags.Interface);

const isReferenceToClass = (type: ts.Type): boolean => Boolean((symbolOf(type)?.flags ?? 0) & ts.SymbolFlags.Class);

const declarationsOf = (type: ts.Type): readonly ts.Declaration[] => symbolOf(type)?.declarations ?? [];

/** The name that the compiler gives to an object type without one. */
const ANONYMOUS = "__type";

const UNDEFINED = ts.TypeFlags.Undefined | ts.TypeFlags.Null;

const isSame = (one: TypeShape, other: TypeShape): boolean =>
  one === other || (one.kind === other.kind && ["string", "number", "boolean", "object"].includes(one.kind));
