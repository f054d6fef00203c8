import * as v from "valibot";
import { UserError } from "../provider/message.ts";
import { type CheckName, checkNames } from "./index.ts";

/** How much a check's findings weigh. */
export type Level = "error" | "warn" | "off";

/** What a stack's configuration says of one check. */
export interface Setting {
  readonly level: Level;
  /** Resources, by name, at which the check says nothing. */
  readonly except: readonly string[];
}

export type Settings = Readonly<Record<CheckName, Setting>>;

/** Reads the configuration value `pulumi-netns:checks`; a mistake is an error that says what is allowed. */
export function settings(value: unknown): Settings {
  const read = v.safeParse(schema, value ?? {});
  if (!read.success) throw complaint(read.issues[0]);
  const said: Partial<Record<string, v.InferOutput<typeof one>>> = read.output;
  return Object.fromEntries(
    checkNames.map((name) => {
      const setting = said[name] ?? {};
      return [name, typeof setting === "string" ? { ...usual, level: setting } : { ...usual, ...setting }];
    }),
  ) as unknown as Settings;
}

const usual: Setting = { level: "warn", except: [] };

const level = v.picklist(["error", "warn", "off"]);
const one = v.union([
  level,
  v.strictObject({ level: v.exactOptional(level), except: v.exactOptional(v.array(v.string())) }),
]);
const schema = v.record(v.picklist(checkNames), one);

function complaint(issue: v.BaseIssue<unknown>): UserError {
  const path = ["pulumi-netns:checks", ...(issue.path ?? []).map(({ key }) => String(key))].join(".");
  return new UserError(
    `configuration ${path} is invalid: ${JSON.stringify(issue.input)}`,
    `map checks (${checkNames.join(", ")}) to error, warn or off, or to { level, except }, where except lists names of ` +
      'resources, e.g. {"duplicate-address": "error", "mtu-mismatch": {"except": ["wire"]}}',
  );
}
