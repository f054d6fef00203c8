import { relative } from "node:path";
import { cwd } from "node:process";
import ts from "typescript";

/** The contents of a JSDoc comment, as Markdown. */
export interface Doc {
  readonly text: string;
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * Returns the JSDoc of a declaration that must have one, because the page has no other source of text.
 *
 * @throws Error if it has none.
 */
export function docOf(declaration: ts.Node): Doc {
  const doc = docIfAny(declaration);
  if (doc.text === "") throw new Error(`${where(declaration)} has no JSDoc`);
  return doc;
}

/** Returns the JSDoc of a declaration for which it is optional; without one, the text is empty. */
export function docIfAny(declaration: ts.Node): Doc {
  const doc = ts.getJSDocCommentsAndTags(declaration).findLast(ts.isJSDoc);
  return {
    text: markdown(doc?.comment),
    tags: new Map(doc?.tags?.map((tag) => [tag.tagName.text, markdown(tag.comment)])),
  };
}

const markdown = (comment: ts.JSDoc["comment"]): string =>
  (ts.getTextOfJSDocComment(comment) ?? "").replaceAll(/\{@link (\w+)\}/g, "$1");

/** Returns the location of a declaration, for an error. */
export function where(declaration: ts.Node): string {
  const file = declaration.getSourceFile();
  return `${relative(cwd(), file.fileName)}:${file.getLineAndCharacterOfPosition(declaration.getStart()).line + 1}`;
}
