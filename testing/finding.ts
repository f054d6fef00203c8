import { placeName } from "../inspect/place.ts";
import type { Host } from "./host.ts";

/** The result of a matcher, with a message for either outcome. */
export interface Finding {
  readonly pass: boolean;
  readonly message: () => string;
}

/** A matcher of hosts or of paths. */
export type Matcher<Received, Args extends unknown[]> = (
  this: { isNot: boolean },
  received: Received,
  ...args: Args
) => Promise<Finding>;

export const finding = (pass: boolean, text: string): Finding => ({ pass, message: () => text });

/** Returns the name of a host in a sentence. */
export const said = ({ place }: Host): string => placeName(place);
