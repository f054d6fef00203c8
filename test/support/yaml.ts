import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer, Sandbox } from "../../tools/sandbox.ts";
import { openStack, REPOSITORY, type Stack } from "../../tools/stack.ts";

/** A Pulumi project in YAML, whose resources change during the test. */
export interface YamlProject extends AsyncDisposable {
  readonly stack: Stack;
  /** Replaces the resources, without `resources:` and its indentation. */
  resources(text: string): Promise<void>;
  /** Runs a command that must fail, and returns the messages. */
  failing(...command: string[]): Promise<string>;
  /** Runs a command that must succeed, and returns all that it prints. */
  said(...command: string[]): Promise<string>;
}

/** Opens a YAML project with no resources. */
export async function openYaml(host: Sandbox, name: string): Promise<YamlProject> {
  const folder = await mkdtemp(join(tmpdir(), `pulumi-netns-${name}-`));
  const head = `name: ${name}\nruntime: yaml\nplugins:\n  providers:\n    - name: netns\n      path: ${REPOSITORY}bin\n`;
  const write = (text: string) => writeFile(join(folder, "Pulumi.yaml"), text);
  await write(`${head}resources: {}\n`);
  const stack = await openStack(host, folder);
  const run = async (isRight: (answer: Answer) => boolean, command: string[]) => {
    const answer = await stack.try(...command);
    const said = answer.stdout + answer.stderr;
    if (!isRight(answer)) throw new Error(`pulumi ${command.join(" ")}: exit ${answer.code}\n${said}`);
    return said;
  };
  return {
    stack,
    resources: (text) => write(`${head}resources:\n${text.replaceAll(/^(?=.)/gm, "  ")}\n`),
    failing: (...command) => run(({ code }) => code !== 0, command),
    said: (...command) => run(({ code }) => code === 0, command),
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
