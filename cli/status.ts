import type { Command } from "commander";
import type { StackView } from "../inspect/stack.ts";
import { type Condition, type Drift, type ResourceStatus, statusOf } from "../inspect/status.ts";
import { onStack, type StackOptions, withStackOptions } from "./on-stack.ts";
import { columns, paint, print, printJson } from "./output.ts";

/** `pulumi-netns status`: what is up, what has drifted and what is missing, as the kernel has it now. */
export function status(program: Command): void {
  withStackOptions(program.command("status"))
    .summary("what is up, what has drifted, what is missing")
    .description(
      "Looks at the kernel for each resource of the stack, as pulumi refresh does, and changes nothing. " +
        `Exits with 0 when all is as the state says, with ${NOT_AS_IT_SHOULD_BE} when something is not.`,
    )
    .option("--json", "print JSON")
    .addHelpText("after", "\nExamples:\n  $ pulumi-netns status\n  $ pulumi-netns status --stack dev --json")
    .action((options: StackOptions & { json?: true }) =>
      onStack(
        options,
        async ({ view, kernel }) => {
          const all = await statusOf(view, kernel);
          if (options.json) printJson({ project: view.project, stack: view.stack, resources: all });
          else print(report(view, all));
          if (!all.every(({ condition }) => condition === "up")) process.exitCode = NOT_AS_IT_SHOULD_BE;
        },
        { reveal: true },
      ),
    );
}

const NOT_AS_IT_SHOULD_BE = 3;

function report({ project, stack }: StackView, all: readonly ResourceStatus[]): string {
  if (all.length === 0) return "This stack has no resources. `pulumi up` makes those of the program.";
  // The lab host comes first.
  const places = [...new Set(all.map(({ namespace }) => namespace ?? ""))].sort();
  const rows = places.flatMap((place) => [
    [paint("bold", place || "lab host"), "", "", ""],
    ...all.filter(({ namespace }) => (namespace ?? "") === place).flatMap(rowsOf),
  ]);
  return [paint("dim", `${project}/${stack}`), columns(rows), "", summary(all)].join("\n");
}

function rowsOf({ type, name, id, condition, drift, owner }: ResourceStatus): string[][] {
  const whose = condition === "foreign" ? ` (${owner === undefined ? "nobody's mark" : `of the stack ${owner}`})` : "";
  return [
    [`  ${type}`, name, id, paint(COLORS[condition], condition) + whose],
    ...drift.map((change) => ["", "", "", `  ${tell(change)}`]),
  ];
}

const tell = ({ property, was, is }: Drift): string => `${property} ${value(was)} → ${value(is)}`;

const value = (it: unknown): string => (it === undefined ? "none" : typeof it === "string" ? it : JSON.stringify(it));

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
  const mends = "\n`pulumi refresh` takes this into the state, and the next `pulumi up` puts it right.";
  const foreign = all.some(({ condition }) => condition === "foreign");
  return foreign ? `${mends}\nWhat is foreign keeps its name: remove it, or give the resource another name.` : mends;
}
