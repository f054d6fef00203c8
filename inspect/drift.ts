/** A property that is not as the state says. */
export interface Drift {
  /** Its name; in a group, with dots: `a.mtu`. */
  readonly property: string;
  /** The value in the state; undefined for none. */
  readonly was: unknown;
  /** The value in the kernel; undefined for none. */
  readonly is: unknown;
}

/** A property as people read of it: the value in the state, and the one in the kernel. */
export const driftText = ({ property, was, is }: Drift): string => `${property} ${valueText(was)} → ${valueText(is)}`;

const valueText = (value: unknown): string =>
  value === undefined ? "none" : typeof value === "string" ? value : JSON.stringify(value);
