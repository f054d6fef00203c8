import { execa } from "execa";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SHELL_SCRIPT, shell } from "../../../../provider/kernel/client/shell.ts";
import { cuts, fake, fakeShell, heard, sayInPieces } from "./fake.ts";

test("a shell is told of words and lines as they are", async () => {
  const told: unknown[] = [];
  const process = fakeShell(["mark"], async (words, input) => {
    told.push([words, input]);
    return { code: 0, stdout: "", stderr: "" };
  });
  const one = shell(process.child, "mark");
  await one.run(["ip", "", "a b", "3"], "");
  await one.run(["nft", "-f", "-"], "a\n\n 2\n");
  expect(told).toEqual([
    [["ip", "", "a b", "3"], ""],
    [["nft", "-f", "-"], "a\n\n 2\n"],
  ]);
});

const text = fc.string({ unit: fc.constantFrom("a", "ü", "🦑", " ", "\n", "mark", "0", "mark 0"), maxLength: 8 });
// A text with the mark in a line of its own is what no program says.
const said = text.filter((some) => !/^mark/m.test(some));

test("a shell hears the same wherever what is said is cut into pieces", async () => {
  const answer = fc.record({ code: fc.integer({ min: 0, max: 127 }), stdout: said, stderr: said });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(answer, cuts), { minLength: 1, maxLength: 3 }), async (answers) => {
      const process = fake();
      const one = shell(process.child, "mark");
      for (const [{ code, stdout, stderr }, places] of answers) {
        const outcome = one.run(["x"], "");
        await sayInPieces(process, { stdout: `${stdout}\nmark ${code}\n`, stderr: `${stderr}\nmark\n` }, places);
        expect(await outcome).toEqual({ code, stdout, stderr });
      }
    }),
  );
});

test.each([
  [137, "SIGKILL"],
  [143, "SIGTERM"],
  [130, "SIGINT"],
])("a program that ends with %i was ended by %s", async (code, signal) => {
  const { child } = fakeShell(["mark"], async () => ({ code, stdout: "out", stderr: "" }));
  expect(await shell(child, "mark").run(["x"], "")).toEqual({ code, stdout: "out", stderr: "", signal });
});

test("a shell that ends in the middle answers with its end, not with half of what was said", async () => {
  const process = fake();
  const one = shell(process.child, "mark");
  const outcome = one.run(["x"], "");
  process.say.stdout("[1");
  process.say.stderr("Terminated\n");
  await heard();
  expect(one.closed).toBe(false);
  process.end(127, "SIGTERM");
  expect(await outcome).toEqual({ code: 127, stdout: "", stderr: "Terminated\n", signal: "SIGTERM" });
  expect(one.closed).toBe(true);
  // It may have been taken for one that lives.
  expect(await one.run(["y"], "")).toEqual(await outcome);
});

test("a shell whose input ends within a command does not run it", async () => {
  const complete = "4\necho\nran\ndelete\nred\n2\nfirst\nsecond\n";
  const outputs = await Promise.all(
    Array.from({ length: complete.length + 1 }, async (_, length) => {
      const { stdout } = await execa("sh", ["-c", SHELL_SCRIPT, "sh", "mark"], {
        input: complete.slice(0, length),
        reject: false,
      });
      return stdout;
    }),
  );
  expect(outputs.slice(0, -1)).toEqual(outputs.slice(0, -1).map(() => ""));
  expect(outputs.at(-1)).toBe("ran delete red\n\nmark 0");
});
