import type { Command } from "commander";
import { namesIn } from "../inspect/known.ts";
import type { LabHosts } from "../inspect/lab-hosts.ts";
import { locksOn } from "../inspect/lock.ts";
import { findOwned } from "../inspect/owned/find.ts";
import type { HostThing } from "../inspect/owned/types.ts";
import { type StackName, stackNamed } from "../inspect/owner.ts";
import { projectName } from "../inspect/project.ts";
import { readStack, type StackView } from "../inspect/stack.ts";
import { addressesOf, onHost } from "../inspect/stack-hosts.ts";
import { statusOf } from "../inspect/status.ts";
import { undeclaredAddresses } from "../inspect/undeclared.ts";
import { undeclaredObjects } from "../inspect/undeclared-objects.ts";
import { unlessUnreachable } from "../inspect/unless-unreachable.ts";
import { print, printJson } from "./output.ts";
import { plainHostThing } from "./owned-text.ts";
import { type StackOptions, stackPlace, withHosts, withStackOptions } from "./stack-options.ts";
import { type StackStatus, statusText } from "./status-text.ts";

/** `pulumi-netns status`: shows which resources are up, have drifted or are missing in the kernel now. */
export function status(program: Command): void {
  withStackOptions(program.command("status"))
    .summary("show which resources are up, drifted or missing")
    .description(
      "Compares each resource of the stack with the kernel, as pulumi refresh does, and lists objects that have the stack's " +
        "mark and are not in its state, as after a killed up. Changes nothing. " +
        `Exits with 0 if the kernel matches the state, with ${NOT_AS_IT_SHOULD_BE} if it differs, and with ${UNKNOWN} if it does ` +
        "not differ where it was read, and a lab host cannot be reached.",
    )
    .option("--json", "print JSON")
    .addHelpText("after", "\nExamples:\n  $ pulumi-netns status\n  $ pulumi-netns status --stack dev --json")
    .action(async ({ json, ...options }: StackOptions & { json?: true }) => {
      const seen = await look(options);
      if (json) printJson(seen);
      else print(statusText(seen));
      process.exitCode = exitCodeOf(seen);
    });
}

const NOT_AS_IT_SHOULD_BE = 3;

/** The exit code if a lab host cannot be reached, and nothing else is wrong. */
const UNKNOWN = 4;

function exitCodeOf({ resources, beside, unreachable }: StackStatus): number {
  const isWhole = resources.every(({ condition }) => condition === "up" || condition === "unknown");
  if (!isWhole || beside.length > 0) return NOT_AS_IT_SHOULD_BE;
  return unreachable.length === 0 ? 0 : UNKNOWN;
}

async function look(options: StackOptions): Promise<StackStatus> {
  const place = stackPlace(options);
  const [view, { project, stack, backend }] = await Promise.all([
    readStack({ ...place, reveal: true }),
    // Outside a project, the state cannot be read.
    stackNamed(projectName(place.cwd) ?? "", place),
  ]);
  return withHosts(addressesOf(view), (hosts) => statusAt(hosts, view, { project, stack, backend }));
}

async function statusAt(
  hosts: LabHosts,
  view: StackView,
  { project, stack, backend }: StackName,
): Promise<StackStatus> {
  const [resources, addresses, undeclared] = await Promise.all([
    statusOf(view, hosts),
    undeclaredAddresses(hosts.all.kernel, view),
    undeclaredObjects(hosts.all.kernel, view),
  ]);
  const beside = await Promise.all(hosts.names.map((host) => besideOn(hosts, host, view, { project, stack, backend })));
  return {
    project,
    stack,
    resources,
    addresses,
    undeclared,
    beside: beside.flat(),
    locks: locksOn({ project, stack }, backend?.url),
    unreachable: [...hosts.unreachable].map(([host, answer]) => ({ host, answer })),
  };
}

/** Returns the objects on a lab host that have the mark of a stack and are not in its state. */
const besideOn = (
  hosts: LabHosts,
  host: string | undefined,
  view: StackView,
  { project, stack, backend }: StackName,
): Promise<HostThing[]> =>
  unlessUnreachable([], async () => {
    const owner = { project, stack, host, backend: backend?.id };
    const { marked } = await findOwned(owner, hosts.on(host).kernel, namesIn(onHost(view, host)));
    return marked.map((thing) => plainHostThing({ host, ...thing }));
  });
