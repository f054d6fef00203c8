import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchErrorLine } from "../../../../provider/kernel/client/batch-line.ts";
import { ipSession } from "../../../../provider/kernel/client/ip-session.ts";
import type { IpCommand } from "../../../../provider/kernel/command.ts";
import { cuts, fake, fakeIp, heard, sayInPieces, UNKNOWN } from "./fake.ts";

const line = (query: boolean, object: IpCommand["object"], verb: string, ...words: string[]): IpCommand => ({
  ...{ tool: "ip", object, verb, words },
  ...(query && { query }),
});
const ADD = line(false, "link", "add", "name", "br0");
const LOOK = line(true, "address", "show");
const ABSENT = 'Device "eth0" does not exist.\n';
const EXISTS = "RTNETLINK answers: File exists\n";

test("a session sends lines to its process, and is not unused afterwards", async () => {
  const told: string[] = [];
  const one = ipSession(
    fakeIp((text) => {
      told.push(text);
      return {};
    }).child,
  );
  expect(one.unused).toBe(true);
  await one.run(ADD);
  expect(one.unused).toBe(false);
  expect(told).toEqual(["link add name br0"]);
});

test("each command gets its own result", async () => {
  const answers = [{}, { stderr: EXISTS }, { stdout: "[1]\n" }, { stderr: ABSENT }, { stdout: "[2]\n" }];
  const one = ipSession(fakeIp(() => answers.shift()).child);
  expect(await Promise.all([ADD, ADD, LOOK, LOOK, LOOK].map((each) => one.run(each)))).toEqual([
    { code: 0, stdout: "", stderr: "" },
    { code: 2, stdout: "", stderr: EXISTS },
    { code: 0, stdout: "[1]\n", stderr: "" },
    { code: 2, stdout: "", stderr: ABSENT },
    { code: 0, stdout: "[2]\n", stderr: "" },
  ]);
  expect(one.closed).toBe(false);
});

test("a successful command returns a warning", async () => {
  const process = fakeIp((_text, { say }) => {
    say.stderr("Warning: slow\n");
    return {};
  });
  const one = ipSession(process.child);
  expect(await one.run(ADD)).toEqual({ code: 0, stdout: "", stderr: "Warning: slow\n" });
});

const word = fc.string({ unit: fc.constantFrom("a", "ü", "🦑", " ", "{", ":", "1"), maxLength: 5 });
const answer = fc.oneof(
  word.map((text) => ({ shows: true, stdout: `[${text}]\n`, said: "", code: 0 })),
  word.map((text) => ({ shows: false, stdout: "", said: text && `${text}\n`, code: 0 })),
  fc.tuple(word, fc.boolean()).map(([text, shows]) => ({
    shows,
    stdout: "",
    said: `${text} does not exist\n`,
    code: 2,
  })),
);

test("results do not depend on the pieces in which the output arrives", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 8 }), cuts, async (answers, places) => {
      const process = fake();
      const one = ipSession(process.child);
      const outcomes = Promise.all(answers.map(({ shows }) => one.run(line(shows, "link", "x"))));
      const told = answers.map(({ said, code }, index) => {
        const number = 2 * index + 1;
        return `${said}${code === 0 ? "" : batchErrorLine(number)}${UNKNOWN}${batchErrorLine(number + 1)}`;
      });
      const stdout = answers.map((each) => each.stdout).join("");
      await sayInPieces(process, { stdout, stderr: told.join("") }, places);
      expect(await outcomes).toEqual(answers.map(({ code, stdout, said }) => ({ code, stdout, stderr: said })));
    }),
  );
});

test("a query waits for its output, also if its end marker arrives first", async () => {
  const process = fake();
  const look = ipSession(process.child).run(LOOK);
  process.say.stderr(UNKNOWN + batchErrorLine(2));
  await heard();
  process.say.stdout("[1]\n");
  expect(await look).toEqual({ code: 0, stdout: "[1]\n", stderr: "" });
});

test.each([
  ["a session is closed after an interrupted list", LOOK, "Dump terminated\n", true],
  ["a session is open after a query of a missing object", LOOK, ABSENT, false],
  ["a session is open after a failed change", ADD, "Dump terminated\n", false],
])("%s", async (_what, each, stderr, closed) => {
  const one = ipSession(fakeIp(() => ({ stderr })).child);
  expect(await one.run(each)).toEqual({ code: 2, stdout: "", stderr });
  expect(one.closed).toBe(closed);
});

describe("a process that ends", () => {
  test("during a command returns its exit code for that command only", async () => {
    const process = fakeIp((text, { say, end }) => {
      if (text !== "link add name br0") return { stdout: "[1]\n" };
      say.stderr("Killed\n");
      end(127, "SIGKILL");
      return undefined;
    });
    const one = ipSession(process.child);
    const outcomes = await Promise.all([one.run(LOOK), heard().then(() => one.run(ADD))]);
    expect(outcomes).toEqual([
      { code: 0, stdout: "[1]\n", stderr: "" },
      { code: 127, stdout: "", stderr: "Killed\n", signal: "SIGKILL" },
    ]);
    expect(one.closed).toBe(true);
  });

  test("before the first command returns the reason for all commands", async () => {
    const process = fake();
    const one = ipSession(process.child);
    const outcomes = Promise.all([one.run(ADD), one.run(LOOK)]);
    process.say.stderr("spawn ip ENOENT");
    await heard();
    process.end(127);
    const answer = { code: 127, stdout: "", stderr: "spawn ip ENOENT" };
    expect(await outcomes).toEqual([answer, answer]);
  });

  test("after a close has finished the commands that it was given", async () => {
    const process = fakeIp(() => ({ stdout: "[1]\n" }));
    const one = ipSession(process.child);
    const look = one.run(LOOK);
    await one.close();
    expect(await look).toMatchObject({ code: 0, stdout: "[1]\n" });
    expect([one.closed, process.dismissed]).toEqual([true, true]);
  });
});
