import { AdoptedValueError } from "./existing-object.ts";
import type { ArgsOfProgram } from "./kind.ts";
import type { Properties } from "./properties.ts";

/*
 * Values that the provider generates for arguments that the program does not give, such as a private key. The state keeps them apart from
 * the arguments of the program.
 */

/** Returns the values that were generated, as they are kept in the state: those that differ from the arguments of the program. */
export function generatedValues(given: ArgsOfProgram, own: ArgsOfProgram): Pick<Properties, "__generated"> {
  const values = Object.entries(own).filter(([name, value]) => value !== given[name]);
  return values.length === 0 ? {} : { __generated: Object.fromEntries(values) };
}

/**
 * Refuses to adopt an object that has a value of its own for an argument whose value was generated.
 *
 * @throws AdoptedValueError
 */
export function refuseGenerated(object: string, generated: object, seen: object): void {
  const name = Object.keys(generated).find((one) => one in seen);
  if (name !== undefined) throw new AdoptedValueError(object, name);
}
