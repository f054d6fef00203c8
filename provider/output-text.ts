import { withHelp } from "./message.ts";
import type { Failure } from "./schema.ts";

/*
 * A program that puts an Output or an object into a template string gets a text that says so, and no type forbids it: it would be
 * the name of an interface, or a word of a command.
 */

/** Returns the failures of all texts in arguments that contain an Output or an object as text, each at its property. */
export const outputTexts = (args: object): Failure[] => textsIn(args, "");

function textsIn(value: unknown, property: string): Failure[] {
  if (typeof value === "string") {
    const reason = faultOfText(value);
    return reason === undefined ? [] : [{ property, reason }];
  }
  if (typeof value !== "object" || value === null) return [];
  const before = property === "" ? "" : `${property}.`;
  return Object.entries(value).flatMap(([key, inner]) => {
    const fault = faultOfText(key, KNOWN_KEY);
    return fault === undefined ? textsIn(inner, before + key) : [{ property, reason: `a key of it ${fault}` }];
  });
}

/**
 * Returns why a text is not what the program meant; undefined if it contains no Output and no object.
 *
 * @param remedy The help for a text that contains an Output.
 */
export function faultOfText(text: string, remedy?: string): string | undefined {
  const language = LANGUAGES.find(({ sign }) => text.includes(sign));
  if (language !== undefined) {
    return withHelp(
      "contains an Output as text: its value is not known when the program builds the text",
      remedy ?? language.remedy,
    );
  }
  return text.includes("[object Object]")
    ? withHelp("contains an object as text", "use a property of the object, such as its name")
    : undefined;
}

/** The texts that Pulumi's SDKs make of an Output, and how a program builds the text instead. */
const LANGUAGES = [
  {
    sign: "Calling [toString] on an [Output<T>] is not supported",
    remedy: "build the text with pulumi.interpolate`… ${output} …`",
  },
  {
    sign: "Calling __str__ on an Output[T] is not supported",
    remedy: 'build the text with pulumi.Output.format("… {0} …", output)',
  },
] as const;

const KNOWN_KEY =
  "the keys of a map must be known when the program runs: use a constant, or the text from which the Output comes";
