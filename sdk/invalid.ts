import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { kindOf } from "../provider/kind-of.ts";
import { outputTexts } from "../provider/output-text.ts";
import { propertyPath } from "../provider/property-path.ts";
import { check, type Failure, UNKNOWN } from "../provider/schema.ts";
import { namespaceName } from "../provider/values.ts";
import { namespaceNamedBy, plainNameOf } from "./namespace-names.ts";
import { perProgram } from "./program.ts";

/*
 * The engine stops a program at the first resource whose arguments are wrong. So that one run reports the errors of all resources, the SDK
 * checks the arguments that are known, too, and logs the errors of all invalid resources but the first before the engine gets that one.
 */

/**
 * Returns the failures of the arguments that are known. A kind that generates arguments is checked by its provider alone, and so is a
 * resource whose options change the arguments that the provider receives.
 */
export function knownFailures(
  kind: string,
  args: pulumi.Inputs,
  { ignoreChanges = [], transformations = [], transforms = [] }: pulumi.CustomResourceOptions,
): readonly Failure[] {
  const { schema, generate } = kindOf(kind);
  if (generate !== undefined || pulumi.runtime.getStackResource() === undefined) return [];
  if (ignoreChanges.length + transformations.length + transforms.length > 0) return [];
  const known = knownOf(args) as object;
  const texts = outputTexts(known);
  if (texts.length > 0) return texts;
  const checked = check(schema, known);
  if (!("failures" in checked)) return [];
  return checked.failures.map(({ property, reason }) => ({ property: propertyPath(known, property), reason }));
}

/** A resource whose registration waits. */
export interface Held {
  /** A value for the inputs of the resource, which are not sent before it resolves. */
  readonly released: Promise<undefined>;
  /** Is called with the resource when it waits to be registered. */
  readonly waits: (resource: pulumi.Resource) => void;
}

/**
 * Holds back the registration of an invalid resource: the first one until the errors of the others are logged, the others until it is
 * registered.
 */
export function holdBack(kind: string, name: string, failures: readonly Failure[]): Held {
  const all = invalid();
  if (all.first === undefined) {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    all.first = promise;
    // The engine refuses an invalid resource and ends the program. If the resource waits for an output of one of the others, it is never
    // registered. A program that ends without some of its resources deletes them, so the others wait for a limited time. The engine
    // may then refuse one of them in place of the first.
    const timer = setTimeout(() => {
      resolve(logAll(textsOf(kind, name, failures)));
    }, MAX_WAIT_MS);
    return {
      released: new Promise<void>((turn) => setImmediate(turn)).then(() => logAll(all.others)),
      waits({ urn }) {
        urn.apply(() => {
          clearTimeout(timer);
          resolve(undefined);
        });
      },
    };
  }
  all.others.push(...textsOf(kind, name, failures));
  return { released: all.first, waits: () => undefined };
}

const MAX_WAIT_MS = 3_000;

interface InvalidResources {
  /** Resolves when the first one is registered, or does not register in time. */
  first: Promise<undefined> | undefined;
  /** The errors of the others. */
  readonly others: string[];
}

const invalid = perProgram((): InvalidResources => ({ first: undefined, others: [] }));

const textsOf = (kind: string, name: string, failures: readonly Failure[]): readonly string[] =>
  failures.map(({ property, reason }) => `${kind} ${name}: ${property && `property ${property}: `}${reason}`);

async function logAll(texts: readonly string[]): Promise<undefined> {
  await Promise.all(texts.map((text) => pulumi.log.error(text)));
  return undefined;
}

/** Returns arguments as the provider receives them, with unknown values for those that the program does not know yet. */
export function knownOf(value: unknown): unknown {
  if (pulumi.Output.isInstance(value)) return nameOfNamespace(value) ?? UNKNOWN;
  if (value instanceof Promise || pulumi.Resource.isInstance(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map((item: unknown) => knownOf(item) ?? null);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, knownOf(inner)]])),
  );
}

/** Returns the name that the output of a namespace will have, if the program gives it and it is valid: a wrong one is reported once. */
function nameOfNamespace(value: unknown): string | undefined {
  const namespace = namespaceNamedBy(value);
  const name = namespace && plainNameOf(namespace);
  return name !== undefined && v.is(namespaceName(), name) ? name : undefined;
}
