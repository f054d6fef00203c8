import { type Field, type Fields, fieldsOf, itemFieldsOf, traitsOf } from "../../provider/schema.ts";
import type { ArgsInterface, Argument } from "./source.ts";

/**
 * Returns a section with a table of the arguments of an interface, followed by one for each group among them. Groups with the
 * same arguments, such as the two ends of a veth pair, share one.
 *
 * @throws Error if the SDK and the provider do not have the same arguments.
 */
export function argumentTables(args: ArgsInterface, fields: Fields): string[] {
  const pairs = paired(args, fields);
  const own = section(args, HEAD, pairs.map(row));
  const groups = pairs.flatMap(({ argument, field }) => argument.groups.flatMap((group) => groupTables(group, field)));
  return [...new Set([own, ...groups])];
}

/** A change in a list changes the list as a whole, so that the arguments of its items have no effect of their own. */
function groupTables(group: ArgsInterface, field: Field): string[] {
  const parts = fieldsOf(field);
  if (parts !== undefined) return argumentTables(group, parts);
  // A group that is not a group in the provider has no arguments there, which is reported as the error.
  paired(group, itemFieldsOf(field) ?? {});
  return plainTables(group);
}

/**
 * Returns sections as `argumentTables` does, without the effect of a change: for a component's arguments, which the provider does not
 * know, and for the items of a list.
 */
export function plainTables(args: ArgsInterface): string[] {
  const own = section(
    args,
    ["Argument", "Type", "Default", "Meaning"],
    args.members.map((argument) => [code(argument.name), typeCell(argument), otherwise(argument), meaning(argument)]),
  );
  return [...new Set([own, ...args.members.flatMap(({ groups }) => groups).flatMap(plainTables)])];
}

const section = ({ name, text }: ArgsInterface, head: readonly string[], rows: readonly string[][]): string =>
  [`## ${name}`, text, table(head, rows)].join("\n\n");

function paired({ name, members }: ArgsInterface, fields: Fields): { argument: Argument; field: Field }[] {
  const pairs = members.flatMap((argument) => {
    const field = fields[argument.sets];
    return field === undefined ? [] : [{ argument, field }];
  });
  const both = pairs.map(({ argument }) => argument.name);
  const given = Object.entries(fields).flatMap(([key, field]) => (traitsOf(field).setBySdk ? [] : [key]));
  const alone = [...members.map((member) => member.name), ...given].filter((key) => !both.includes(key));
  if (alone.length > 0) throw new Error(`${name} and the provider's schema do not both have ${alone.join(", ")}`);
  return pairs;
}

/** Returns the effect that a change of an argument has on the object. */
function changeOf(field: Field): string {
  const { replaces = false } = traitsOf(field);
  return typeof replaces === "function" ? "`updates` or `replaces`" : code(replaces ? "replaces" : "updates");
}

const HEAD = ["Argument", "Type", "Default", "Change", "Meaning"];

const row = ({ argument, field }: { argument: Argument; field: Field }): string[] => [
  code(argument.name),
  typeCell(argument),
  otherwise(argument),
  fieldsOf(field) === undefined ? changeOf(field) : "see below",
  meaning(argument),
];

/** Returns the type of an argument, with a link to the section of its group. */
function typeCell({ type, groups: [group] }: Argument): string {
  if (group !== undefined) return `[${code(type)}](#${group.name.toLowerCase()})`;
  return code(isLong(type) ? type.replace(/"[^"]*"( \| "[^"]*")*/, "string") : type);
}

const meaning = ({ type, text }: Argument): string =>
  isLong(type) ? `${text} Values: ${valuesIn(type).map(code).join(", ")}.` : text;

/** Returns true for a type with so many values that they follow the meaning: in the column of types they would leave no space for it. */
const isLong = (type: string): boolean => valuesIn(type).length > 8;

const valuesIn = (type: string): string[] => type.match(/"[^"]*"/g) ?? [];

const otherwise = ({ required, default: value }: Argument): string => (required ? "required" : value);

const code = (text: string): string => `\`${text}\``;

/** Returns a table with aligned columns, as the formatter requires for Markdown. */
export function table(head: readonly string[], rows: readonly string[][]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const [first, ...rest] = cells.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
  return [first, line(widths.map((width) => "-".repeat(width))), ...rest].join("\n");
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
