import { type Place, placeName, placeParts } from "../place.ts";

/** Returns a resource as a line of a program. */
export function resource(type: string, args: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(args).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${key === "namespace" ? placeArgument(value) : `"${value}"`}`],
  );
  return `new ${type}("…", { ${given.join(", ")} })`;
}

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
