import fc from "fast-check";
import { expect, test } from "vitest";
import { createLocks } from "../../provider/concurrency.ts";

const withLocks = createLocks();
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("work with several names waits for earlier work of each name, and later work of these names waits for it", async () => {
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () =>
    new Promise<void>((resolve) => {
      log.push(name);
      ends.set(name, resolve);
    });
  const end = async (name: string) => {
    ends.get(name)?.();
    await turn();
    return log.splice(0).join("");
  };
  const all = [
    withLocks(["x"], work("a")),
    withLocks(["y"], work("b")),
    withLocks(["x", "y"], work("c")),
    withLocks(["y", "z"], work("d")),
    withLocks(["z"], work("e")),
    withLocks(["x"], work("f")),
    withLocks(["w"], work("g")),
  ];
  await turn();
  expect(log.splice(0).join("")).toBe("abg");
  expect(await end("a")).toBe("");
  expect(await end("b")).toBe("c");
  expect(await end("c")).toBe("df");
  expect(await end("d")).toBe("e");
  for (const name of "efg") await end(name);
  await Promise.all(all);
});

test("work with a name that is listed twice does not wait for itself", async () => {
  expect(await withLocks(["twice", "twice"], async () => "done")).toBe("done");
  expect(await withLocks(["twice", "twice"], async () => "again")).toBe("again");
});

test("work with several names releases all of them if it fails", async () => {
  const failed = withLocks(["left", "right"], () => Promise.reject(new Error("broken")));
  const next = [withLocks(["left"], async () => "left"), withLocks(["right", "left"], async () => "both")];
  await expect(failed).rejects.toThrow("broken");
  expect(await Promise.all(next)).toEqual(["left", "both"]);
});

test("work that throws before its first wait is treated as failed", async () => {
  const failed = withLocks(["thrown"], () => {
    throw new Error("broken");
  });
  await expect(failed).rejects.toThrow("broken");
  expect(await withLocks(["thrown"], async () => "next")).toBe("next");
});

const works = fc.array(
  fc.record({
    names: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 4 }),
    lasts: fc.nat({ max: 3 }),
    fails: fc.boolean(),
    /** The time after the previous call, in turns of the event loop. */
    after: fc.nat({ max: 2 }),
  }),
  { maxLength: 12 },
);

test("work with any names is done completely, and work of the same name is done one after the other in the order of the calls", async () => {
  await fc.assert(
    fc.asyncProperty(works, async (all) => {
      const running = new Set<number>();
      const begun: number[] = [];
      const sharing = (one: number, other: number) =>
        all[one]?.names.some((name) => all[other]?.names.includes(name)) ?? false;
      const ends: Promise<unknown>[] = [];
      for (const [index, { names, lasts, fails, after }] of all.entries()) {
        for (let turns = 0; turns < after; turns += 1) await turn();
        const work = async () => {
          begun.push(index);
          expect([...running].filter((other) => sharing(index, other))).toEqual([]);
          running.add(index);
          for (let turns = 0; turns < lasts; turns += 1) await turn();
          running.delete(index);
          if (fails) throw new Error(`${index}`);
          return index;
        };
        ends.push(withLocks(names, work).catch((error: unknown) => error));
      }
      const expected = all.map(({ fails }, index) => (fails ? new Error(`${index}`) : index));
      expect(await Promise.all(ends)).toEqual(expected);
      for (const [at, one] of begun.entries())
        for (const other of begun.slice(at + 1)) if (sharing(one, other)) expect(one).toBeLessThan(other);
    }),
    { numRuns: 200 },
  );
});
