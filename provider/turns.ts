const last = new Map<string, Promise<unknown>>();

/** Does work that shares a name one after the other, in the order of the calls; work without a name at once. */
export function inTurn<T>(name: string | undefined, work: () => Promise<T>): Promise<T> {
  if (name === undefined) return work();
  const turn = (last.get(name) ?? Promise.resolve()).then(work);
  last.set(
    name,
    turn.catch(() => undefined),
  );
  return turn;
}
