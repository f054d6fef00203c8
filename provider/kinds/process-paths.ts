/** The folder of everything that a process has on the lab host by default: its log, its files and a note. */
export const FOLDER = "/run/pulumi-netns";

/** Returns the default log of the process with a mark: the mark without its prefix, as a file name. */
export const logOf = (mark: string): string => pathOf(mark, "log");

/** Returns the folder of the files of the process with a mark. */
export const filesOf = (mark: string): string => pathOf(mark, "files");

/** Returns the note that tells which files and triggers the process with a mark has loaded. */
export const noteOf = (mark: string): string => pathOf(mark, "loaded");

/** Returns the mark from a path that one of the functions above has returned; undefined for other paths. */
export function markOfPath(path: string): string | undefined {
  const [, name = ""] = path.startsWith(`${FOLDER}/`) ? (SUFFIXED.exec(path.slice(FOLDER.length + 1)) ?? []) : [];
  return name === "" || name.includes("/") ? undefined : `pulumi-netns:${name.replaceAll(SLASH, "/")}`;
}

const pathOf = (mark: string, suffix: string): string =>
  `${FOLDER}/${mark.replace(PREFIX, "").replaceAll("/", SLASH)}.${suffix}`;

const PREFIX = /^pulumi-netns:/;

const SUFFIXED = /^(.*)\.(?:log|files|loaded)$/;

/** The replacement for a slash, which no mark contains. */
const SLASH = "+";
