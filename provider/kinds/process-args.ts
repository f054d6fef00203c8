import * as v from "valibot";
import { args, field, isUnknown } from "../schema.ts";
import { integer, namespaceName, oneOf, text, value } from "../values.ts";

const absolutePath = (example: string) =>
  text(`an absolute path, e.g. "${example}"`, (path) => (path.startsWith("/") && isPlain(path) ? path : undefined));

const words = () =>
  value(`a program and its arguments, e.g. ["dnsmasq", "--no-daemon"]`, (given) =>
    Array.isArray(given) && given.length > 0 && given[0] !== "" && given.every(isWord)
      ? (given as string[])
      : undefined,
  );

const environment = () =>
  value(`variables by their names, none of them PULUMI_NETNS_…, e.g. { "TZ": "UTC" }`, (given) => {
    if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
    const right = Object.entries(given).every(([name, word]) => NAME.test(name) && isWord(word));
    return right ? (given as Record<string, string>) : undefined;
  });

const NAME = /^(?!PULUMI_NETNS_)[A-Za-z_]\w*$/;

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
