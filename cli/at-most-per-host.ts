/**
 * Runs work for each item, with at most a few connections to each lab host at a time: sshd drops connections above ten that have not
 * logged in yet (MaxStartups). On this machine all run at once.
 */
export async function atMostPerHost<T extends { readonly host: string | undefined }, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const running = new Map<string, Promise<R>[]>();
  return Promise.all(
    items.map((item) => {
      const { host } = item;
      if (host === undefined) return work(item);
      const before = running.get(host) ?? [];
      const turn = before.at(-CONNECTIONS);
      const result = turn === undefined ? work(item) : turn.then(() => work(item));
      running.set(host, [...before, result]);
      return result;
    }),
  );
}

const CONNECTIONS = 6;
