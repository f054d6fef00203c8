import * as v from "valibot";
import { args, field, group, list, rule } from "../schema.ts";
import { integer, interfaceName, namespaceName, text, value } from "../values.ts";
import { markOfPath } from "./process-paths.ts";
import {
  absolutePath,
  environment,
  fileTexts,
  isEmpty,
  isPlain,
  isWords,
  optionalWords,
  SIGNALS,
  signal,
  triggers,
  words,
} from "./program-args.ts";

/** How a running program takes over a change of its files or triggers: by a restart, a signal or a command. */
type OnChange = "restart" | (typeof SIGNALS)[number] | string[];

const onChange = () =>
  value<OnChange>(
    {
      what: `"restart", "reload", a signal or a command`,
      rules: `, e.g. "SIGUSR1" or ["nginx", "-s", "reload"]`,
      fault: (given) => (isEmpty(given) ? "it is empty; leave it out for a restart" : undefined),
    },
    (given) => {
      if (given === "restart") return given;
      // The signal by which most daemons read their configuration again.
      if (given === "reload") return "SIGHUP";
      const signal = SIGNALS.find((one) => one === given);
      if (signal !== undefined) return signal;
      return isWords(given) && given.length > 0 && given[0] !== "" ? given : undefined;
    },
  );

const lineText = () =>
  text(`a text without line breaks, e.g. "listening"`, (line) => (line !== "" && isPlain(line) ? line : undefined));

const ready = group(
  {
    tcp: v.optional(field(integer("a TCP port", 1, 65_535, 179))),
    udp: v.optional(field(integer("a UDP port", 1, 65_535, 67))),
    command: optionalWords(`["nc", "-z", "127.0.0.1", "53"]`),
    log: v.optional(field(lineText())),
    timeout: v.optional(field(integer("a time in milliseconds", 1000, 600_000, 30_000)), 30_000),
  },
  (known) =>
    v.pipe(
      known,
      rule<v.InferOutput<typeof known>, "tcp" | "udp" | "command" | "log">(
        ["tcp", "udp", "command", "log"],
        ({ tcp, udp, command, log }) =>
          [tcp, udp, command, log].every((one) => one === undefined)
            ? { why: `no condition: set tcp, udp, command or log, e.g. { "tcp": 179 }` }
            : undefined,
      ),
    ),
  "put a port into an object, e.g. { tcp: 80 }",
);

const fields = args({
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  command: field(words()),
  files: v.optional(field(fileTexts())),
  onChange: v.optional(field(onChange())),
  triggers: v.optional(field(triggers())),
  interfaces: v.optional(list(interfaceName(), "a list of interface names")),
  ready: v.optional(ready),
  env: v.optional(field(environment())),
  cwd: v.optional(field(absolutePath("/srv"))),
  log: v.optional(field(absolutePath("/var/log/web.log"))),
  stopSignal: v.optional(field(signal()), "SIGTERM"),
  settle: v.optional(field(integer("a time in milliseconds", 100, 60_000, 500)), 500),
});

export const processSchema = v.pipe(
  fields,
  rule<ProcessArgs, "files" | "cwd">(["files", "cwd"], ({ files, cwd }) =>
    // The arguments may be those of a state, in which the folder is filled in.
    files !== undefined && cwd !== undefined && markOfPath(cwd) === undefined
      ? { at: "cwd", why: "cannot be combined with files: the folder of the files is the working directory" }
      : undefined,
  ),
  rule<ProcessArgs, "files">(["files"], ({ files = {} }) => {
    const names = Object.keys(files);
    const both = names.find((name) => names.some((other) => other.startsWith(`${name}/`)));
    return both === undefined ? undefined : { at: "files", why: `"${both}" is a file and a folder` };
  }),
);

export type ProcessArgs = v.InferOutput<typeof fields>;
