import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { openStack, REPOSITORY, type Stack } from "../../tools/stack.ts";
import { install, pack } from "../support/package.ts";

interface User {
  readonly who: string;
  readonly packageJson: { readonly type?: "module"; readonly devDependencies: Readonly<Record<string, string>> };
  readonly tsconfig: object;
  /** Whether another version of the package destroys the lab. Pulumi loads it in the same way for programs of both module systems. */
  readonly isUpgraded: boolean;
}

const dependencies = { "@pulumi/pulumi": "3.259.0" };

const users: readonly User[] = [
  {
    // The files that `pulumi new typescript` writes.
    who: "a CommonJS program",
    packageJson: { devDependencies: { "@types/node": "^22", typescript: "~5.9.0" } },
    tsconfig: {
      compilerOptions: {
        strict: true,
        outDir: "bin",
        target: "es2020",
        module: "commonjs",
        moduleResolution: "node",
        sourceMap: true,
        experimentalDecorators: true,
        pretty: true,
        noFallthroughCasesInSwitch: true,
        noImplicitReturns: true,
        forceConsistentCasingInFileNames: true,
      },
      files: ["index.ts"],
    },
    isUpgraded: true,
  },
  {
    who: "an ESM program",
    packageJson: {
      type: "module",
      devDependencies: { "@types/node": "^22", typescript: "~5.9.0", "ts-node": "^10.9.2" },
    },
    tsconfig: {
      compilerOptions: {
        strict: true,
        target: "es2022",
        module: "nodenext",
        moduleResolution: "nodenext",
        noEmit: true,
      },
      files: ["index.ts"],
    },
    isUpgraded: false,
  },
];

const PROGRAM = `
import { Address, Namespace, Veth } from "pulumi-netns";

const red = new Namespace("red");
const wire = new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: "port" } });
const address = new Address("ip", { interface: wire.a, address: "10.0.0.1/24" });
export const ip = address.ip;
`;

const TEST = `
import { sandbox } from "pulumi-netns/testing";
export const pid: Promise<number> = sandbox().then(({ pid }) => pid);
export const wrong: Promise<string> = sandbox().then(({ pid }) => pid);
`;

/**
 * Prints the errors of a program and of the package's own declarations. The compiler's command checks the declarations of all
 * other packages, too, which takes four times as long.
 */
const CHECK = `
const ts = require("typescript");
const host = { getCurrentDirectory: () => process.cwd(), getCanonicalFileName: (name) => name, getNewLine: () => "\\n" };
const { options, fileNames, errors } = ts.parseJsonConfigFileContent(JSON.parse(process.argv[1]), ts.sys, process.cwd());
const program = ts.createProgram(fileNames, options);
const own = program.getSourceFiles().filter(({ fileName }) => !/node_modules\\/(?!pulumi-netns\\/)/.test(fileName));
const found = own.flatMap((file) => [program.getSyntacticDiagnostics(file), program.getSemanticDiagnostics(file)].flat());
console.log(ts.formatDiagnostics([...errors, ...program.getOptionsDiagnostics(), ...found], host));
`;

let work: string;
/** The installed packages of all users. */
let modules: string;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), "pulumi-netns-package-"));
  const first = join(work, "first");
  modules = join(first, "node_modules");
  await mkdir(first);
  const devDependencies = Object.assign({}, ...users.map(({ packageJson }) => packageJson.devDependencies)) as object;
  await writeFile(join(first, "package.json"), JSON.stringify({ dependencies, devDependencies }));
  await install(first, await pack(REPOSITORY, work));
});

afterAll(() => rm(work, { recursive: true, force: true }));

describe.each(users)("for $who the package", ({ who, packageJson, tsconfig, isUpgraded }) => {
  let host: Sandbox;
  let stack: Stack;
  let project: string;
  let before: string;

  beforeAll(async () => {
    project = join(work, who.replaceAll(" ", "-"));
    await mkdir(project);
    const files = {
      "package.json": JSON.stringify({ name: "user", main: "index.ts", dependencies, ...packageJson }),
      "tsconfig.json": JSON.stringify(tsconfig),
      "Pulumi.yaml": "name: user\nruntime: nodejs\n",
      "index.ts": PROGRAM,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(project, name), text);
    // Hard links, since the installation takes ten times the processor time.
    await execa("cp", ["--archive", "--link", modules, project]);
    if (!("ts-node" in packageJson.devDependencies))
      await rm(join(project, "node_modules/ts-node"), { recursive: true });
    host = await sandbox();
    before = await traces(host);
    stack = await openStack(host, project);
  });

  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
  });

  test("has types that report only the mistakes of a program, also those of pulumi-netns/testing", async () => {
    await writeFile(join(project, "index.ts"), PROGRAM.replace('address: "10.0.0.1/24"', "address: 10"));
    await writeFile(join(project, "lab.ts"), TEST);
    const options = JSON.stringify({ ...tsconfig, files: ["index.ts", "lab.ts"] });
    const { stdout } = await execa(process.execPath, ["--eval", CHECK, options], { cwd: project });
    // Vitest, whose types some of these extend, is not installed here.
    const errors = stdout.split("\n").filter((line) => line.includes("error") && !line.includes("vitest"));
    expect(errors).toEqual([
      expect.stringContaining("Type 'number' is not assignable to type 'Input<string>'"),
      expect.stringMatching(/^lab\.ts\(4,14\): error TS2322: Type 'Promise<.*number>'/),
    ]);
    await writeFile(join(project, "index.ts"), PROGRAM);
    await rm(join(project, "lab.ts"));
  });

  test("creates a lab", async () => {
    expect(await stack.up()).toEqual(["create Address ip", "create Namespace red", "create Veth wire"]);
    expect(await stack.output("ip")).toBe("10.0.0.1");
  });

  test("has no code in its state except a constant that loads the installed package", async () => {
    const { deployment } = JSON.parse(await stack.state()) as {
      deployment: { resources: { inputs?: Record<string, string> }[] };
    };
    const loaders = deployment.resources.flatMap(({ inputs }) => inputs?.["__provider"] ?? []);
    expect(loaders.sort()).toEqual(
      ["Address", "Namespace", "Veth"].map(
        (kind) => `exports.handler=()=>require("pulumi-netns/provider").host("${kind}")`,
      ),
    );
  });

  const gone = async () => {
    expect(await stack.destroy()).toEqual(["delete Address ip", "delete Namespace red", "delete Veth wire"]);
    await expect.poll(() => traces(host), SOON).toBe(before);
  };

  if (!isUpgraded) test("deletes everything", gone);
  else
    test("changes nothing in another version, which then destroys the lab", async () => {
      await installLaterVersion();
      expect(await stack.preview()).toEqual([]);
      await gone();
      expect(await readdir(join(work, "destroyed-by"))).toEqual(["99.0.0"]);
    });

  /** Gives the installed package another version and other code, which writes a file when it deletes an object. */
  async function installLaterVersion(): Promise<void> {
    const later = join(project, "node_modules/pulumi-netns");
    // The file is a hard link of the other user's.
    const replace = async (file: string, text: string) => {
      await rm(join(later, file));
      await writeFile(join(later, file), text);
    };
    const manifest = JSON.parse(await readFile(join(later, "package.json"), "utf8")) as object;
    await replace("package.json", JSON.stringify({ ...manifest, version: "99.0.0" }));
    const word = `(await import("node:fs")).mkdirSync(${JSON.stringify(join(work, "destroyed-by/99.0.0"))}, { recursive: true });`;
    const start = "async delete(_id, outputs) {";
    const changed = [];
    for (const file of await readdir(join(later, "dist/chunks"))) {
      const code = await readFile(join(later, "dist/chunks", file), "utf8");
      if (!file.endsWith(".js") || !code.includes(start)) continue;
      await replace(join("dist/chunks", file), code.replace(start, `${start} ${word}`));
      changed.push(file);
    }
    expect(changed).toHaveLength(1);
  }
});
