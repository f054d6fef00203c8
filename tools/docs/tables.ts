import { type Field, type Fields, fieldsOf, itemFieldsOf, traitsOf } from "../../provider/schema.ts";
import type { ArgsInterface, Argument } from "./source.ts";

/**
 * Returns a Markdown table of the arguments of an interface, followed by one for each group among them. Groups with the
 * same arguments, such as the two ends of a veth pair, share one.
 *
 * @throws Error if the SDK and the provider do not have the same arguments.
 */
export function argumentTables(args: ArgsInterface, fields: Fields): string[] {
  const pairs = paired(args, fields);
  const rows = pairs.map(({ argument, field }) => row(argument, field));
  const own = [`## ${args.name}`, args.text, table(HEAD, rows)].join("\n\n");
  // A group that is not a group in the provider has no arguments there, which is reported as the error.
  const groups = pairs.flatMap(({ argument: { group }, field }) =>
    group === undefined ? [] : argumentTables(group, fieldsOf(field) ?? itemFieldsOf(field) ?? {}),
  );
  return [...new Set([own, ...groups])];
}

/** Returns the table of a component's arguments. The provider does not know them, so it does not show the effect of a change. */
export const componentTable = ({ name, text, members }: ArgsInterface): string =>
  [
    `## ${name}`,
    text,
    table(
      ["Argument", "Type", "Default", "Meaning"],
      members.map(({ name, type, required, default: otherwise, text }) => [
        code(name),
        code(type),
        required ? "required" : otherwise,
        text,
      ]),
    ),
  ].join("\n\n");

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

function row(argument: Argument, field: Field): string[] {
  const { name, type, group, required, text } = argument;
  return [
    code(name),
    code(type),
    required ? "required" : argument.default,
    group !== undefined ? "see below" : changeOf(field),
    text,
  ];
}

const code = (text: string): string => `\`${text}\``;

/** Returns a table with aligned columns, as the formatter requires for Markdown. */
export function table(head: readonly string[], rows: readonly string[][]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const [first, ...rest] = cells.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
  return [first, line(widths.map((width) => "-".repeat(width))), ...rest].join("\n");
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
