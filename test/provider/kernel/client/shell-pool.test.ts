import { availableParallelism } from "node:os";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { batchLine } from "../../../../provider/kernel/client/batch-line.ts";
import { SHELL_SCRIPT } from "../../../../provider/kernel/client/shell.ts";
import { shellPool } from "../../../../provider/kernel/client/shell-pool.ts";
import type { IpCommand } from "../../../../provider/kernel/command.ts";
import type { CommandResult } from "../../../../provider/kernel/kernel.ts";
import { type Fake, fakeShell, heard } from "./fake.ts";

afterEach(() => void vi.useRealTimers());

const SAID: CommandResult = { code: 0, stdout: "", stderr: "" };

type Answer = (words: string[], input: string, self: Fake) => CommandResult | Promise<CommandResult>;

/** Returns a pool whose shells all answer in the same way, their commands, and the programs that they ran, in order. */
function playing(answer: Answer) {
  const [started, ran]: [{ argv: readonly string[]; process: Fake }[], string[]] = [[], []];
  const over = shellPool((argv) => {
    const process = fakeShell(argv, async (words, input, self) => {
      ran.push(`${words.join(" ")}\n${input}`);
      return answer(words, input, self);
    });
    started.push({ argv, process });
    return process.child;
  });
  return { ...over, started, ran };
}

/** Returns a pool whose shells each run a program that ends with `letGo()`. */
function busy(answer: Answer) {
  const { promise: free, resolve: letGo } = Promise.withResolvers<undefined>();
  const over = playing(async (words, input, self) => {
    if (words[0] !== "hold") return answer(words, input, self);
    await free;
    return SAID;
  });
  for (let index = 0; index < AT_ONCE; index += 1) void over.run(["hold"]);
  return { ...over, letGo: () => letGo(undefined) };
}

const AT_ONCE = 2 * availableParallelism();

const look = (text: string, namespace = "red", family?: "inet6"): IpCommand => {
  const [object = "", verb = "", ...words] = text.split(" ");
  return { tool: "ip", namespace, family, object: object as IpCommand["object"], verb, words, query: true };
};
const change = (text: string): IpCommand => {
  const { query: _, ...command } = look(text);
  return command;
};
const IP = "ip -n red -force -json -details -batch -";
const NOWHERE = 'Cannot open network namespace "red": No such file or directory\n';
const KILLED: CommandResult = { code: 137, stdout: "", stderr: "", signal: "SIGKILL" };

describe("a program in the pool", () => {
  test("gets its words and its input, and returns its result", async () => {
    const outcome = { code: 1, stdout: "out", stderr: "err" };
    const { run, ran, started } = playing(() => outcome);
    expect(await run(["nft", "-f", "-"], "a\nb\n")).toEqual(outcome);
    expect(await run(["true"])).toEqual(outcome);
    expect(ran).toEqual(["nft -f -\na\nb\n", "true\n"]);
    expect(started[0]?.argv).toEqual(["sh", "-c", SHELL_SCRIPT, "sh", expect.stringMatching(/^\w{32}$/)]);
  });

  test("waits if the maximum number of programs is running", async () => {
    const { run, started, ran, letGo } = busy((words) => ({ ...SAID, stdout: words.join(" ") }));
    const names = Array.from({ length: 3 * AT_ONCE }, (_, index) => `program${index}`);
    const outcomes = Promise.all(names.map((name) => run([name])));
    await heard();
    expect(ran).toEqual(Array.from({ length: AT_ONCE }, () => "hold\n"));
    letGo();
    expect((await outcomes).map(({ stdout }) => stdout)).toEqual(names);
    expect(started).toHaveLength(AT_ONCE);
    expect(new Set(started.map(({ argv }) => argv.at(-1))).size).toBe(AT_ONCE);
  });

  test("is run by another shell if the former one has ended", async () => {
    const { run, started } = playing((_words, _input, { end }) => {
      if (started.length === 1) end(127, "SIGKILL");
      return { ...SAID, stdout: `by ${started.length}` };
    });
    expect(await run(["x"])).toEqual({ code: 127, stdout: "", stderr: "", signal: "SIGKILL" });
    await heard();
    expect(await run(["x"])).toEqual({ ...SAID, stdout: "by 2" });
  });

  test("is run by a new shell if the idle ones were ended", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { run, started } = playing(() => SAID);
    await run(["x"]);
    await heard();
    expect(started[0]?.process.dismissed).toBe(false);
    await vi.runAllTimersAsync();
    await heard();
    expect(started[0]?.process.dismissed).toBe(true);
    await run(["x"]);
    expect(started).toHaveLength(2);
  });
});

describe("queries", () => {
  test("of one namespace and family that wait are run by one process", async () => {
    const {
      query: ask,
      ran,
      letGo,
    } = busy((words, input) => {
      const lines = input.split("\n").slice(0, -1);
      return { ...SAID, stdout: lines.map((line) => `${words[2]} ${line}\n`).join("") };
    });
    const outcomes = Promise.all([
      ask(look("address show dev a")),
      ask(look("address show dev b", "blue")),
      ask(look("address show dev c")),
      ask(look("route show", "red", "inet6")),
      ask(look("address show dev d")),
    ]);
    await heard();
    letGo();
    expect((await outcomes).map(({ stdout }) => stdout)).toEqual([
      "red address show dev a",
      "blue address show dev b",
      "red address show dev c",
      "red route show",
      "red address show dev d",
    ]);
    expect(ran.slice(AT_ONCE)).toEqual([
      `${IP}\naddress show dev a\naddress show dev c\naddress show dev d\n`,
      `${IP.replace("red", "blue")}\naddress show dev b\n`,
      `${IP.replace("-force", "-force -6")}\nroute show\n`,
    ]);
  });

  test("that arrive while a process runs are run by the next one", async () => {
    const { query: ask, ran } = playing(() => ({ ...SAID, stdout: "[]\n" }));
    await Promise.all([ask(look("address show dev a")), heard().then(() => ask(look("address show dev b")))]);
    expect(ran).toEqual([`${IP}\naddress show dev a\n`, `${IP}\naddress show dev b\n`]);
  });

  /** Returns the results of several queries that one process has answered. */
  async function told(count: number, outcome: CommandResult): Promise<CommandResult[]> {
    const { query: ask, letGo } = busy(() => outcome);
    const outcomes = Promise.all(Array.from({ length: count }, () => ask(look("address show"))));
    letGo();
    return outcomes;
  }

  test("each get their own result, also if others fail", async () => {
    const reason = fc.constantFrom('Device "a" does not exist.\n', "Error: one.\nDump terminated\n", "");
    const answer = fc.oneof(
      fc.stringMatching(/^\[[a-z]{0,3}\]$/).map((stdout) => ({ code: 0, stdout, stderr: "" })),
      reason.map((stderr) => ({ code: 2, stdout: "", stderr })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 12 }), async (answers) => {
        const stdout = answers.map((one) => (one.code === 0 ? `${one.stdout}\n` : "")).join("");
        const said = answers.map((one, index) =>
          one.code === 0 ? "" : `${one.stderr}Command failed -:${index + 1}\n`,
        );
        const code = said.join("") === "" ? 0 : 2;
        expect(await told(answers.length, { code, stdout, stderr: said.join("") })).toEqual(answers);
      }),
    );
  });

  test.each<[string, CommandResult]>([
    ["the namespace does not exist", { code: 255, stdout: "", stderr: NOWHERE }],
    ["the process is killed", KILLED],
    // The queries after the failed one were not run, so that their empty output does not mean that an object is absent.
    [
      "the process is killed after a query has failed",
      { ...KILLED, stderr: 'Device "a" does not exist.\nCommand failed -:1\n' },
    ],
    ["the process is killed after a query was answered", { ...KILLED, stdout: "[1]\n" }],
    ["the program is not installed", { code: 127, stdout: "", stderr: "sh: ip: not found\n" }],
  ])("all get the same failure if %s", async (_what, outcome) => {
    expect(await told(3, outcome)).toEqual([outcome, outcome, outcome]);
  });

  test("that succeed get a warning of the process", async () => {
    const [first, second] = await told(2, { code: 2, stdout: "[1]\n", stderr: "no\nCommand failed -:1\nslow\n" });
    expect(first).toEqual({ code: 2, stdout: "", stderr: "no\n" });
    expect(second).toEqual({ code: 0, stdout: "[1]", stderr: "slow\n" });
  });
});

describe("changes", () => {
  const LINES: readonly [IpCommand, ...IpCommand[]] = [
    change("link set dev lo up"),
    ...Array.from({ length: 10 }, (_, index) => change(`address add 10.0.0.${index} dev lo`)),
  ];
  const alter = (outcome: CommandResult) => playing(() => outcome).apply(LINES);

  test("are run by one process, line by line, up to the first one that fails", async () => {
    const { apply: alter, ran } = playing(() => SAID);
    expect(await alter(LINES)).toEqual(LINES.map(() => SAID));
    expect(ran).toEqual([`${IP.replace("-force ", "")}\n${LINES.map(batchLine).join("")}`]);
  });

  test.each([1, 2, 10, 11])("before the failed line %i succeed, and the others are not run", async (number) => {
    const stderr = `RTNETLINK answers: File exists\nCommand failed -:${number}\n`;
    expect(await alter({ code: 1, stdout: "", stderr })).toEqual([
      ...Array.from({ length: number - 1 }, () => SAID),
      { code: 1, stdout: "", stderr: "RTNETLINK answers: File exists\n" },
    ]);
  });

  test.each<[string, CommandResult]>([
    ["a missing namespace", { code: 255, stdout: "", stderr: NOWHERE }],
    ["a process that was killed", KILLED],
  ])("get one result with %s, because the number of completed lines is unknown", async (_what, outcome) => {
    expect(await alter(outcome)).toEqual([outcome]);
  });
});

test("on a host with many namespaces, they are entered with nsenter, whose duration does not depend on their number", async () => {
  const { query: see, apply: alter, ran } = playing(() => ({ ...SAID, stdout: "[]\n" }));
  for (let index = 0; index < 256; index += 1) await see(look("address show", `n${index}`));
  await see(look("address show", "n0"));
  expect(ran.every((line) => line.startsWith("ip -n n"))).toBe(true);
  await see(look("address show", "another"));
  await alter([change("link set dev lo up")]);
  expect(ran.slice(-2)).toEqual([
    "nsenter --net=/run/netns/another ip -force -json -details -batch -\naddress show\n",
    "nsenter --net=/run/netns/red ip -json -details -batch -\nlink set dev lo up\n",
  ]);
});
