import { driftTexts } from "../inspect/drift.ts";
import type { Lock } from "../inspect/lock.ts";
import type { HostThing } from "../inspect/owned/types.ts";
import { placeAt } from "../inspect/place.ts";
import type { Condition, ResourceStatus } from "../inspect/status.ts";
import type { UndeclaredAddress } from "../inspect/undeclared.ts";
import type { UndeclaredObject } from "../inspect/undeclared-objects.ts";
import { withHelp } from "../provider/message.ts";
import { lockText } from "./lock-text.ts";
import { columns, paint } from "./output.ts";
import { thingsText } from "./owned-text.ts";

/** A stack with its resources' conditions, and objects with its mark outside its state. */
export interface StackStatus {
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly ResourceStatus[];
  /** The addresses in the namespaces of the stack that no resource declares. */
  readonly addresses: readonly UndeclaredAddress[];
  /** Other objects that were made by hand in the namespaces of the stack. */
  readonly undeclared: readonly UndeclaredObject[];
  /** The objects that have the stack's mark but are not in its state. */
  readonly beside: readonly HostThing[];
  readonly locks: readonly Lock[];
  /** The lab hosts that cannot be reached, with the text of ssh. */
  readonly unreachable: readonly { readonly host: string; readonly answer: string }[];
}

/**
 * Returns the conditions of a stack's resources as text: a table by namespace, a summary, and what to do. A stack on several lab hosts has
 * a table with the namespaces of each.
 */
export function statusText(status: StackStatus): string {
  const { project, stack, resources, beside, locks, unreachable } = status;
  const { objects = [], logs = [] } = Object.groupBy(beside, ({ what }) => (what === "log" ? "logs" : "objects"));
  return [
    resources.length === 0
      ? "This stack has no resources. `pulumi up` creates those of the program."
      : [paint("dim", `${project}/${stack}`), table(status), "", summary(resources)].join("\n"),
    ...(objects.length === 0
      ? []
      : ["", "Objects with the stack's mark that are not in its state:", withHelp(thingsText(objects), BESIDE)]),
    ...(logs.length === 0 ? [] : ["", LEFT_LOGS, withHelp(thingsText(logs), LOGS)]),
    ...unreachable.map(
      ({ host, answer }) => `\n${withHelp(`the lab host ${host} cannot be reached: ${answer}`, UNKNOWN)}`,
    ),
    ...locks.map((lock) => `\n${lockText(lock)}`),
  ].join("\n");
}

const UNKNOWN = "its objects are unknown, and count neither as present nor as missing";

const BESIDE =
  "`pulumi up` takes over the objects that the program declares, and `pulumi-netns clean` removes the others";

const LEFT_LOGS = "Logs of processes that are not in the stack's state, because they failed to start, for example:";

const LOGS =
  "`pulumi-netns logs NAME` shows the log of the process NAME. The next `pulumi up` that starts it takes the log over, and " +
  "`pulumi-netns clean` removes the logs of those that the program no longer declares";

function table(status: StackStatus): string {
  const hosts = [...new Set(status.resources.map(({ host }) => host ?? ""))].sort();
  if (hosts.every((host) => host === "")) return columns(placeRows(status, "lab host", ""));
  return columns(
    hosts.flatMap((host) => {
      const resources = status.resources.filter((one) => (one.host ?? "") === host);
      return [heading(host || "this machine", ""), ...placeRows({ ...status, resources }, undefined, "  ")];
    }),
  );
}

/**
 * Returns the rows of the places of one lab host.
 *
 * @param own The heading of the lab host's own network stack, which comes first; undefined if its rows have none.
 */
function placeRows(
  { resources: all, addresses, undeclared }: StackStatus,
  own: string | undefined,
  indent: string,
): string[][] {
  const namespaces = [...new Set(all.map(({ namespace }) => namespace ?? ""))].sort();
  return namespaces.flatMap((namespace) => {
    const resources = all.filter((one) => (one.namespace ?? "") === namespace);
    const title = namespace || own;
    const inner = title === undefined ? "" : indent;
    const place = placeAt({ host: resources[0]?.host, namespace });
    return [
      ...(title === undefined ? [] : [heading(title, indent)]),
      ...[
        ...resources.flatMap(rowsOf),
        ...addresses.filter((one) => one.place === place).map(addressRow),
        ...undeclared.filter((one) => one.place === place).map(objectRow),
      ].map(([first = "", ...rest]) => [`${inner}${first}`, ...rest]),
    ];
  });
}

const heading = (title: string, indent: string): string[] => [`${indent}${paint("bold", title)}`, "", "", ""];

const addressRow = ({ link, address, seconds }: UndeclaredAddress): string[] => [
  ...[seconds === undefined ? "  address" : "  lease", link, address],
  paint("dim", seconds === undefined ? NOT_DECLARED : `expires in ${timeLeft(seconds)}`),
];

const objectRow = ({ what, link = "", text }: UndeclaredObject): string[] => [
  ...[`  ${what}`, link, text],
  paint("dim", NOT_DECLARED),
];

const NOT_DECLARED = "not declared";

function timeLeft(seconds: number): string {
  const [count, unit] =
    seconds >= 7200 ? [seconds / 3600, "hours"] : seconds >= 120 ? [seconds / 60, "minutes"] : [seconds, "seconds"];
  return `${Math.floor(count)} ${unit}`;
}

function rowsOf({ type, name, id, condition, drift, log, owner }: ResourceStatus): string[][] {
  const whose = OWNERS[condition]?.(owner) ?? "";
  return [
    [`  ${type}`, name, id, paint(COLORS[condition], condition) + whose],
    ...(log === undefined ? [] : [["", "", "", paint("dim", `  log ${log}`)]]),
    ...drift.flatMap(driftTexts).map((text) => ["", "", "", `  ${text}`]),
  ];
}

/** The owner of an object that is not the resource's own. */
const OWNERS: Partial<Record<Condition, (owner: string | undefined) => string>> = {
  replaced: (owner) => ` by another resource: ${owner}`,
  foreign: (owner) => (owner === undefined ? " (no mark)" : ` (of stack ${owner})`),
};

const COLORS: Record<Condition, "green" | "yellow" | "red"> = {
  up: "green",
  drifted: "yellow",
  missing: "red",
  replaced: "yellow",
  foreign: "red",
  unknown: "yellow",
};

function summary(all: readonly ResourceStatus[]): string {
  const counts = (Object.keys(COLORS) as Condition[]).flatMap((condition) => {
    const count = all.filter((one) => one.condition === condition).length;
    return count === 0 ? [] : [`${count} ${condition}`];
  });
  return `${all.length} ${all.length === 1 ? "resource" : "resources"}: ${counts.join(", ")}${advice(all)}`;
}

const MENDED: readonly Condition[] = ["drifted", "missing", "replaced"];
const MENDS = "`pulumi refresh` records this in the state, and the next `pulumi up` corrects it.";
const FOREIGN =
  "`pulumi up` changes no foreign object: give the resource another name, or, if the object is no longer needed, delete it.";

function advice(all: readonly ResourceStatus[]): string {
  const conditions = new Set(all.map(({ condition }) => condition));
  return [
    ...(MENDED.some((one) => conditions.has(one)) ? [MENDS] : []),
    ...(conditions.has("foreign") ? [FOREIGN] : []),
  ]
    .map((line) => `\n${line}`)
    .join("");
}
