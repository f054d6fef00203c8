import * as v from "valibot";
import type { Declared } from "../checks/check.ts";
import { runChecks, textOf } from "../checks/index.ts";
import { levelOf, type Settings, settings } from "../checks/settings.ts";
import { kindOf } from "../provider/kind-of.ts";
import { isUnknown } from "../provider/schema.ts";

/** The checks over the whole lab, for a program without the SDK, which would run them at its end. */
export interface LabChecks {
  /** Records a resource that the program declares. */
  record(resource: RecordedResource): void;
  /** Records that the run has failed: a part of a lab is not checked. */
  fail(): void;
  /** Runs the checks once, at the end of the run. */
  run(): readonly LabFinding[];
}

/** A resource that a program declares. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Its arguments as they are checked, with their defaults. */
  readonly args: object;
  /** Its arguments as the program gives them. */
  readonly given: object;
  /** The dotted paths of its secret arguments. */
  readonly secret: readonly string[];
}

/** A finding, as the engine shows it at its resource. */
export interface LabFinding {
  readonly urn: string;
  readonly level: "error" | "warn";
  readonly text: string;
}

/**
 * Returns the checks of one run.
 *
 * @param config The configuration of the stack, as the engine passes it to a plugin.
 */
export function labChecks(config: string | undefined): LabChecks {
  // By URN: the engine checks a resource that it replaces twice.
  const declared = new Map<string, Declared>();
  let levels: Settings | undefined;
  let failed = false;

  return {
    record({ type, name, urn, args, given, secret }) {
      // An invalid configuration is an error at the first resource.
      levels ??= settings(configured(config), "netns:checks");
      // The outputs that follow from the arguments are no secrets, unlike the arguments that they follow from.
      const all = { ...withEmptyLists(args, given), ...kindOf(type).derive?.({ ...args }) };
      declared.set(urn, { type, name, args: known(all, "", new Set(secret)) });
    },

    fail() {
      failed = true;
    },

    run() {
      const all = failed ? [] : [...declared.values()];
      const urns = new Map([...declared].map(([urn, one]) => [one, urn]));
      declared.clear();
      return runChecks(all).flatMap((finding): LabFinding[] => {
        const level = levelOf((levels ??= settings(undefined))[finding.check], finding);
        return level === "off" ? [] : [{ urn: urns.get(finding.about) ?? "", level, text: textOf(finding) }];
      });
    },
  };
}

/** Returns the value of the configuration `netns:checks`. The engine passes the values of this namespace alone, by their names in it. */
function configured(config: string | undefined): unknown {
  if (config === undefined) return undefined;
  const text = v.parse(CONFIG, JSON.parse(config))["checks"];
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

const CONFIG = v.record(v.string(), v.string());

/** Returns the checked arguments of a resource with the empty lists that the program gives. For the lab host they count as absent. */
function withEmptyLists(args: object, given: object): object {
  const own: Readonly<Record<string, unknown>> = { ...args };
  const kept = Object.entries(given).flatMap(([name, value]): [string, unknown][] => {
    if (Array.isArray(value)) return value.length === 0 ? [[name, value]] : [];
    const checked = own[name];
    return isGroup(value) && isGroup(checked) ? [[name, withEmptyLists(checked, value)]] : [];
  });
  return { ...own, ...Object.fromEntries(kept) };
}

const isGroup = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns a value with null in the place of unknown and secret values, as the checks expect it. */
function known(value: unknown, path: string, secret: ReadonlySet<string>): unknown {
  if (secret.has(path) || isUnknown(value)) return null;
  if (typeof value !== "object" || value === null) return value;
  const at = (key: string) => (path === "" ? key : `${path}.${key}`);
  if (Array.isArray(value)) return value.map((item, index) => known(item, at(String(index)), secret));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, known(inner, at(key), secret)]));
}
