import * as sdk from "../../../sdk/index.ts";
import type { Program } from "../engine/program.ts";
import { type Call, callsOf, Use } from "./calls.ts";
import type { Lab } from "./lab.ts";

/** Returns the program that creates a lab with the real SDK. */
export const programOf =
  (lab: Lab): Program =>
  () => {
    const made = new Map<number, Made>();

    function valueOf(value: unknown): unknown {
      if (value instanceof Use)
        return value.path.reduce<unknown>((object, key) => (object as Made | undefined)?.[key], made.get(value.key));
      if (Array.isArray(value)) return value.map(valueOf);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, valueOf(one)]));
    }

    function make({ key, type, id, args, options, then }: Call): void {
      const object = new classes[type]!(id, valueOf(args), valueOf(options));
      made.set(key, object);
      for (const { method, args } of then) Reflect.apply(object[method] as Method, object, args.map(valueOf));
    }

    callsOf(lab).forEach(make);
  };

type Made = Record<string, unknown>;
type Method = (...args: unknown[]) => unknown;

const classes = sdk as unknown as Record<string, new (id: string, args: unknown, options: unknown) => Made>;
