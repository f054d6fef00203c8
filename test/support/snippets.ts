import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { REPOSITORY } from "../../tools/stack.ts";

/**
 * Returns the compiler's errors in the ts blocks of Markdown pages, as `page:line: message`. Each block is compiled separately. It
 * can use the resource classes without an import, and the names of CAST. Other assumptions are in a comment right before it, which
 * is not rendered: `<!-- ts`, lines of TypeScript, `-->`.
 */
export function complaints(pages: ReadonlyMap<string, string>): string[] {
  const files = new Map([
    [join(REPOSITORY, "cast.d.ts"), cast()],
    ...[...pages].flatMap(([page, text]) =>
      blocks(text).map((block, index): [string, string] => [join(REPOSITORY, `${page}.${index}.ts`), block]),
    ),
  ]);
  const { options } = ts.parseJsonConfigFileContent(TSCONFIG, ts.sys, REPOSITORY);
  const program = ts.createProgram([...files.keys()], options, hostWith(files, options));
  return [...files.keys()]
    .flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)))
    .map(complaint);
}

/**
 * Returns the blocks of a page, each preceded by as many empty lines as there are lines before it, so that line numbers match
 * those of the page.
 */
function blocks(page: string): string[] {
  return [...page.matchAll(/^(?:<!-- ts\n([^]*?)^-->\n\n)?```ts\n([^]*?)^```$/gm)].map(
    ({ index, 0: all, 1: given = "", 2: code = "" }) => {
      const before = newlines(page.slice(0, index) + all) - newlines(code) - newlines(given);
      return `${"\n".repeat(before)}${given}${code}export {};\n`;
    },
  );
}

const newlines = (text: string): number => text.split("\n").length - 1;

const TSCONFIG = {
  extends: "./tsconfig.json",
  compilerOptions: {
    noUnusedLocals: false,
    paths: { "pulumi-netns": ["./sdk/index.ts"], "pulumi-netns/testing": ["./testing/index.ts"] },
  },
  files: [],
};

/** The names that the examples of all pages share. */
const CAST: Readonly<Record<string, string>> = {
  red: "Namespace",
  blue: "Namespace",
  lan: "Bridge",
  wire: "Veth",
};

function cast(): string {
  const indexes = ["sdk/index.ts", "sdk/components/index.ts"].map((file) =>
    readFileSync(join(REPOSITORY, file), "utf8"),
  );
  const names = [...indexes.join("\n").matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = ""]) =>
    list.split(",").map((name) => name.replace("type ", "").trim()),
  );
  return [
    // A list over several lines ends with a comma.
    ...names.filter((name) => name !== "").flatMap(declared),
    ...Object.entries(CAST).map(([name, type]) => `declare const ${name}: ${type};`),
  ].join("\n");
}

/** Declares a name as a type and as a value; one of the two may be an error, which is not reported in declaration files. */
const declared = (name: string): string[] => [
  `declare type ${name} = import("pulumi-netns").${name};`,
  `declare const ${name}: typeof import("pulumi-netns").${name};`,
];

function hostWith(files: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.getSourceFile = (file, target) => {
    const text = host.readFile(file);
    if (text === undefined) return undefined;
    const known = parsed.get(file);
    if (known?.text === text) return known;
    const source = ts.createSourceFile(file, text, target);
    parsed.set(file, source);
    return source;
  };
  return host;
}

/** The files that a program has parsed, which are mostly the declarations that all programs use. */
const parsed = new Map<string, ts.SourceFile>();

function complaint({ file, start = 0, messageText }: ts.Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(messageText, " ");
  if (file === undefined) return message;
  const page = file.fileName.replace(REPOSITORY, "").replace(/\.\d+\.ts$/, "");
  return `${page}:${ts.getLineAndCharacterOfPosition(file, start).line + 1}: ${message}`;
}
