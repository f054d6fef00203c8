import type { StackView } from "../inspect/stack.ts";
import { hostsOf, type StackHost } from "../inspect/stack-hosts.ts";
import { UserError } from "../provider/message.ts";
import { findHost } from "./namespaces.ts";

/** Returns whether a user means all hosts whose names match. */
export const isPattern = (given: string): boolean => given.includes("*");

/**
 * Returns the hosts that a user named: those whose names match a pattern, a single one, or all.
 *
 * @param findOne Finds a single one by its name.
 * @throws UserError if there is none.
 */
export function hostsNamed(view: StackView, given: string | undefined, findOne = findHost): readonly StackHost[] {
  const all = hostsOf(view);
  if (given === undefined) return all;
  if (!isPattern(given)) return [findOne(view, given)];
  const pattern = new RegExp(`^${given.split("*").map(escaped).join(".*")}$`);
  const found = all.filter(({ name }) => pattern.test(name));
  if (found.length > 0) return found;
  throw new UserError(
    `no host of this stack matches "${given}"`,
    `the hosts are ${all.map(({ name }) => name).join(", ")}`,
  );
}

const escaped = (text: string): string => text.replaceAll(/[^\w/]/g, String.raw`\$&`);
