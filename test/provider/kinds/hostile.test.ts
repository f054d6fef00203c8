import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argv, inputOf } from "../../../provider/kernel/command.ts";
import type { Kind } from "../../../provider/kind.ts";
import { initialGroup, initialMac, type LinkPlace } from "../../../provider/kinds/link.ts";
import { creationNote } from "../../../provider/notes.ts";
import { check } from "../../../provider/schema.ts";
import { everyArgument } from "../../support/every-kind.ts";
import { hostile } from "../../support/strange.ts";
import { MARK, ready, valueAt, withValue } from "../samples.ts";

const HARMLESS = "harmless0";

/** Returns the commands that create an object, each with its words and the lines of its input. */
const commands = (kind: Kind, args: object) =>
  kind
    .plan({ seen: undefined, desired: ready(kind, args), mark: MARK })
    .map(({ run }) => ({ words: argv(run), lines: inputOf(run)?.split("\n") ?? [] }));

/**
 * Returns the texts that are derived from arguments: the initial MAC addresses and groups of links, the notes of creations and of the
 * stacks that own routes, the digests of process definitions, the handles and cookies of queueing disciplines and filters, and the names of
 * ifbs.
 */
const derived = (kind: Kind, args: object): string[] => {
  const { a, b, ...own } = ready(kind, args) as { a?: LinkPlace; b?: LinkPlace } & Partial<LinkPlace>;
  return [
    ...[a, b, own].flatMap(({ name, namespace } = {}) =>
      name === undefined
        ? []
        : [
            initialMac({ name, namespace }, MARK),
            String(initialGroup({ name, namespace }, MARK)),
            creationNote(name, MARK),
          ],
    ),
    ...commands(kind, args).flatMap(({ words }) =>
      words.filter(
        (word, index) =>
          /^(PULUMI_NETNS_DEFINITION=|pulumi-netns:route:|ifb-)/.test(word) ||
          ["group", "address", "handle", "parent", "classid", "cookie"].includes(words[index - 1] ?? ""),
      ),
    ),
  ];
};

const isTaken = (kind: Kind, args: object): boolean => "args" in check(kind.schema, args);

// The standard input of a command is any text, and no tool of the provider reads it.
const texts = everyArgument.filter(({ args, path }) => typeof valueAt(args, path) !== "object" && path !== "stdin");
const free = texts.flatMap((one) => {
  // A path is any text after its first character.
  const start = ["", "/"].find((start) => isTaken(one.kind, withValue(one.args, one.path, start + HARMLESS)));
  return start === undefined ? [] : [{ ...one, start }];
});
const strict = texts.filter(({ args, path }) => !free.some((other) => other.args === args && other.path === path));

test("only names of interfaces and namespaces, values of sysctls, and paths accept any text", () => {
  expect(new Set(free.map(({ path }) => path.split(".").at(-1)))).toEqual(
    new Set([
      "name",
      "altname",
      "namespace",
      "master",
      "interface",
      "link",
      "linkNamespace",
      "dev",
      "primary",
      "underlay",
      "iif",
      "oif",
      "inInterface",
      "outInterface",
      "value",
      "via",
      "cwd",
      "user",
      "from",
      "group",
      "log",
    ]),
  );
});

describe.each(free)("$type $path", ({ type, kind, args, path, start }) => {
  const usual = withValue(args, path, start + HARMLESS);
  const harmless = commands(kind, usual);
  const followed = derived(kind, usual);

  test("refuses hostile text, or has it only at the place of harmless text", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const news = withValue(args, path, start + text);
        if (!isTaken(kind, news)) return;
        const normal = String(valueAt(ready(kind, news), path));
        expect(normal).not.toMatch(/\p{Cc}/u);
        const follows = derived(kind, news);
        // In the key of an interface's sysctl, a dot in the interface's name is written as a slash.
        const spelled = type === "Sysctl" && path === "interface" ? normal.replaceAll(".", "/") : normal;
        const put = (word: string) =>
          follows[followed.indexOf(word)] ?? word.replaceAll(start + HARMLESS, () => spelled);
        expect(commands(kind, news)).toEqual(
          harmless.map(({ words, lines }) => ({ words: words.map(put), lines: lines.map(put) })),
        );
      }),
      { numRuns: 10 },
    );
  });

  test("has the text in one word, or between the quotes of one string", () => {
    for (const { words, lines } of harmless) {
      for (const word of words) expect(word.split(HARMLESS).length).toBeLessThanOrEqual(2);
      for (const line of lines) expect(line.replaceAll(`"${HARMLESS}"`, "")).not.toContain(HARMLESS);
    }
  });

  test("has no text in a shell script", () => {
    for (const { words } of harmless) {
      const scripts = words.filter((_word, index) => words[index - 1] === "-c");
      for (const script of scripts) expect(script).not.toContain(HARMLESS);
    }
  });

  test("refuses text that begins like an option, except as the value of a sysctl and as the text to search for in a log", () => {
    expect(isTaken(kind, withValue(args, path, "-n"))).toBe(path === "value" || path === "ready.log");
  });

  test("refuses a quote in input for nft", () => {
    const reads = harmless.some(({ lines }) => lines.some((line) => line.includes(HARMLESS)));
    if (reads) expect(isTaken(kind, withValue(args, path, 'x"y'))).toBe(false);
  });
});

describe.each(strict)("$type $path", ({ kind, args, path }) => {
  test("refuses all hostile text", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const news = withValue(args, path, text);
        // A number with blanks around it, which a sysctl's value may have, is harmless.
        expect(isTaken(kind, news) ? String(valueAt(ready(kind, news), path)) : "0").toMatch(/^\d+$/);
      }),
      { numRuns: 10 },
    );
  });
});
