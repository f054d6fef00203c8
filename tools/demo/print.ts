import { styleText } from "node:util";
import type { Answer, Sandbox } from "../sandbox.ts";

export const heading = (text: string): void => console.log(`\n${styleText("bold", text)}`);
export const note = (text: string): void => console.log(`  ${text}`);
export const worked = (text: string): void => console.log(`  ${styleText("green", "✓")} ${text}`);
export const failed = (text: string): void => console.log(`  ${styleText("red", "✗")} ${text}`);

/** Prints the program of a `pulumi up`, and its steps. */
export function plan(
  config: readonly (readonly [string, string | number | boolean])[],
  steps: readonly string[],
): void {
  for (const [key, value] of config) command(`pulumi config set ${key} ${String(value)}`);
  if (config.length > 0) command("pulumi up");
  for (const step of steps) {
    const [verb = "", ...what] = step.split(" ");
    note(`${SIGN[verb] ?? verb} ${what.join(" ")}`);
  }
  if (steps.length === 0) note("  no changes");
}

/** Runs a command in the sandbox, and prints it with its output, like a terminal. */
export async function tryOut(host: Sandbox, { command: line }: { readonly command: string }): Promise<Answer> {
  console.log();
  command(line);
  const [program = "", ...args] = line.split(" ");
  const answer = await host.try(program, ...args);
  const text = `${answer.stdout}${answer.stderr}`.trim();
  for (const answered of text.split("\n").filter((row) => row !== "")) note(styleText("dim", answered));
  if (text === "") note(styleText("dim", "(nothing)"));
  return answer;
}

const command = (line: string): void => note(`${styleText("cyan", "$")} ${line}`);

const SIGN: Record<string, string> = { create: "+ ", update: "~ ", replace: "+-", delete: "- " };
