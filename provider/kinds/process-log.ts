/** The folder of the logs that no program has named. */
export const LOGS = "/run/pulumi-netns";

/** The log of the process that bears a mark, where its program names none: the mark without its prefix, as a file's name. */
export const logOf = (mark: string): string => `${LOGS}/${mark.replace(PREFIX, "").replaceAll("/", SLASH)}.log`;

/** The mark that {@link logOf} has made the name of a file of; undefined for other files. */
export function markOfLog(path: string): string | undefined {
  const name = path.startsWith(`${LOGS}/`) && path.endsWith(".log") ? path.slice(LOGS.length + 1, -4) : "";
  return name === "" || name.includes("/") ? undefined : `pulumi-netns:${name.replaceAll(SLASH, "/")}`;
}

const PREFIX = /^pulumi-netns:/;

/** What stands for a slash, and is in no mark. */
const SLASH = "+";
