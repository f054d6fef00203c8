import type { Language } from "../language.ts";
import { type Place, placeName, placeParts } from "../place.ts";
import type { TraceContext } from "./packet.ts";

/** Returns a resource as a line of a program. */
export function resource(
  { declared: { language } }: Pick<TraceContext, "declared">,
  type: string,
  args: Readonly<Record<string, string | undefined>>,
): string {
  const given = Object.entries(args).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, key === "namespace" ? placeArgument(value) : JSON.stringify(value)]],
  );
  return LINES[language](type, given);
}

/** The forms of a resource. One in Python has the names of Python. */
const LINES: Readonly<Record<Language, (type: string, args: readonly [string, string][]) => string>> = {
  typescript: (type, args) => `new ${type}("…", { ${pairs(args, ": ")} })`,
  yaml: (type, args) => `…: { type: "netns:${type}", properties: { ${pairs(args, ": ")} } }`,
  python: (type, args) =>
    `netns.${type}("…", ${pairs(
      args.map(([key, value]) => [snakeCase(key), value]),
      "=",
    )})`,
};

const pairs = (args: readonly (readonly [string, string])[], between: string): string =>
  args.map((pair) => pair.join(between)).join(", ");

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Returns a command as a user would type it for a place. */
export function command(place: Place, words: string): string {
  if (place === undefined) return words;
  const { host } = placeParts(place);
  return host === undefined ? `ip netns exec ${place} ${words}` : `pulumi-netns exec ${placeName(place)} -- ${words}`;
}

/** Returns a place as an argument in a program: a namespace of this machine by its name, another one as a variable. */
function placeArgument(place: string): string {
  const { host, namespace } = placeParts(place);
  return host === undefined ? `"${place}"` : (namespace ?? host);
}

/** Returns the help for an interface that is down. */
export const setsUp = (link: string): string =>
  `set up: true for ${link}, or run \`pulumi up --refresh\` if it was set down by hand`;
