import ts from "typescript";

/**
 * The type of a property as a table of arguments shows it: the values that a program may give. `pulumi.Input<string>` is
 * then `string`, and an interface that is only the shape of a literal is that shape.
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
    if (!isLiteralShape(type, checker)) return checker.typeToString(type);
    const members = checker
      .getPropertiesOfType(type)
      .map((one) => `${one.name}: ${text(checker.getTypeOfSymbol(one))}`);
    return `{ ${members.join(", ")} }`;
  }
}

/**
 * The literals that the type of a declaration names, in the order in which they are written: the checker puts the members of
 * a union in the order in which it has come across them anywhere.
 */
function literalsIn(node: ts.Node, checker: ts.TypeChecker): string[] {
  if (ts.isLiteralTypeNode(node)) return [node.getText()];
  const alias = ts.isTypeReferenceNode(node) ? checker.getTypeFromTypeNode(node).aliasSymbol?.declarations : undefined;
  return [...node.getChildren(), ...(alias ?? [])].flatMap((one) => literalsIn(one, checker));
}

/** Whether a member of a union is a value that comes later, as each `pulumi.Input` may. */
const isLater = (type: ts.Type): boolean => LATER.has(symbolOf(type)?.name ?? "");

const LATER: ReadonlySet<string> = new Set(["Promise", "OutputInstance"]);

/** The symbol of a type; a primitive type has none, of which its declaration says nothing. */
export const symbolOf = (type: ts.Type): ts.Symbol | undefined => type.symbol;

function union(members: readonly string[], order: readonly string[]): string {
  const whole = members.includes("true") && members.includes("false");
  const texts = whole ? ["boolean", ...members.filter((member) => !/^(true|false)$/.test(member))] : members;
  return texts.toSorted((one, other) => order.indexOf(one) - order.indexOf(other)).join(" | ");
}

const array = (element: string): string => (element.includes(" | ") ? `(${element})[]` : `${element}[]`);

/** Whether it is an interface of plain values, and not of outputs: a program has those, and does not write them. */
const isLiteralShape = (type: ts.Type, checker: ts.TypeChecker): boolean =>
  Boolean((symbolOf(type)?.flags ?? 0) & ts.SymbolFlags.Interface) &&
  checker.getPropertiesOfType(type).every((one) => checker.getTypeOfSymbol(one).aliasSymbol?.name !== "Output");
