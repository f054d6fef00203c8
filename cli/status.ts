import type { Command } from "commander";
import { namesIn } from "../inspect/known.ts";
import { locksOn } from "../inspect/lock.ts";
import { findOwned } from "../inspect/owned/find.ts";
import { stackNamed } from "../inspect/owner.ts";
import { projectName } from "../inspect/project.ts";
import { readStack } from "../inspect/stack.ts";
import { statusOf } from "../inspect/status.ts";
import { undeclaredAddresses } from "../inspect/undeclared.ts";
import { linux } from "../provider/kernel/client/linux.ts";
import { print, printJson } from "./output.ts";
import { plainThing } from "./owned-text.ts";
import { requireNetAdmin } from "./require-net-admin.ts";
import { type StackOptions, stackPlace, withStackOptions } from "./stack-options.ts";
import { type StackStatus, statusText } from "./status-text.ts";

/** `pulumi-netns status`: shows which resources are up, have drifted or are missing in the kernel now. */
export function status(program: Command): void {
  withStackOptions(program.command("status"))
    .summary("show which resources are up, drifted or missing")
    .description(
      "Compares each resource of the stack with the kernel, as pulumi refresh does, and lists objects that have the stack's " +
        "mark and are not in its state, as after a killed up. Changes nothing. " +
        `Exits with 0 if the kernel matches the state, and with ${NOT_AS_IT_SHOULD_BE} otherwise.`,
    )
    .option("--json", "print JSON")
    .addHelpText("after", "\nExamples:\n  $ pulumi-netns status\n  $ pulumi-netns status --stack dev --json")
    .action(async ({ json, ...options }: StackOptions & { json?: true }) => {
      requireNetAdmin();
      const seen = await look(options);
      if (json) printJson(seen);
      else print(statusText(seen));
      const isWhole = seen.resources.every(({ condition }) => condition === "up") && seen.beside.length === 0;
      if (!isWhole) process.exitCode = NOT_AS_IT_SHOULD_BE;
    });
}

const NOT_AS_IT_SHOULD_BE = 3;

async function look(options: StackOptions): Promise<StackStatus> {
  const place = stackPlace(options);
  const [view, { project, stack, backend }] = await Promise.all([
    readStack({ ...place, reveal: true }),
    // Outside a project, the state cannot be read.
    stackNamed(projectName(place.cwd) ?? "", place),
  ]);
  const kernel = linux();
  const [resources, addresses] = await Promise.all([statusOf(view, kernel), undeclaredAddresses(kernel, view)]);
  const { marked } = await findOwned({ project, stack, backend: backend?.id }, kernel, namesIn(view));
  return {
    project,
    stack,
    resources,
    addresses,
    beside: marked.map(plainThing),
    locks: locksOn({ project, stack }, backend?.url),
  };
}
