import { execa } from "execa";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startChild } from "../../../../provider/kernel/client/child.ts";
import { SHELL_SCRIPT, type Shell, shell } from "../../../../provider/kernel/client/shell.ts";
import type { CommandResult } from "../../../../provider/kernel/kernel.ts";
import { cuts, fake, fakeShell, heard, sayInPieces } from "./fake.ts";

test("a shell gets words and lines unchanged", async () => {
  const told: unknown[] = [];
  const process = fakeShell(["mark"], async (words, input) => {
    told.push([words, input]);
    return { code: 0, stdout: "", stderr: "" };
  });
  const one = shell(process.child, "mark");
  await run(one, ["ip", "", "a b", "3"]);
  await run(one, ["nft", "-f", "-"], "a\n\n 2\n");
  expect(told).toEqual([
    [["ip", "", "a b", "3"], ""],
    [["nft", "-f", "-"], "a\n\n 2\n"],
  ]);
});

const text = fc.string({ unit: fc.constantFrom("a", "ü", "🦑", " ", "\n", "mark", "0", "mark 0"), maxLength: 8 });
// No program prints the mark at the beginning of a line.
const said = text.filter((some) => !/^mark/m.test(some));

test("results do not depend on the pieces in which the output arrives, also with queued calls", async () => {
  const answer = fc.record({ code: fc.integer({ min: 0, max: 127 }), stdout: said, stderr: said });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(answer, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      cuts,
      said,
      async (calls, places, profile) => {
        const process = fake();
        const one = shell(process.child, "mark");
        const results = calls.map((answers) => one.run(answers.map(() => ({ argv: ["x"], input: "" }))));
        const given = calls.map((answers) => {
          const failed = answers.findIndex(({ code }) => code !== 0);
          return failed === -1 ? answers : answers.slice(0, failed + 1);
        });
        const all = [{ code: 0, stdout: profile, stderr: profile }, ...given.flat()];
        const stdout = all.map(({ code, stdout }) => `${stdout}\nmark ${code}\n`).join("");
        const stderr = all.map(({ stderr }) => `${stderr}\nmark\n`).join("");
        await sayInPieces(process, { stdout, stderr }, places);
        expect(await Promise.all(results)).toEqual(given);
        expect(one.pending).toBe(0);
      },
    ),
  );
});

test.each([
  [137, "SIGKILL"],
  [143, "SIGTERM"],
  [130, "SIGINT"],
])("exit code %i of a program means that %s has ended it", async (code, signal) => {
  const { child } = fakeShell(["mark"], async () => ({ code, stdout: "out", stderr: "" }));
  expect(await run(shell(child, "mark"), ["x"])).toEqual({ code, stdout: "out", stderr: "", signal });
});

test("a shell that ends during a command returns its exit code, without incomplete output", async () => {
  const process = fakeShell(["mark"], () => new Promise(() => undefined));
  const one = shell(process.child, "mark");
  const outcome = run(one, ["x"]);
  process.say.stdout("[1");
  process.say.stderr("Terminated\n");
  await heard();
  expect(one.closed).toBe(false);
  process.end(127, "SIGTERM");
  expect(await outcome).toEqual({ code: 127, stdout: "", stderr: "Terminated\n", signal: "SIGTERM" });
  expect(one.closed).toBe(true);
  // The caller may not know yet that the shell has ended.
  expect(await run(one, ["y"])).toEqual(await outcome);
});

test("a shell whose input ends within a command does not run that command", async () => {
  const first = "2\n2\necho\nfirst\n0\n";
  const complete = `${first}4\necho\nran\n%delete\\nred\nblue\n2\na line\nanother\n`;
  const outputs = await Promise.all(
    Array.from({ length: complete.length + 1 }, async (_, length) => {
      const input = complete.slice(0, length);
      const { stdout } = await execa("sh", ["-c", SHELL_SCRIPT, "sh", "mark"], { input, reject: false });
      return stdout.replace(/^\nmark 0\n?/, "");
    }),
  );
  const [before, after] = [outputs.slice(0, first.length), outputs.slice(first.length, -1)];
  expect(new Set(before)).toEqual(new Set([""]));
  expect(new Set(after)).toEqual(new Set(["first\n\nmark 0"]));
  expect(outputs.at(-1)).toBe("first\n\nmark 0\nran delete\nred blue\n\nmark 0");
});

describe("the shell of this machine", () => {
  let one: Shell;
  beforeAll(() => {
    one = shell(startChild(["sh", "-c", SHELL_SCRIPT, "sh", "mark"]), "mark");
  });
  afterAll(() => one.close());

  const hostile = fc.string({
    unit: fc.constantFrom("a", "%", "\\", "\\n", "\n", "$(id)", "`", "'", '"', "ü", " ", "*", "0", "-"),
    maxLength: 12,
  });

  test("passes each word unchanged", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { maxLength: 4 }), async (words) => {
        const { stdout } = await run(one, ["printf", "<%s>", ...words]);
        expect(stdout).toBe(words.length === 0 ? "<>" : words.map((word) => `<${word}>`).join(""));
      }),
      { numRuns: 200 },
    );
  });

  test("passes each input unchanged", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          hostile,
          hostile.map((line) => `${line}\n`),
          fc.constant("a\0b"),
        ),
        async (input) => {
          expect((await run(one, ["cat"], input)).stdout).toBe(input);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("passes an input of many lines in linear time", async () => {
    const input = "a\n".repeat(50_000);
    expect((await run(one, ["cat"], input)).stdout).toBe(input);
  });

  test("runs the commands of a call up to the first one that fails", async () => {
    const words = [
      ["echo", "a"],
      ["sh", "-c", "echo b >&2; exit 3"],
      ["echo", "c"],
    ];
    const call = one.run(words.map((argv) => ({ argv, input: "" })));
    const next = run(one, ["echo", "d"]);
    expect(await call).toEqual([
      { code: 0, stdout: "a\n", stderr: "" },
      { code: 3, stdout: "", stderr: "b\n" },
    ]);
    expect(await next).toEqual({ code: 0, stdout: "d\n", stderr: "" });
  });
});

const run = async (one: Shell, argv: string[], input = "") => (await one.run([{ argv, input }]))[0] as CommandResult;
