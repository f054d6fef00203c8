/**
 * The place in which a command runs: the name of a network namespace; undefined for this machine's own network stack. On another lab
 * host, `lab2/red` is a namespace and `lab2/` the network stack of the machine itself. No namespace has a slash in its name.
 */
export type Place = string | undefined;

/** A place by its lab host, which is undefined for this machine, and its namespace, which is undefined for none. */
export interface PlaceParts {
  readonly host: string | undefined;
  readonly namespace: string | undefined;
}

/** Returns the place that is a namespace of a lab host, or the lab host itself. */
export const placeAt = ({ host, namespace }: PlaceParts): Place =>
  host === undefined ? namespace : `${host}/${namespace ?? ""}`;

/** Returns the lab host and the namespace of a place. */
export function placeParts(place: Place): PlaceParts {
  const [, host, namespace] = /^(?:(.*)\/)?(.*)$/s.exec(place ?? "") ?? [];
  return { host, namespace: namespace || undefined };
}

/** Returns the name of a place in a sentence. */
export const placeName = (place: Place): string => place?.replace(/\/$/, "") ?? "the lab host";
