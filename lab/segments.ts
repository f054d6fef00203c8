/** The segments of a lab: sets of interfaces that a frame can reach from one another. */
export interface Segments {
  /** Joins two segments; returns true if they were separate. */
  join(left: string, right: string): boolean;
  /** Returns the name of the segment that an interface is in; it is the same for all its members. */
  of(link: string): string;
}

export function segments(): Segments {
  const above = new Map<string, string>();
  const of = (link: string): string => {
    let top = link;
    for (let next = above.get(top); next !== undefined; next = above.get(top)) top = next;
    // Compresses the path for the next search.
    for (let at = link; at !== top; ) {
      const next = above.get(at) ?? top;
      above.set(at, top);
      at = next;
    }
    return top;
  };
  return {
    of,
    join(left, right) {
      const [one, other] = [of(left), of(right)];
      if (one !== other) above.set(one, other);
      return one !== other;
    },
  };
}
