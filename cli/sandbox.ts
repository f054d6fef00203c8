import { resolve } from "node:path";
import type { Command } from "commander";
import { labHost } from "../inspect/lab-host.ts";
import { projectFolder, projectName } from "../inspect/project.ts";
import { UserError, withHelp } from "../provider/message.ts";
import { INSIDE, openLasting, removeLasting } from "../sandbox/lasting.ts";
import { openShell } from "./open-shell.ts";
import { paint, print, warn } from "./output.ts";
import { runInteractive } from "./run-command.ts";

/** `pulumi-netns sandbox`: a lab host of the project's own, which needs no root. */
export function sandbox(program: Command): void {
  program
    .command("sandbox")
    .summary("open a shell in a lab host of the project's own, without root")
    .description(
      "Opens your shell ($SHELL) in a sandbox: a lab host of this project's own, without a connection to this machine's network. " +
        "`pulumi` and all commands of pulumi-netns work in it without root. It has its own stacks, in .pulumi-sandbox beside the " +
        "project's Pulumi.yaml. The lab stays when the shell ends; the same command enters it again, and --remove removes it. With " +
        "a command after --, runs that command in it. Exits with the exit code of the shell or the command.",
    )
    .usage("[options]\n       pulumi-netns sandbox [options] -- COMMAND [ARGUMENT…]")
    .argument("[words...]", "the command")
    .option("-C, --cwd <folder>", "the folder of the Pulumi project", ".")
    .option("--remove", "end the sandbox with all its processes, and delete its stacks")
    .addHelpText("after", EXAMPLES)
    .action(async (words: string[], { cwd, remove }: { cwd: string; remove?: true }) => {
      const folder = projectFolder(resolve(cwd));
      if (folder === undefined)
        throw new UserError(`${resolve(cwd)} is not in a Pulumi project`, "name one: --cwd FOLDER");
      if (process.env[INSIDE] !== undefined)
        throw new UserError("this shell is in a sandbox already", "`exit` leaves it");
      const name = projectName(folder) ?? "";
      if (remove)
        print((await removeLasting(folder)) ? `the sandbox of ${name} was removed` : `${name} has no sandbox`);
      else process.exitCode = await inSandbox(folder, resolve(cwd), words);
    });
}

const EXAMPLES = `
Examples:
  $ pulumi-netns sandbox
  $ pulumi-netns sandbox -- pulumi up --yes
  $ pulumi-netns sandbox --remove`;

async function inSandbox(folder: string, cwd: string, words: readonly string[]): Promise<number> {
  const { enter, env, isNew, isSuccessor } = await openLasting(folder);
  if (isSuccessor) warn(SUCCESSOR);
  // nsenter changes to the root folder with the mount namespace.
  const inside = labHost([...enter, "env", `--chdir=${cwd}`]);
  if (words.length > 0) return runInteractive(inside.command(undefined, words), { env });
  if (isNew) print(paint("dim", WELCOME));
  return openShell(inside, undefined, `${projectName(folder) ?? ""} (sandbox)`, env);
}

const SUCCESSOR = withHelp(
  "the former sandbox has ended, and its lab and its stacks are gone with it; a new, empty one was started",
  "`pulumi stack init dev` and `pulumi up` in the sandbox create the lab again",
);

const WELCOME = `This is a new sandbox, without stacks. \`pulumi stack init dev\` and \`pulumi up\` create the lab.
\`exit\` leaves it, \`pulumi-netns sandbox\` enters it again, and \`pulumi-netns sandbox --remove\` removes it.`;
