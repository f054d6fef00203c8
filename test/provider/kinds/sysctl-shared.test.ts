import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argsOf } from "../../../provider/kernel/command.ts";
import { oneByOne } from "../../../provider/kernel/kernel.ts";
import { sysctl } from "../../../provider/kinds/sysctl.ts";
import { lifecycle } from "../../../provider/lifecycle.ts";
import { markOf } from "../../../provider/owner.ts";
import type { Properties } from "../../../provider/properties.ts";
import { contextOver, fails, tells } from "../script.ts";

const KEY = "net.ipv4.tcp_syncookies";

/** A kernel with one key and a loopback interface that has notes, and the stacks that set the key there. */
function machine(initial: string) {
  let [value, notes] = [initial, [] as string[]];
  let changesLeft = Number.POSITIVE_INFINITY;
  const said = (stdout = "") => ({ code: 0, stdout, stderr: "" });
  const kernel = oneByOne(async (command) => {
    const [tool, args] = [command.tool, argsOf(command)];
    const word = args.at(-1) ?? "";
    if (tool === "sysctl" && args[0] === "--values") return said(`${value}\n`);
    if (args.includes("show")) return tells([{ ifindex: 1, ifname: "lo", flags: [], mtu: 65_536, altnames: notes }]);
    changesLeft -= 1;
    if (changesLeft < 0) throw new Error("the provider is killed");
    if (tool === "sysctl") value = word.slice(KEY.length + 1);
    else if (notes.includes(word) === args.includes("add"))
      return fails(`RTNETLINK answers: ${args.includes("add") ? "File exists" : "No such file or directory"}`);
    else notes = args.includes("add") ? [...notes, word] : notes.filter((text) => text !== word);
    return said();
  });
  const states = new Map<string, Properties>();
  const life = () => lifecycle(sysctl, contextOver(kernel));
  return {
    is: () => ({ value, notes }),
    living: () => [...states.keys()],
    async up(stack: string, wanted: string) {
      const __mark = markOf({ project: "lab", stack, name: "it", urn: `urn:${stack}` });
      const [olds, news] = [states.get(stack), { key: KEY, value: wanted, __mark }];
      const { outs } = olds === undefined ? await life().create(news) : await life().update(KEY, olds, news);
      states.set(stack, outs as Properties);
    },
    async destroy(stack: string) {
      const outputs = states.get(stack);
      if (outputs !== undefined) await life().delete(KEY, outputs);
      states.delete(stack);
    },
    /** Runs an operation whose provider is killed after a number of changes. */
    async killedAfter(changes: number, work: () => Promise<void>) {
      changesLeft = changes;
      await work().catch((error: unknown) => expect(String(error)).toBe("Error: the provider is killed"));
      changesLeft = Number.POSITIVE_INFINITY;
    },
  };
}

const orders = (all: readonly number[]): number[][] =>
  all.length === 0 ? [[]] : all.flatMap((one) => orders(all.filter((x) => x !== one)).map((rest) => [one, ...rest]));

const every = orders([0, 1, 2, 3]);

describe.each([
  ["the same value", "0", ["1", "1", "1", "1"]],
  ["the value that it already has", "0", ["0", "0", "0", "0"]],
  ["different values", "0", ["1", "2", "3", "4"]],
  ["values of which some are equal", "0", ["1", "2", "1", "0"]],
  ["values of several words", "4096 131072 6291456", ["1 2 3", "4 5 6", "1 2 3", "4096 131072 6291456"]],
])("four stacks that set a key to %s", (_what, initial, values) => {
  test.each(every)(
    "are created in the order %i %i %i %i and deleted in each order, and the last delete restores the initial value",
    async (...coming) => {
      for (const going of every) {
        const lab = machine(initial);
        for (const index of coming) {
          await lab.up(String(index), values[index] ?? "");
          expect(lab.is().value).toBe(values[index]);
        }
        const latest = lab.is().value;
        for (const [gone, index] of going.entries()) {
          await lab.destroy(String(index));
          const isLast = gone === 3;
          expect([lab.is().value, lab.is().notes.length]).toEqual([isLast ? initial : latest, 3 - gone]);
        }
      }
    },
  );
});

test("each stack notes the value from before all of them", async () => {
  const lab = machine("0");
  for (const [stack, value] of Object.entries({ dev: "1", prod: "2", test: "1" })) await lab.up(stack, value);
  expect(lab.is().notes).toEqual([`${KEY}=0:6d3d18b0`, `${KEY}=0:7fbc2d58`, `${KEY}=0:a778b4f4`]);
  await lab.up("prod", "3");
  await lab.destroy("dev");
  expect(lab.is()).toEqual({ value: "3", notes: [`${KEY}=0:7fbc2d58`, `${KEY}=0:a778b4f4`] });
});

const stack = fc.constantFrom("dev", "prod", "test");
const value = fc.constantFrom("0", "1", "2", "3 4");
const moves = fc.array(
  fc.record({
    stack,
    to: fc.option(value, { nil: undefined }),
    kill: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
  }),
  { maxLength: 12 },
);

test("stacks that set, change and delete a key each have a note, the latest value is set, and the last delete restores the initial one", async () => {
  await fc.assert(
    fc.asyncProperty(value, moves, async (initial, moves) => {
      const lab = machine(initial);
      let latest = initial;
      for (const { stack, to } of moves) {
        await (to === undefined ? lab.destroy(stack) : lab.up(stack, to));
        latest = lab.living().length === 0 ? initial : (to ?? latest);
        expect([lab.is().value, lab.is().notes.length]).toEqual([latest, lab.living().length]);
      }
    }),
    { numRuns: 300 },
  );
});

test("the last delete restores the initial value, also if the provider was killed at any time before", async () => {
  const going = fc.shuffledSubarray(["dev", "prod", "test"], { minLength: 3 });
  await fc.assert(
    fc.asyncProperty(value, moves, going, async (initial, moves, going) => {
      const lab = machine(initial);
      for (const { stack, to, kill } of moves) {
        const work = () => (to === undefined ? lab.destroy(stack) : lab.up(stack, to));
        await lab.killedAfter(kill ?? Number.POSITIVE_INFINITY, work);
      }
      // A stack whose provider was killed in an up runs it again.
      for (const stack of going) await lab.up(stack, "1");
      for (const stack of going) await lab.destroy(stack);
      expect(lab.is()).toEqual({ value: initial, notes: [] });
    }),
    { numRuns: 300 },
  );
});
