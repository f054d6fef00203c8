import { callsOf, Use } from "./calls.ts";
import { commandsThatMake } from "./found.ts";
import type { Lab } from "./lab.ts";
import type { Event, Life } from "./life.ts";

/** Returns a life as text with which a user can repeat it: the programs, and the actions between them. */
export const textOf = ({ order, events }: Life): string =>
  [
    ...(order === undefined ? [] : [`the engine does what it may do in any order as ${order} has it`]),
    ...events.map((event, at) => `${at}. ${sayEvent(event)}`),
  ].join("\n");

function sayEvent(event: Event): string {
  const stack = event.stack === "one" ? "" : ` in the stack ${event.stack}`;
  switch (event.do) {
    case "drift":
      return `by hand, and then refresh and up${stack}:\n${indent(event.commands.map((words) => words.join(" ")).join("\n"))}`;
    case "destroy":
      return `destroy${stack}`;
    case "crash":
      return `up${stack} that dies after ${event.after} commands, and what it has done is ${event.keeping === "steps" ? "in the state" : "in no state"}; then ${event.then === "back" ? "up of the former program, and " : ""}up:${said(event.by)}\n${indent(programText(event.lab))}`;
    case "fail":
      return `up${stack} that fails after ${event.after} changes, and then up of the former program and ${event.then}:${said(event.by)}\n${indent(programText(event.lab))}`;
    case "up":
      return `${sayFound(event)}up${stack}:${said(event.by)}\n${indent(programText(event.lab))}`;
  }
}

/** Returns the text of the objects that were made by hand before an up. */
function sayFound({ lab, found = [] }: Extract<Event, { do: "up" }>): string {
  const commands = commandsThatMake(lab, found).map((words) => words.join(" "));
  return commands.length === 0 ? "" : `by hand:\n${indent(commands.join("\n"))}\n   and then `;
}

const said = (by: readonly string[]): string => (by.length === 0 ? "" : ` (${by.join("; ")})`);

const indent = (text: string): string => text.replaceAll(/^/gm, "   ");

/** Returns the text of a lab's program. */
export function programText(lab: Lab): string {
  if (lab.length === 0) return "// nothing";
  const variable = (key: number): string => `${lab.find((thing) => thing.key === key)?.kind ?? "it"}${key}`;

  function say(value: unknown): string {
    if (value instanceof Use) return [variable(value.key), ...value.path].join(".");
    if (Array.isArray(value)) return `[${value.map(say).join(", ")}]`;
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const entries = Object.entries(value).map(([name, one]) => `${name}: ${say(one)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }

  return callsOf(lab)
    .flatMap(({ key, type, id, args, options, then }) => {
      const all = [`"${id}"`, say(args), ...(Object.keys(options).length > 0 ? [say(options)] : [])];
      return [
        `const ${variable(key)} = new ${type}(${all.join(", ")});`,
        ...then.map(({ method, args }) => `${variable(key)}.${method}(${args.map(say).join(", ")});`),
      ];
    })
    .join("\n");
}
