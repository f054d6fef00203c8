/** A resource and its namespace; "" for the lab host. */
export interface Placed<R> {
  readonly resource: R;
  readonly place: string;
}
