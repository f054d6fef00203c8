import { readFileSync } from "node:fs";
import { Command } from "commander";
import * as v from "valibot";
import { ownFile } from "../provider/own-file.ts";
import { commands } from "./commands.ts";

/** Creates the command `pulumi-netns` with all its subcommands. */
export function makeProgram(): Command {
  const program = new Command("pulumi-netns")
    .description("Inspects the network labs of pulumi-netns on this machine and runs commands in them.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help for a command")
    .showHelpAfterError("(--help lists the commands and options)")
    .addHelpText("after", EXAMPLES);
  for (const add of commands) add(program);
  return program;
}

const EXAMPLES = `
Examples, in the folder of a Pulumi project:
  $ pulumi-netns status
  $ pulumi-netns exec red -- ping -c1 192.168.15.2
  $ pulumi-netns shell red`;

/** Returns the package's version. */
const version = (): string =>
  v.parse(v.object({ version: v.string() }), JSON.parse(readFileSync(ownFile("package.json"), "utf8"))).version;
