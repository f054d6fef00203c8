import * as v from "valibot";
import { isNetmask } from "./address-faults.ts";
import { formatValue } from "./format-value.ts";

/**
 * Returns the reason to refuse a list in one text, as other tools have it, such as `ESTABLISHED,RELATED`; undefined for another value.
 *
 * @param item The schema of an item, by which each part of the text is valid and the whole is not.
 */
export function faultOfListInText(given: unknown, item: v.GenericSchema): string | undefined {
  const parts = typeof given === "string" ? partsOf(given, item) : [];
  return parts.length === 0
    ? undefined
    : `${formatValue(given)} is a list in one text; write [${parts.map(formatValue).join(", ")}]`;
}

/** Declares an item, or a value that may be a list, and refuses a list in one text. */
export const oneInText = <T>(item: v.GenericSchema<unknown, T>) =>
  v.lazy((input) => {
    const fault = faultOfListInText(input, item);
    return fault === undefined ? item : v.custom<T>(() => false, fault);
  });

function partsOf(text: string, item: v.GenericSchema): unknown[] {
  if (!/[,; ]/.test(text) || v.safeParse(item, text).success) return [];
  const parts = text.split(/[,;]/.test(text) ? / *[,;] */ : / +/).filter((part) => part !== "");
  if (parts.length < 2 || isNetmask(parts[1] ?? "")) return [];
  const spelled = parts.map((part) =>
    [/^\d+$/.test(part) ? Number(part) : part, part, part.toLowerCase()].find((one) => v.is(item, one)),
  );
  return spelled.every((part) => part !== undefined) ? spelled : [];
}
