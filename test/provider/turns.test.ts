import { expect, test } from "vitest";
import { inTurn } from "../../provider/turns.ts";

/** Work that ends when it is told to, and what has begun and ended so far. */
function workshop() {
  const log: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const work = (name: string) => () =>
    new Promise<string>((resolve, reject) => {
      log.push(`${name} begins`);
      ends.set(name, (error) => {
        log.push(`${name} ends`);
        if (error === undefined) resolve(name);
        else reject(error);
      });
    });
  const end = async (name: string, error?: Error) => {
    ends.get(name)?.(error);
    await settled();
  };
  return { log, work, end };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("work of one name waits for its turn, in the order of the calls", async () => {
  const { log, work, end } = workshop();
  const all = Promise.all(["a", "b", "c"].map((name) => inTurn("one", work(name))));
  await settled();
  expect(log).toEqual(["a begins"]);
  await end("a");
  expect(log).toEqual(["a begins", "a ends", "b begins"]);
  await end("b");
  await end("c");
  expect(await all).toEqual(["a", "b", "c"]);
});

test("work of other names, or of none, does not wait", async () => {
  const { log, work, end } = workshop();
  const names = ["left", "right", undefined, undefined];
  const all = Promise.all(names.map((name, index) => inTurn(name, work(`${index}`))));
  await settled();
  expect(log.toSorted()).toEqual(["0 begins", "1 begins", "2 begins", "3 begins"]);
  for (const index of names.keys()) await end(`${index}`);
  await all;
});

test("work that fails is told to its caller, and lets the next have its turn", async () => {
  const { log, work, end } = workshop();
  const [first, second] = [inTurn("two", work("a")), inTurn("two", work("b"))];
  const told = expect(first).rejects.toThrow("broken");
  await settled();
  await end("a", new Error("broken"));
  await told;
  expect(log).toEqual(["a begins", "a ends", "b begins"]);
  await end("b");
  expect(await second).toBe("b");
});
