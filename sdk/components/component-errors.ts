import * as pulumi from "@pulumi/pulumi";
import { hasMissing, isMissing, placeholder, recordInvalid } from "../placeholder.ts";
import { isAboutProgram, report } from "../reported-errors.ts";
import { type Mistake, mistakesIn, type Shape } from "./component-args.ts";

/**
 * Returns a part of a component. If it has an error, the error is reported, and the component and the part are placeholders.
 */
export function partOf<T>(component: pulumi.ComponentResource, create: () => T): T {
  if (isMissing(component)) return placeholder();
  return orPlaceholder(create, () => recordInvalid(component));
}

/** Returns the result of a method of a component. If it has an error, the error is reported, and the result is a placeholder. */
export const resultOf = <T>(component: pulumi.ComponentResource, call: () => T): T =>
  isMissing(component) ? placeholder() : orPlaceholder(call);

/** Runs work on an argument of a component. An error is reported at the component and names the argument, without a stack trace. */
export function atArgument<T>(component: pulumi.ComponentResource, argument: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Skipped ? error : errorAt(component, `${argument}: ${messageOf(error)}`);
  }
}

/** The checks of a component's arguments, of which one error has all mistakes. */
export class ArgumentChecks<Args extends object> {
  /** The arguments. A check that reads one with an error is skipped. */
  readonly args: Args;
  readonly #component: pulumi.ComponentResource;
  readonly #lines: string[];
  readonly #isIncomplete: boolean;

  constructor(component: pulumi.ComponentResource, given: Args, shape: Shape<Args>) {
    this.#component = component;
    const [missing, known] = splitMissing(given);
    const mistakes = mistakesIn(known, shape).filter(({ key }) => !missing.includes(key));
    this.#isIncomplete = missing.length > 0;
    this.#lines = mistakes.map(({ line }) => line);
    this.args = withoutFaulty(given, [...missing, ...mistakes.map(({ key }) => key)]);
  }

  /**
   * Returns the result of a check. After an error, which names the argument, it is a placeholder.
   *
   * @param needed The results of other checks, of which a placeholder skips this one.
   */
  at<T>(argument: string, work: () => T, needed: readonly unknown[] = []): T {
    if (needed.some(isMissing)) return placeholder();
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Skipped)) this.#lines.push(`${argument}: ${messageOf(error)}`);
      return placeholder();
    }
  }

  /** @throws pulumi.ResourceError with all mistakes. */
  end(): void {
    if (this.#lines.length > 0) throw errorAt(this.#component, [...new Set(this.#lines)].join("\n"));
    if (this.#isIncomplete) throw new Skipped();
  }
}

/** The end of work that needs a value with an error, which is reported elsewhere. */
class Skipped extends Error {}

function orPlaceholder<T>(work: () => T, failed = (): void => undefined): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Skipped)) {
      if (!isAboutProgram(error)) throw error;
      report(error);
    }
    failed();
    return placeholder();
  }
}

/** Returns the names of the arguments that are missing because of another error, and the other arguments. */
function splitMissing<Args extends object>(given: Args): readonly [readonly string[], Args] {
  if (!hasMissing(given)) return [[], given];
  const all = Object.entries(given);
  const known = all.filter(([, value]) => !hasMissing(value));
  return [all.flatMap(([key, value]) => (hasMissing(value) ? [key] : [])), Object.fromEntries(known) as Args];
}

/** Returns arguments of which some cannot be read. An empty key means all of them. */
function withoutFaulty<Args extends object>(given: Args, keys: readonly Mistake["key"][]): Args {
  const faulty = new Set<unknown>(keys);
  return new Proxy(Object(given) as Args, {
    get(args, key) {
      if (faulty.has(key) || faulty.has("")) throw new Skipped();
      return Reflect.get(args, key) as unknown;
    },
  });
}

const errorAt = (component: pulumi.ComponentResource, text: string): Error =>
  new pulumi.ResourceError(text, component, true);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
