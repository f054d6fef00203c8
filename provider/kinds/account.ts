import { KernelError } from "../errors.ts";
import type { Command } from "../kernel/command.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { value } from "../value.ts";

/* Users and groups of the lab host, each by its name or its number. */

/** Declares a user or a group: its name, or its number. */
export const accountName = (what: "user" | "group") =>
  value(
    `a ${what} of the lab host: a name such as "${what === "user" ? "alice" : "kvm"}", or a number from 0 to ${MAX_ID}`,
    (given): number | string | undefined => {
      if (typeof given === "string" && /^[A-Za-z_][\w.-]{0,30}\$?$/.test(given)) return given;
      const id = typeof given === "string" && /^\d{1,10}$/.test(given) ? Number(given) : given;
      return typeof id === "number" && Number.isInteger(id) && id >= 0 && id <= MAX_ID ? id : undefined;
    },
  );

// The kernel uses the next number for "no user" and "no group".
const MAX_ID = 4_294_967_294;

/**
 * Returns the user or group that `ip` shows, by name or by number as in the program. `ip` shows the name if the lab host has one for the
 * number, so the name of a wanted number is queried.
 */
export async function accountOf(
  kernel: KernelClient,
  database: "passwd" | "group",
  wanted: number | string | undefined,
  shown: unknown,
): Promise<number | string> {
  if (typeof shown === "number") return shown;
  if (typeof wanted !== "number") return String(shown);
  const command: Command = { tool: "getent", args: [database, String(wanted)], query: true };
  const result = await kernel.run(command);
  if (result.code !== 0 && result.code !== NO_ACCOUNT) throw new KernelError(command, result);
  return result.stdout.split(":")[0] === shown ? wanted : String(shown);
}

/** The exit code of getent for a key that it does not find. */
const NO_ACCOUNT = 2;
