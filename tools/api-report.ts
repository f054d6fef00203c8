import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

// Writes api/, the public types of each import of the package, from dist/. Only Pulumi loads the provider. With --check it only
// reports whether a type has changed, so that changes are visible in a review.
const root = fileURLToPath(new URL("../", import.meta.url));
const { exports } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
  exports: Record<string, { types: string }>;
};
const entries = Object.entries(exports).flatMap(([subpath, { types }]) => (subpath === "./provider" ? [] : [types]));
const program = ts.createProgram(
  entries.map((entry) => root + entry),
  {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    types: ["node"],
    typeRoots: [`${root}node_modules/@types`],
    skipLibCheck: true,
  },
);
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: true });

for (const entry of entries) {
  const path = `api/${basename(dirname(entry))}.d.ts`;
  const text = report(entry);
  if (!process.argv.includes("--check")) {
    mkdirSync(`${root}api`, { recursive: true });
    writeFileSync(root + path, text);
  } else if (read(root + path) !== text) {
    console.error(`${path} is not what dist/ declares: if the public types are to change, run 'npm run api'`);
    process.exitCode = 1;
  }
}

/** Returns the declarations that an entry exports, and all of the package's own declarations that they refer to. */
function report(entry: string): string {
  const file = program.getSourceFile(root + entry);
  const module = file && checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${entry} is no module: run 'npm run build'`);
  const exported = checker.getExportsOfModule(module).map(original);
  const found = new Set<ts.Symbol>(exported);
  // The iteration includes elements that are added to the set meanwhile.
  for (const symbol of found) for (const other of ownDeclarations(symbol).flatMap(references)) found.add(other);
  const texts = [...found].map((symbol) => ({ symbol, text: ownDeclarations(symbol).map(print).join("\n") }));
  const [open, closed] = [true, false].map((isOpen) =>
    texts
      .filter(({ symbol }) => exported.includes(symbol) === isOpen)
      .map(({ text }) => text)
      .sort()
      .join("\n\n"),
  );
  return `// What ${entry} exports.\n\n${open}\n\n// What that refers to.\n\n${closed}\n`;
}

function original(symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** Returns the package's statements that declare a symbol. */
function ownDeclarations({ declarations = [] }: ts.Symbol): ts.Node[] {
  return declarations
    .filter((declaration) => declaration.getSourceFile().fileName.startsWith(`${root}dist/`))
    .map((declaration) => (ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration))
    .filter((declaration) => ts.isSourceFile(declaration.parent));
}

/** Returns the package's own symbols to which a declaration refers. */
function references(node: ts.Node): ts.Symbol[] {
  const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
  const own = symbol === undefined ? [] : [original(symbol)].filter((one) => ownDeclarations(one).length > 0);
  return [...own, ...node.getChildren().flatMap(references)];
}

function print(node: ts.Node): string {
  return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
}

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
