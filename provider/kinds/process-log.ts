/** The folder of the default logs. */
export const LOGS = "/run/pulumi-netns";

/** Returns the default log of the process with a mark: the mark without its prefix, as a file name. */
export const logOf = (mark: string): string => `${LOGS}/${mark.replace(PREFIX, "").replaceAll("/", SLASH)}.log`;

/** Returns the mark from a file name that {@link logOf} has returned; undefined for other files. */
export function markOfLog(path: string): string | undefined {
  const name = path.startsWith(`${LOGS}/`) && path.endsWith(".log") ? path.slice(LOGS.length + 1, -4) : "";
  return name === "" || name.includes("/") ? undefined : `pulumi-netns:${name.replaceAll(SLASH, "/")}`;
}

const PREFIX = /^pulumi-netns:/;

/** The replacement for a slash, which no mark contains. */
const SLASH = "+";
