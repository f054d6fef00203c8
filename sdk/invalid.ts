import * as pulumi from "@pulumi/pulumi";
import { kindOf } from "../provider/kind-of.ts";
import { outputTexts } from "../provider/output-text.ts";
import { propertyPath } from "../provider/property-path.ts";
import { check, type Failure, UNKNOWN } from "../provider/schema.ts";
import { knownConflicts } from "./known-conflicts.ts";
import { plainNameOfOutput } from "./plain-names.ts";
import { perProgram } from "./program.ts";
import { addLines, dropLines, endOfTurn, isFailing, logLines } from "./reported-errors.ts";

/*
 * The engine stops a program at the first resource whose arguments are wrong. So that one run reports the errors of all resources, the SDK
 * checks the arguments that are known, too, and logs the errors of the other invalid resources before the engine gets the first one.
 */

/**
 * Returns the failures of the arguments that are known, and those of another resource with the same object. A kind that generates arguments is
 * checked by its provider alone, and so is a resource whose options change the arguments that the provider receives.
 */
export function knownFailures(
  kind: string,
  name: string,
  args: pulumi.Inputs,
  { ignoreChanges = [], transformations = [], transforms = [] }: pulumi.CustomResourceOptions,
  host: string | undefined,
): readonly Failure[] {
  const { schema, generate } = kindOf(kind);
  if (generate !== undefined || pulumi.runtime.getStackResource() === undefined) return [];
  if (ignoreChanges.length + transformations.length + transforms.length > 0) return [];
  const known = knownOf(args) as object;
  const texts = outputTexts(known);
  const checked = texts.length > 0 ? { failures: texts } : check(schema, known);
  if (!("failures" in checked)) return knownConflicts(kind, name, checked.args, host);
  return checked.failures.map(({ property, reason }) => ({ property: propertyPath(known, property), reason }));
}

/** Resolves never: the resources of a program that fails wait for it. */
export const never = new Promise<never>(() => undefined);

/** A resource whose registration waits. */
export interface Held {
  /** A value for the inputs of the resource, which are not sent before it resolves. */
  readonly released: Promise<undefined>;
  /** Is called with the resource when it waits to be registered. */
  readonly waits: (resource: pulumi.Resource) => void;
}

/**
 * Holds back the registration of an invalid resource: the first one until the errors of the others are logged, the others until it is registered.
 * The errors of the first one are left to the engine, which reports them at the resource.
 */
export function holdBack(kind: string, name: string, failures: readonly Failure[]): Held {
  const all = invalid();
  const lines = textsOf(kind, name, failures);
  addLines(lines);
  const { first } = all;
  if (first !== undefined) {
    all.isOne = false;
    return { released: endOfTurn().then(() => logLines().then(() => first)), waits: () => undefined };
  }
  const { promise, resolve } = Promise.withResolvers<undefined>();
  all.first = promise;
  // The engine refuses an invalid resource and ends the program. If the resource waits for an output of one of the others, it is never
  // registered. A program that ends without some of its resources deletes them, so the others wait for a limited time.
  const timer = setTimeout(() => {
    addLines(lines);
    resolve(isFailing() ? never : logLines());
  }, MAX_WAIT_MS);
  return {
    released: endOfTurn().then(() => {
      if (isFailing()) return never;
      dropLines(lines);
      return all.isOne ? undefined : logLines();
    }),
    waits({ urn }) {
      urn.apply(() => {
        clearTimeout(timer);
        resolve(undefined);
      });
    },
  };
}

const MAX_WAIT_MS = 3_000;

interface InvalidResources {
  /** Resolves when the first one is registered, or does not register in time. */
  first: Promise<undefined> | undefined;
  isOne: boolean;
}

const invalid = perProgram((): InvalidResources => ({ first: undefined, isOne: true }));

const textsOf = (kind: string, name: string, failures: readonly Failure[]): readonly string[] =>
  failures.map(({ property, reason }) => `${kind} ${name}: ${property && `property ${property}: `}${reason}`);

/** Returns arguments as the provider receives them, with unknown values for those that the program does not know yet. */
export function knownOf(value: unknown): unknown {
  if (pulumi.Output.isInstance(value)) return plainNameOfOutput(value) ?? UNKNOWN;
  if (value instanceof Promise || pulumi.Resource.isInstance(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map((item: unknown) => knownOf(item) ?? null);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, knownOf(inner)]])),
  );
}
