/** A value as far as it is known: null if only an `up` determines it. */
export type Known<T> = T | null;
