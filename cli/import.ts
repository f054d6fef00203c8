import { mkdir, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { findLab } from "../inspect/import/find.ts";
import type { FoundLab } from "../inspect/import/found.ts";
import { type Declared, declare, secretsOf } from "../inspect/import/references.ts";
import { typescriptProgram } from "../inspect/import/typescript.ts";
import { importFile, yamlProject } from "../inspect/import/yaml.ts";
import { labHost } from "../inspect/lab-host.ts";
import { UserError } from "../provider/message.ts";
import { columns, print } from "./output.ts";
import { requireNetAdmin } from "./require-net-admin.ts";

interface ImportOptions {
  readonly namespace?: readonly string[];
  readonly include?: readonly string[];
  readonly language: "yaml" | "typescript";
  readonly output?: string;
}

/** `pulumi-netns import`: writes a program for a lab that was made without this package. */
export function importLab(program: Command): void {
  program
    .command("import")
    .summary("write a program for a lab that exists already")
    .description(
      "Finds namespaces, links, addresses, routes, routing rules, neighbours, NAT rules and sysctls that were set up by hand, and lists them. With --output it writes a " +
        "program whose first up changes only their marks. Hardware, the objects of stacks, and those that other software such as " +
        "Docker has made are left alone. Processes are not imported. Nothing on the lab host is changed.",
    )
    .option("-n, --namespace <name...>", "search only these namespaces (default: all, and the lab host)")
    .option("-i, --include <link...>", "take these links, also if other software seems to have made them")
    .addOption(
      new Option("-l, --language <language>", "the language of the program")
        .choices(["yaml", "typescript"])
        .default("yaml"),
    )
    .option("-o, --output <folder>", "write the program into this folder")
    .addHelpText("after", EXAMPLES)
    .action(async ({ namespace, include, language, output }: ImportOptions) => {
      requireNetAdmin();
      const lab = await findLab(labHost(), { namespaces: namespace, named: include });
      print(report(lab));
      if (lab.found.length === 0 || output === undefined) return;
      const folder = resolve(output);
      const resources = declare(lab.found);
      for (const [name, text] of filesOf(resources, language, basename(folder))) await writeNew(folder, name, text);
      const secrets = secretsOf(resources).map(
        ({ key, command }) => `  ${command} | pulumi config set --secret ${key}\n`,
      );
      print(`\n${NEXT[language](output, secrets.join(""))}`);
    });
}

const EXAMPLES = `
Examples:
  $ pulumi-netns import
  $ pulumi-netns import --namespace red blue --output lab
  $ pulumi-netns import --language typescript --output lab`;

function report({ found, left }: FoundLab): string {
  return [
    found.length === 0 ? "Found no lab." : "Found:",
    ...(found.length === 0 ? [] : [columns(found.map(({ kind, id }) => [kind, id]))]),
    ...(left.length === 0 ? [] : ["Left alone:", columns(left.map(({ what, why }) => [what, why]))]),
  ].join("\n");
}

const filesOf = (resources: readonly Declared[], language: ImportOptions["language"], project: string) =>
  language === "yaml"
    ? new Map([
        ["Pulumi.yaml", yamlProject(project, resources)],
        ["import.json", importFile(resources)],
      ])
    : new Map([["index.ts", typescriptProgram(resources)]]);

async function writeNew(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    throw new UserError(`${path} already exists`, "name another folder with --output");
  }
}

const NEXT: Readonly<Record<ImportOptions["language"], (folder: string, secrets: string) => string>> = {
  yaml: (folder, secrets) => `Wrote ${folder}. Next, in this folder:
  npm install /tmp/pulumi-netns-0.1.0.tgz @pulumi/pulumi    # made by npm pack --pack-destination /tmp in a clone
  pulumi stack init dev
${secrets}  pulumi import --file import.json --generate-code=false --protect=false
  pulumi up`,
  typescript: (folder, secrets) => `Wrote ${folder}/index.ts. Next, in a project with this program:
${secrets}  pulumi up
After that, remove each adopt: true.`,
};
