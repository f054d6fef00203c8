import { describe, expect, test, vi } from "vitest";
import { coalesce, createLocks, retry } from "../../provider/concurrency.ts";
import { KernelError } from "../../provider/errors.ts";
import { timed } from "./clock.ts";
import { fails } from "./script.ts";

const withLocks = createLocks();

vi.mock("node:timers/promises", () => import("./clock.ts"));

/** Returns work that ends on demand, and a log of its begins and ends. */
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

test("work with one name is done one after the other, in the order of the calls", async () => {
  const { log, work, end } = workshop();
  const all = Promise.all(["a", "b", "c"].map((name) => withLocks(["one"], work(name))));
  await settled();
  expect(log).toEqual(["a begins"]);
  await end("a");
  expect(log).toEqual(["a begins", "a ends", "b begins"]);
  await end("b");
  await end("c");
  expect(await all).toEqual(["a", "b", "c"]);
});

test("work with other names, or without a name, does not wait", async () => {
  const { log, work, end } = workshop();
  const names = [["left"], ["right"], [], []];
  const all = Promise.all(names.map((name, index) => withLocks(name, work(`${index}`))));
  await settled();
  expect(log.toSorted()).toEqual(["0 begins", "1 begins", "2 begins", "3 begins"]);
  for (const index of names.keys()) await end(`${index}`);
  await all;
});

test("failed work throws to its caller, and releases the name", async () => {
  const { log, work, end } = workshop();
  const [first, second] = [withLocks(["two"], work("a")), withLocks(["two"], work("b"))];
  const told = expect(first).rejects.toThrow("broken");
  await settled();
  await end("a", new Error("broken"));
  await told;
  expect(log).toEqual(["a begins", "a ends", "b begins"]);
  await end("b");
  expect(await second).toBe("b");
});

describe("coalesce", () => {
  function company() {
    const { log, work, end } = workshop();
    const enter = coalesce<string, string>({
      batch: (items) => work(items.join("+"))().then(() => items.map((item) => `${item} together`)),
      single: (item) => work(item)().then(() => `${item} alone`),
    });
    return { log, end, enter };
  }

  test("collects the items that arrive while others are processed, and then processes them together", async () => {
    const { log, end, enter } = company();
    const first = enter("three", "a");
    await settled();
    const others = ["b", "c"].map((item) => enter("three", item));
    await settled();
    expect(log).toEqual(["a begins"]);
    await end("a");
    expect(log).toEqual(["a begins", "a ends", "b+c begins"]);
    const last = enter("three", "d");
    await end("b+c");
    await end("d");
    expect(await Promise.all([first, ...others, last])).toEqual(["a alone", "b together", "c together", "d alone"]);
  });

  test("processes items of other names separately, and without waiting", async () => {
    const { log, end, enter } = company();
    const all = [enter("four", "a"), enter("five", "b")];
    await settled();
    expect(log).toEqual(["a begins", "b begins"]);
    await end("a");
    await end("b");
    expect(await Promise.all(all)).toEqual(["a alone", "b alone"]);
  });

  test("processes each item alone after a failed batch, and throws only its own error", async () => {
    const { log, end, enter } = company();
    const all = Promise.allSettled(["a", "b", "c"].map((item) => enter("six", item)));
    await settled();
    await end("a+b+c", new Error("somebody is to blame"));
    await end("a");
    await end("b", new Error("it is b"));
    const next = enter("six", "d");
    await end("c");
    await end("d");
    expect(await all).toEqual([
      { status: "fulfilled", value: "a alone" },
      { status: "rejected", reason: new Error("it is b") },
      { status: "fulfilled", value: "c alone" },
    ]);
    expect(await next).toBe("d alone");
    expect(log.filter((line) => line.endsWith("begins"))).toEqual(
      ["a+b+c", "a", "b", "c", "d"].map((name) => `${name} begins`),
    );
  });
});

describe("retry", () => {
  const failing = (stderr: string) => new KernelError({ tool: "sh", args: ["x"] }, fails(stderr));
  const [BUSY, EXISTS] = [failing("RTNETLINK answers: Device or resource busy"), failing("File exists")];
  const PASSING = [BUSY, EXISTS, BUSY, EXISTS, BUSY, EXISTS];
  /** The start of each try, in milliseconds after the first one. */
  const TIMES = [0, 20, 70, 170, 370, 770, 1570];

  /** Retries work that fails with these errors and then succeeds; returns its result and the start of each try. */
  async function trying(...errors: unknown[]) {
    const left = [...errors];
    const times: number[] = [];
    let begun: number | undefined;
    const ended = await timed(() =>
      retry(async () => {
        begun ??= Date.now();
        times.push(Date.now() - begun);
        if (left.length > 0) throw left.shift();
        return "done";
      }),
    );
    return { ...ended, times };
  }

  test("runs successful work once", async () => {
    expect(await trying()).toEqual({ value: "done", took: 0, times: [0] });
  });

  test.each([1, 2, 3, 4, 5, 6])("runs work that has failed %i times again, with increasing pauses", async (count) => {
    const times = TIMES.slice(0, count + 1);
    expect(await trying(...PASSING.slice(0, count))).toEqual({ value: "done", took: times.at(-1), times });
  });

  test.each([
    ["busy", BUSY],
    ["exists", EXISTS],
  ])("throws the last error without another pause if the reason remains %s", async (reason, last) => {
    const ended = await trying(...PASSING, last, new Error("one too many"));
    expect(ended).toEqual({ error: last, took: 1570, times: TIMES });
    expect(ended).toHaveProperty("error.reason", reason);
  });

  test.each<[string, unknown]>([
    ["absent", failing('Cannot find device "x"')],
    ["denied", failing("RTNETLINK answers: Operation not permitted")],
    ["unsupported", failing("RTNETLINK answers: Operation not supported")],
    ["failed", failing("RTNETLINK answers: Invalid argument")],
    ["an error of another class", new Error("File exists")],
    ["an error of another class with the reason busy", Object.assign(new Error("x"), { reason: "busy" })],
    ["a value that is not an error", "busy"],
  ])("does not retry after %s, as the first or a later error", async (_what, error) => {
    const first = await trying(error);
    expect(first).toEqual({ error, took: 0, times: [0] });
    expect(first).toHaveProperty("error", error);
    expect(await trying(BUSY, error)).toEqual({ error, took: 20, times: [0, 20] });
  });
});
