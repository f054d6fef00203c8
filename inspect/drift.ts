/** A property whose value in the kernel differs from the state. */
export interface Drift {
  /** The property's name; within a group, with dots: `a.mtu`. */
  readonly property: string;
  /** The value in the state; undefined if there is none. */
  readonly was: unknown;
  /** The value in the kernel; undefined if there is none. */
  readonly is: unknown;
}

/** Returns the text of a drift for the user: the value in the state and the value in the kernel. */
export const driftText = ({ property, was, is }: Drift): string => `${property} ${valueText(was)} → ${valueText(is)}`;

const valueText = (value: unknown): string =>
  value === undefined ? "none" : typeof value === "string" ? value : JSON.stringify(value);
