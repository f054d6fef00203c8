import { readFileSync } from "node:fs";
import { projectFile, projectFolder } from "./project.ts";

/** A language in which a lab is written. */
export type Language = "typescript" | "yaml" | "python";

/** Returns the language of the Pulumi project of a folder: TypeScript if the folder is in no project. */
export function languageOf(folder: string): Language {
  const project = projectFolder(folder);
  const file = project === undefined ? undefined : projectFile(project);
  return file === undefined ? "typescript" : languageIn(readFileSync(file, "utf8"));
}

/** Returns the language that the `runtime` in a Pulumi.yaml tells, which is a name or a group with one. */
export function languageIn(yaml: string): Language {
  const [, runtime = ""] = PLAIN.exec(yaml) ?? IN_GROUP.exec(yaml) ?? [];
  return runtime === "yaml" || runtime === "python" ? runtime : "typescript";
}

const PLAIN = /^runtime:[ \t]*["']?(\w+)/m;

const IN_GROUP = /^runtime:[^\n\w]*(?:\n[ \t][^\n]*)*?[\s{]name:\s*["']?(\w+)/m;
