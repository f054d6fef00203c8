import * as v from "valibot";
import { UserError } from "../provider/message.ts";
import type { Finding } from "./check.ts";
import { type CheckName, checkNames } from "./index.ts";

/** The severity of a check's findings. */
export type Level = "error" | "warn" | "off";

/** The setting of one check in a stack's configuration. */
export interface Setting {
  /** Undefined for the usual one: an error if the kernel certainly refuses the configuration, else a warning. */
  readonly level?: Level;
  /** The names of resources at which the check reports nothing. */
  readonly except: readonly string[];
}

export type Settings = Readonly<Record<CheckName, Setting>>;

/**
 * Parses a configuration value; an invalid one is an error that lists the valid values.
 *
 * @param key The key of the value in the stack's configuration.
 */
export function settings(value: unknown, key = "pulumi-netns:checks"): Settings {
  const read = v.safeParse(schema, value ?? {});
  if (!read.success) throw complaint(key, read.issues[0]);
  const said: Partial<Record<string, v.InferOutput<typeof one>>> = read.output;
  return Object.fromEntries(
    checkNames.map((name) => {
      const setting = said[name] ?? {};
      return [name, typeof setting === "string" ? { ...usual, level: setting } : { ...usual, ...setting }];
    }),
  ) as unknown as Settings;
}

/** Returns the severity of a finding by the setting of its check. */
export const levelOf = ({ level, except }: Setting, { about, refused }: Finding): Level =>
  except.includes(about.name) ? "off" : (level ?? (refused === undefined ? "warn" : "error"));

const usual: Setting = { except: [] };

const level = v.picklist(["error", "warn", "off"]);
const one = v.union([
  level,
  v.strictObject({ level: v.exactOptional(level), except: v.exactOptional(v.array(v.string())) }),
]);
const schema = v.record(v.picklist(checkNames), one);

function complaint(key: string, issue: v.BaseIssue<unknown>): UserError {
  const path = [key, ...(issue.path ?? []).map(({ key }) => String(key))].join(".");
  return new UserError(
    `configuration ${path} is invalid: ${JSON.stringify(issue.input)}`,
    `map checks (${checkNames.join(", ")}) to error, warn or off, or to { level, except }, where except lists names of ` +
      'resources, e.g. {"duplicate-address": "error", "mtu-mismatch": {"except": ["wire"]}}',
  );
}
