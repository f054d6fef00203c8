import type { Command, Outcome } from "../kernel.ts";

/** A command of `ip` as a line of a batch, and the options of the process that can do it. */
export interface Line {
  readonly namespace: string | undefined;
  /** `-6` where the family cannot be told from the line. */
  readonly family: string;
  readonly args: readonly string[];
  /** Whether it only looks. */
  readonly shows: boolean;
}

/** A command as a line of a batch; undefined when it cannot be one. */
export function lineOf({ tool, namespace, args, stdin }: Command): Line | undefined {
  const start = args.findIndex((word, index) => !word.startsWith("-") && args[index - 1] !== "-family");
  const [options, [object = "", verb = "", ...rest]] = [args.slice(0, start), args.slice(start)];
  if (tool !== "ip" || stdin !== undefined || start === -1 || !options.every(isKnown)) return undefined;
  if (!VERBS[object]?.includes(verb) || !rest.every(isPlain)) return undefined;
  const family = options.some((word) => word === "-6" || word === "inet6") ? "-6" : "";
  return { namespace, family, args: [object, verb, ...rest], shows: verb === "show" };
}

/** The options of an `ip` that does lines in a family, in JSON where it shows something. */
export const batchOptions = (family: string): readonly string[] => [
  ...(family === "" ? [] : [family]),
  "-json",
  "-details",
  "-batch",
  "-",
];

/** The answer of a line that was done and had nothing to say. */
export const SILENT: Outcome = { code: 0, stdout: "", stderr: "" };

/** The exit code of a line that failed. */
export const FAILED = 2;

/** What `ip` says of a line that failed, after saying why. */
export const failedAt = (line: number): string => `Command failed -:${line}\n`;

/**
 * What can be done one after the other in one process without a trace in it. A `link show` cannot: after it, `address
 * show` knows of no addresses.
 */
const VERBS: Readonly<Record<string, readonly string[]>> = {
  address: ["show", "add", "delete"],
  link: ["add", "set", "delete", "property"],
  netns: ["add", "delete"],
  route: ["show", "add", "replace", "delete"],
};

const isKnown = (option: string): boolean =>
  ["-json", "-details", "-family", "inet", "inet6", "-4", "-6"].includes(option);

/** A line has quotes and no escapes, and what follows a `#` is a comment. */
const isPlain = (word: string): boolean => /^[^\s"'\\#]+$/.test(word);
