import { globSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";

/** Returns the places in a source at which a matcher of whole values gets a property that is a regular expression. */
function regularExpressions(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const look = (node: ts.Node, inMatcher: boolean): void => {
    if (inMatcher && ts.isPropertyAssignment(node) && ts.isRegularExpressionLiteral(node.initializer))
      found.push(`${file}: ${node.getText()}`);
    ts.forEachChild(node, (child) => look(child, inMatcher || isMatcher(node)));
  };
  look(source, false);
  return found;
}

const isMatcher = (node: ts.Node): boolean =>
  ts.isCallExpression(node) &&
  ts.isPropertyAccessExpression(node.expression) &&
  /^to(MatchObject|Equal|StrictEqual)$/.test(node.expression.name.text);

// Vitest finds every value equal to a regular expression in a property, so that such a test could not fail.
test("the tests match texts in objects with expect.stringMatching()", () => {
  expect(regularExpressions("x", 'expect(a).toEqual({ b: [{ c: /d/, e: "f" }] });')).toEqual(["x: c: /d/"]);
  const files = globSync("{test,tools}/**/*.ts").map((file) => [file, readFileSync(file, "utf8")] as const);
  const suspects = files.filter(([, text]) => /: \//.test(text) && /\.to(MatchObject|Equal|StrictEqual)\(/.test(text));
  expect(suspects.length).toBeGreaterThan(5);
  expect(suspects.flatMap(([file, text]) => regularExpressions(file, text))).toEqual([]);
});
