interface Node {
  readonly name: string;
  /** The nodes that must be done first; names that are not in the graph are ignored. */
  readonly needs: readonly string[];
}

/** Calls `work` for every node as soon as the nodes that it needs are done, with limited concurrency. */
export function inOrder<N extends Node>(
  nodes: readonly N[],
  atOnce: number,
  work: (node: N) => Promise<void>,
): Promise<void> {
  const named = new Set(nodes.map(({ name }) => name));
  const missing = new Map(nodes.map(({ name, needs }) => [name, needs.filter((need) => named.has(need)).length]));
  const after = Map.groupBy(
    nodes.flatMap((node) => node.needs.map((need) => ({ need, node }))),
    ({ need }) => need,
  );
  const ready = nodes.filter(({ name }) => missing.get(name) === 0);
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  let running = 0;
  let left = nodes.length;

  const next = () => {
    if (left === 0) resolve(undefined);
    else if (running === 0 && ready.length === 0) reject(new Error("the needs go in a circle"));
    while (running < atOnce && ready.length > 0) {
      const node = ready.shift() as N;
      running += 1;
      work(node).then(() => done(node), reject);
    }
  };
  const done = (node: N) => {
    running -= 1;
    left -= 1;
    for (const { node: waiting } of after.get(node.name) ?? []) {
      const still = (missing.get(waiting.name) ?? 0) - 1;
      missing.set(waiting.name, still);
      if (still === 0) ready.push(waiting);
    }
    next();
  };
  next();
  return promise;
}

/** Returns the nodes with reversed dependencies, for deletion. */
export function reversed<N extends Node>(nodes: readonly N[]): N[] {
  const needed = Map.groupBy(
    nodes.flatMap(({ name, needs }) => needs.map((need) => ({ name, need }))),
    ({ need }) => need,
  );
  return nodes.map((node) => ({ ...node, needs: (needed.get(node.name) ?? []).map(({ name }) => name) })).toReversed();
}
