/** Which interfaces are one LAN: those that a frame can get to. */
export interface Segments {
  /** Makes two segments one; says whether they were two. */
  join(left: string, right: string): boolean;
  /** The name of the segment that an interface is on; the same for all that are on it. */
  of(link: string): string;
}

export function segments(): Segments {
  const above = new Map<string, string>();
  const of = (link: string): string => {
    let top = link;
    for (let next = above.get(top); next !== undefined; next = above.get(top)) top = next;
    // Shortens the path for the next search.
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
