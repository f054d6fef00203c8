import { kindOf } from "../../provider/kind-of.ts";
import type { Place } from "../place.ts";

/** An object that a program can take over. */
export interface FoundObject {
  /** The name of the kind's class. */
  readonly kind: string;
  readonly id: string;
  /** The arguments that describe it, without defaults. A {@link SecretValue} stands for a secret one. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** True if Pulumi cannot import it, so that the resource takes it over itself. */
  readonly adopt?: true;
  /** The object after which it is created, to which no argument refers. */
  readonly after?: FoundObject | undefined;
}

/** A secret value of an object, which no output shows. The program reads it from the configuration of its stack. */
export class SecretValue {
  /** The key of the configuration. */
  readonly key: string;
  /** The command that prints the value, by which a user puts it into the configuration. */
  readonly command: string;

  constructor(key: string, command: string) {
    this.key = key;
    this.command = command;
  }
}

/** An object that is left alone. */
export interface LeftObject {
  readonly what: string;
  readonly why: string;
}

/** The objects of a lab that was made without this package. */
export interface FoundLab {
  readonly found: readonly FoundObject[];
  readonly left: readonly LeftObject[];
}

/** Returns the ends of a link that are in a place, among its arguments; none for another object. */
export function endsIn({ kind, inputs }: FoundObject, place: Place): FoundObject["inputs"][] {
  if (kindOf(kind).interfaces === undefined) return [];
  const ends = "name" in inputs ? [inputs] : (Object.values(inputs) as FoundObject["inputs"][]);
  return ends.filter((end) => end["namespace"] === place);
}

/** Returns the link that has a name in a place, with its end there; undefined if there is none among objects. */
export const linkNamed = (objects: readonly FoundObject[], place: Place, name: unknown) =>
  objects.flatMap((link) => endsIn(link, place).map((end) => ({ link, end }))).find(({ end }) => end["name"] === name);
