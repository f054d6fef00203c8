import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** Returns the page of all messages: each text that the sources use as a message or as help, with its variable parts in `‹›`. */
export const messagesPage = (): string =>
  `${[INTRODUCTION, ...TOPICS.map(([title, ...files]) => section(title, files))].join("\n\n")}\n`;

const INTRODUCTION = `# Messages

This page is generated from the sources by \`npm run docs\`, so that a change of a message shows in a review. It lists the texts of errors
and warnings, and of the help below them. Parts that differ from case to case are in \`‹›\`. A failure on the lab host also
shows the command and the answer of the tool.`;

/** The topics, each with its source files. */
const TOPICS: readonly (readonly [title: string, ...files: string[]])[] = [
  ["Arguments", "provider/{schema,value,values,address-values,faults,address-faults,claims}.ts", "provider/kinds/*.ts"],
  [
    "Failures on the lab host",
    "provider/{errors,advice,ipv6-advice,no-space-advice,program-advice,sysctl-advice,permission,queued-deletes,forwarding}.ts",
  ],
  ["The plugin", "plugin/*.ts"],
  ["Stack and backend", "provider/{backend,kind-of,engine-watch,link-states}.ts", "provider/kernel/**/*.ts"],
  ["Checks", "checks/*.ts"],
  ["The SDK and its components", "sdk/*.ts", "sdk/components/*.ts", "construct/*.ts"],
  ["The command", "cli/*.ts", "sandbox/*.ts", "inspect/*.ts", "inspect/owned/*.ts", "picture/*.ts"],
  ["Traces", "inspect/trace/*.ts"],
  ["The testing library", "testing/*.ts"],
];

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

function section(title: string, patterns: readonly string[]): string {
  const files = globSync([...patterns], { cwd: ROOT }).sort();
  const texts = new Set(files.flatMap(messagesIn).filter(isSentence));
  return [`## ${title}`, [...texts].map((text) => `- ${inOneLine(text)}`).join("\n")].join("\n\n");
}

/** Returns the messages of a source file, in its order. */
function messagesIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(ROOT + file, "utf8"), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    found.push(...textsAt(node, file));
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

/** Returns the texts that a node uses as a message. */
function textsAt(node: ts.Node, file: string): string[] {
  if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
    const callee = node.expression.getText();
    return CALLEES.test(callee) ? (node.arguments ?? []).flatMap(variants) : [];
  }
  if (ts.isPropertyAssignment(node)) return PROPERTIES.has(node.name.getText()) ? variants(node.initializer) : [];
  if (!RULES.test(file)) return [];
  if (ts.isReturnStatement(node)) return node.expression === undefined ? [] : variants(node.expression);
  if (ts.isArrowFunction(node)) return variants(node);
  return ts.isArrayLiteralExpression(node) ? node.elements.slice(1).flatMap(variants) : [];
}

/** The functions that take messages: constructors of errors, and functions that join a message with its help. */
const CALLEES = /^(super|UserError|programError|withHelp|refusal|fail|(pulumi\.)?(RunError|ResourceError)|Error)$/;

const PROPERTIES = new Set(["message", "help", "why", "reason", "hint", "what", "rules"]);

/** Files whose functions return messages. */
const RULES = /(faults|advice|errors|forwarding|permission)\.ts$/;

/** Returns the possible texts of an expression, with its variable parts in `‹›`; none if the expression is not a text. */
function variants(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return variants(node.expression);
  if (ts.isIdentifier(node)) return variantsOfConstant(node);
  if (ts.isArrowFunction(node)) return ts.isBlock(node.body) ? [] : variants(node.body);
  if (ts.isConditionalExpression(node)) return [...variants(node.whenTrue), ...variants(node.whenFalse)];
  if (ts.isTemplateExpression(node))
    return node.templateSpans.reduce(
      (texts, { expression, literal }) =>
        texts.flatMap((text) => partsOf(expression).map((part) => text + part + literal.text)),
      [node.head.text],
    );
  if (!ts.isBinaryExpression(node)) return [];
  if (node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return variants(node.right);
  return partsOf(node.left).flatMap((left) => partsOf(node.right).map((right) => left + right));
}

/** Returns the texts of a constant of the same file. */
function variantsOfConstant(node: ts.Identifier): string[] {
  const declarations = node
    .getSourceFile()
    .statements.flatMap((statement) =>
      ts.isVariableStatement(statement) ? [...statement.declarationList.declarations] : [],
    );
  const value = declarations.find(({ name }) => name.getText() === node.text)?.initializer;
  return value !== undefined && ts.isStringLiteralLike(value) ? [value.text] : [];
}

/** Returns the texts of a part of a message: its own, or its name in `‹›`. */
function partsOf(node: ts.Expression): string[] {
  const texts = variants(node);
  if (texts.length > 0) return texts;
  const hasArticle = ts.isCallExpression(node) && node.expression.getText() === "withArticle";
  return [`${hasArticle ? "a " : ""}‹${nameOf(node)}›`];
}

function nameOf(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isCallExpression(node)) return nameOf(node.arguments[0] ?? node.expression);
  if (ts.isNonNullExpression(node) || ts.isParenthesizedExpression(node)) return nameOf(node.expression);
  return "…";
}

const isSentence = (text: string): boolean => /[a-z]{2,} \S/i.test(text);

const inOneLine = (text: string): string =>
  `\`${text
    .trim()
    .replaceAll("`", "'")
    .replaceAll(/\s*\n\s*/g, " / ")}\``;
