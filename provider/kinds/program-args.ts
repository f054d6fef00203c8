import * as v from "valibot";
import { formatValue } from "../format-value.ts";
import { withHelp } from "../message.ts";
import { field, isUnknown } from "../schema.ts";
import { oneOf, text, value } from "../values.ts";

/* The arguments that programs of a lab share: a Process and a Command. */

/** The signals that a program may get. */
export const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGKILL"] as const;

/** Declares a signal. */
export const signal = () => oneOf(SIGNALS);

/** Declares an absolute path. */
export const absolutePath = (example: string) =>
  text(`an absolute path, e.g. "${example}"`, (path) => (path.startsWith("/") && isPlain(path) ? path : undefined));

/** Declares a program and its arguments. */
export const words = (example = `["dnsmasq", "--no-daemon"]`, fault = faultOfWords) =>
  value({ what: "a program and its arguments", rules: `, e.g. ${example}`, fault }, (list) =>
    isWords(list) && list.length > 0 && list[0] !== "" && faultOfWords(list) === undefined ? list : undefined,
  );

/** Declares a program and its arguments, which may be left out. */
export const optionalWords = (example?: string) =>
  v.optional(field(words(example, (list) => (isEmpty(list) ? "it is empty; leave it out" : faultOfWords(list)))));

/** Declares environment variables. Each failure is at its own variable and shows no value, since values may be passwords. */
export const environment = () => textMap('a map of environment variables, e.g. { "TZ": "UTC" }', faultOfVariable);

/** Declares files by their names. No failure shows a text, since texts may be secret. No files count as absent. */
export const fileTexts = () =>
  v.pipe(
    textMap(`a map of file names and texts, e.g. { "dnsmasq.conf": "no-resolv\\n" }`, faultOfFile),
    v.transform((files) => (Object.keys(files).length === 0 ? undefined : files)),
  );

/** Declares the standard input. */
export const input = () =>
  value({ what: "text", rules: "", fault: (given) => `it ${faultOfContent(given) ?? ""}` }, (given) =>
    faultOfContent(given) === undefined ? (given as string) : undefined,
  );

/** Declares values whose change has an effect, whatever they are. */
export const triggers = () =>
  v.pipe(
    v.array(
      field(
        v.custom<string | number | boolean>(
          (one) => ["string", "number", "boolean"].includes(typeof one),
          ({ input }) => `${formatValue(input)} is not a text, a number or true or false`,
        ),
      ),
      ({ input }) => `${formatValue(input)} is not a list of values`,
    ),
    v.transform((all) => (all.length === 0 ? undefined : all)),
  );

/** Returns whether a text has no control characters. */
export const isPlain = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text);

/** Returns whether a value is a list of words. */
export const isWords = (list: unknown): list is string[] => Array.isArray(list) && list.every(isWord);

/** Returns whether a value is a list without items. */
export const isEmpty = (list: unknown): boolean => Array.isArray(list) && list.length === 0;

/** Returns the mistake in a command, if it is a number among its words or a line that a shell would split. */
function faultOfWords(list: unknown): string | undefined {
  const notText = Array.isArray(list)
    ? list.find((word) => typeof word === "number" || typeof word === "boolean")
    : undefined;
  if (notText !== undefined) return `${String(notText)} is not text; write "${String(notText)}"`;
  const [line, ...others] = isWords(list) ? list : [list];
  if (typeof line !== "string" || others.length > 0 || !/\S\s/.test(line) || line.startsWith("/")) return undefined;
  const [syntax] = /[<>|&;$"'`]/.exec(line) ?? [];
  return syntax === undefined
    ? `no shell splits a line; write ${JSON.stringify(line.trim().split(/\s+/))}`
    : `no shell splits a line or interprets its ${syntax}; write ${JSON.stringify(["sh", "-c", line.trim()])}`;
}

const textMap = (what: string, faultOf: (name: string, text: unknown) => string | undefined) =>
  v.pipe(
    v.custom<Record<string, string>>(
      (value) => typeof value === "object" && value !== null && !Array.isArray(value),
      ({ input }) => `${formatValue(input)} is not ${what}`,
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      for (const [key, value] of Object.entries(dataset.value)) {
        const message = faultOf(key, value);
        if (message !== undefined)
          addIssue({ message, path: [{ type: "object", origin: "value", input: dataset.value, key, value }] });
      }
    }),
  );

function faultOfVariable(name: string, value: unknown): string | undefined {
  if (name.startsWith("PULUMI_NETNS_"))
    return "is a reserved name: variables PULUMI_NETNS_… mark the processes of the stack";
  if (!/^[A-Za-z_]\w*$/.test(name))
    return 'is not a variable name: letters, digits and _, not beginning with a digit, e.g. "TZ"';
  return faultOfContent(value);
}

function faultOfFile(name: string, text: unknown): string | undefined {
  if (!/^[\w.@+-]+(\/[\w.@+-]+)*$/.test(name) || name.split("/").some((part) => part === "." || part === ".."))
    return 'is not a file name: letters, digits and "_.@+-", in folders of such names, e.g. "frr.conf" or "conf.d/lan.conf"';
  return faultOfContent(text);
}

/** Returns why a value is not the content of a file, a variable or the standard input. It does not show the value, which may be secret. */
function faultOfContent(value: unknown): string | undefined {
  if (isWord(value)) return undefined;
  if (typeof value === "string") return "contains a NUL character, which no text of a program may have";
  if (typeof value === "number" || typeof value === "boolean") return `is a ${typeof value}; write it as text`;
  if (value === null || value === undefined) return "is no value, where text is required";
  return withHelp(
    `is ${Array.isArray(value) ? "a list" : "an object"}, where text is required`,
    "encode it, e.g. with JSON.stringify(…) in TypeScript, json.dumps(…) in Python or fn::toJSON in YAML",
  );
}

const isWord = (word: unknown): boolean => isUnknown(word) || (typeof word === "string" && !word.includes("\0"));
