import type { Command } from "commander";
import { driftText } from "../inspect/drift.ts";
import { namesIn } from "../inspect/known.ts";
import { type Lock, locksOn } from "../inspect/lock.ts";
import { findOwned } from "../inspect/owned/find.ts";
import type { Thing } from "../inspect/owned/types.ts";
import { stackNamed } from "../inspect/owner.ts";
import { projectName } from "../inspect/project.ts";
import { readStack } from "../inspect/stack.ts";
import { type Condition, type ResourceStatus, statusOf } from "../inspect/status.ts";
import { type UndeclaredAddress, undeclaredAddresses } from "../inspect/undeclared.ts";
import { linux } from "../provider/kernel/client/linux.ts";
import { withHelp } from "../provider/message.ts";
import { lockText } from "./lock-text.ts";
import { columns, paint, print, printJson } from "./output.ts";
import { plainThing, thingsText } from "./owned-text.ts";
import { requireNetAdmin } from "./require-net-admin.ts";
import { type StackOptions, stackPlace, withStackOptions } from "./stack-options.ts";

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
      else print(report(seen));
      const isWhole = seen.resources.every(({ condition }) => condition === "up") && seen.beside.length === 0;
      if (!isWhole) process.exitCode = NOT_AS_IT_SHOULD_BE;
    });
}

const NOT_AS_IT_SHOULD_BE = 3;

/** A stack with its resources' conditions, and objects with its mark outside its state. */
interface Seen {
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly ResourceStatus[];
  /** The addresses in the namespaces of the stack that no resource declares. */
  readonly addresses: readonly UndeclaredAddress[];
  /** The objects that have the stack's mark but are not in its state. */
  readonly beside: readonly Thing[];
  readonly locks: readonly Lock[];
}

async function look(options: StackOptions): Promise<Seen> {
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

function report({ project, stack, resources, addresses, beside, locks }: Seen): string {
  return [
    resources.length === 0
      ? "This stack has no resources. `pulumi up` creates those of the program."
      : [paint("dim", `${project}/${stack}`), table(resources, addresses), "", summary(resources)].join("\n"),
    ...(beside.length === 0
      ? []
      : ["", "Objects with the stack's mark that are not in its state:", withHelp(thingsText(beside), BESIDE)]),
    ...locks.map((lock) => `\n${lockText(lock)}`),
  ].join("\n");
}

const BESIDE =
  "`pulumi up` takes over the objects that the program declares, and `pulumi-netns clean` removes the others";

function table(all: readonly ResourceStatus[], addresses: readonly UndeclaredAddress[]): string {
  // The lab host comes first.
  const places = [...new Set(all.map(({ namespace }) => namespace ?? ""))].sort();
  return columns(
    places.flatMap((place) => [
      [paint("bold", place || "lab host"), "", "", ""],
      ...all.filter(({ namespace }) => (namespace ?? "") === place).flatMap(rowsOf),
      ...addresses.filter((one) => one.place === place).map(addressRow),
    ]),
  );
}

const addressRow = ({ link, address, seconds }: UndeclaredAddress): string[] => [
  ...[seconds === undefined ? "  address" : "  lease", link, address],
  paint("dim", seconds === undefined ? "not declared" : `expires in ${timeLeft(seconds)}`),
];

function timeLeft(seconds: number): string {
  const [count, unit] =
    seconds >= 7200 ? [seconds / 3600, "hours"] : seconds >= 120 ? [seconds / 60, "minutes"] : [seconds, "seconds"];
  return `${Math.floor(count)} ${unit}`;
}

function rowsOf({ type, name, id, condition, drift, log, owner }: ResourceStatus): string[][] {
  const whose = condition === "foreign" ? ` (${owner === undefined ? "no mark" : `of stack ${owner}`})` : "";
  return [
    [`  ${type}`, name, id, paint(COLORS[condition], condition) + whose],
    ...(log === undefined ? [] : [["", "", "", paint("dim", `  log ${log}`)]]),
    ...drift.map((change) => ["", "", "", `  ${driftText(change)}`]),
  ];
}

const COLORS: Record<Condition, "green" | "yellow" | "red"> = {
  up: "green",
  drifted: "yellow",
  missing: "red",
  foreign: "red",
};

function summary(all: readonly ResourceStatus[]): string {
  const counts = (Object.keys(COLORS) as Condition[]).flatMap((condition) => {
    const count = all.filter((one) => one.condition === condition).length;
    return count === 0 ? [] : [`${count} ${condition}`];
  });
  return `${all.length} resources: ${counts.join(", ")}${advice(all)}`;
}

function advice(all: readonly ResourceStatus[]): string {
  if (all.every(({ condition }) => condition === "up")) return "";
  const mends = "\n`pulumi refresh` records this in the state, and the next `pulumi up` corrects it.";
  const foreign = all.some(({ condition }) => condition === "foreign");
  return foreign
    ? `${mends}\nForeign objects are not changed: delete the object, or give the resource another name.`
    : mends;
}
