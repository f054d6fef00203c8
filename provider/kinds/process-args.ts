import * as v from "valibot";
import { args, field, formatValue, isUnknown } from "../schema.ts";
import { integer, namespaceName, oneOf, text, value } from "../values.ts";

const absolutePath = (example: string) =>
  text(`an absolute path, e.g. "${example}"`, (path) => (path.startsWith("/") && isPlain(path) ? path : undefined));

const words = () =>
  value(`a program and its arguments, e.g. ["dnsmasq", "--no-daemon"]`, (list) =>
    Array.isArray(list) && list.length > 0 && list[0] !== "" && list.every(isWord) ? (list as string[]) : undefined,
  );

/** Declares environment variables. Each failure is at its own variable and shows no value, since values may be passwords. */
const environment = () =>
  v.pipe(
    v.custom<Record<string, string>>(
      (value) => typeof value === "object" && value !== null && !Array.isArray(value),
      ({ input }) => `${formatValue(input)} is not a map of environment variables, e.g. { "TZ": "UTC" }`,
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      for (const [key, value] of Object.entries(dataset.value)) {
        const message = faultOfVariable(key, value);
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
  return isWord(value) ? undefined : 'has a value that is not a text without NUL, e.g. "UTC"';
}

const isWord = (word: unknown): boolean => isUnknown(word) || (typeof word === "string" && !word.includes("\0"));

const isPlain = (path: string): boolean => path.isWellFormed() && !/\p{Cc}/u.test(path);

export const processSchema = args({
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  command: field(words()),
  env: v.optional(field(environment())),
  cwd: v.optional(field(absolutePath("/srv")), "/"),
  log: v.optional(field(absolutePath("/var/log/web.log"))),
  stopSignal: v.optional(
    field(oneOf(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGKILL"])),
    "SIGTERM",
  ),
  settle: v.optional(field(integer("a time in milliseconds", 100, 60_000, 500)), 500),
});

export type ProcessArgs = v.InferOutput<typeof processSchema>;
