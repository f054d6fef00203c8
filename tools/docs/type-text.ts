import ts from "typescript";

/**
 * Returns the type of a property for a table of arguments: the values that a program may give. `pulumi.Input<string>`
 * becomes `string`. A group of arguments has a table of its own, so that the type contains only its name.
 */
export function typeText(property: ts.Symbol, checker: ts.TypeChecker): string {
  const order = (property.declarations ?? []).flatMap((declaration) => literalsIn(declaration, checker));
  return text(checker.getNonNullableType(checker.getTypeOfSymbol(property)));

  function text(type: ts.Type): string {
    if (type.isUnion()) return union(type.types.filter((member) => !isLater(member)).map(text), order);
    if (type.flags & ts.TypeFlags.TypeParameter) return text(checker.getBaseConstraintOfType(type) ?? type);
    const [element] = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference) : [];
    if (element !== undefined) return array(text(element));
    const { aliasSymbol, aliasTypeArguments = [] } = type;
    if (aliasSymbol && aliasTypeArguments.length > 0)
      return `${aliasSymbol.name}<${aliasTypeArguments.map(text).join(", ")}>`;
    if (isGroup(type, checker)) return type.symbol.name;
    if (symbolOf(type)?.name !== PER_END) return checker.typeToString(type);
    const members = checker
      .getPropertiesOfType(type)
      .map((one) => `${one.name}: ${text(checker.getTypeOfSymbol(one))}`);
    return `{ ${members.join(", ")} }`;
  }
}

/**
 * Returns the literals in the type of a declaration, in source order: the type checker orders the members of a union by their
 * first occurrence anywhere in the program.
 */
function literalsIn(node: ts.Node, checker: ts.TypeChecker): string[] {
  if (ts.isLiteralTypeNode(node)) return [node.getText()];
  const alias = ts.isTypeReferenceNode(node) ? checker.getTypeFromTypeNode(node).aliasSymbol?.declarations : undefined;
  return [...node.getChildren(), ...(alias ?? [])].flatMap((one) => literalsIn(one, checker));
}

/** Returns the groups of arguments in a type: the interfaces of plain values, such as the end of a veth pair. */
export function groupsIn(type: ts.Type, checker: ts.TypeChecker): ts.Type[] {
  if (type.isUnion()) return type.types.filter((member) => !isLater(member)).flatMap((one) => groupsIn(one, checker));
  if (isGroup(type, checker)) return [type];
  const { aliasTypeArguments = [] } = type;
  const parts =
    checker.isArrayType(type) || symbolOf(type)?.name === PER_END
      ? checker.getTypeArguments(type as ts.TypeReference)
      : aliasTypeArguments;
  return parts.flatMap((one) => groupsIn(one, checker));
}

/** The interface of a value for each end of a link, whose type is given in full. */
export const PER_END = "PerEnd";

/** Returns true if a member of a union is a value that is resolved later, as in every `pulumi.Input`. */
export const isLater = (type: ts.Type): boolean => LATER.has(symbolOf(type)?.name ?? "");

const LATER: ReadonlySet<string> = new Set(["Promise", "OutputInstance"]);

/** Returns the symbol of a type; undefined for a primitive type, although the declared type does not include that. */
export const symbolOf = (type: ts.Type): ts.Symbol | undefined => type.symbol;

function union(members: readonly string[], order: readonly string[]): string {
  const whole = members.includes("true") && members.includes("false");
  const texts = whole ? ["boolean", ...members.filter((member) => !/^(true|false)$/.test(member))] : members;
  const sorted = texts.toSorted((one, other) => order.indexOf(one) - order.indexOf(other));
  const values = sorted.filter((text) => !text.endsWith("[]"));
  const isValueOrList = values.length > 1 && sorted.length === values.length + 1;
  return isValueOrList ? `${values.join(" | ")}, or a list` : sorted.join(" | ");
}

const array = (element: string): string => (element.includes(" | ") ? `(${element})[]` : `${element}[]`);

/** Returns true for an interface of plain values. A program receives interfaces of outputs, and does not write them as literals. */
const isGroup = (type: ts.Type, checker: ts.TypeChecker): boolean =>
  Boolean((symbolOf(type)?.flags ?? 0) & ts.SymbolFlags.Interface) &&
  !checker.isArrayType(type) &&
  type.symbol.name !== PER_END &&
  checker.getPropertiesOfType(type).every((one) => checker.getTypeOfSymbol(one).aliasSymbol?.name !== "Output");
