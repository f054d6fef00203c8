import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argsOf, type Command, displayCommand, processShare } from "../../provider/kernel/command.ts";
import { type CommandResult, type KernelClient, oneByOne } from "../../provider/kernel/kernel.ts";
import { applyPlan, type Plan, type Step, showPlan } from "../../provider/plan.ts";
import { type Exchange, fails, scripted } from "./script.ts";

const ip = (verb: string, name: string): Command => ({ tool: "ip", object: "link", verb, words: [name] });
const step = (name: string) => ({ run: ip("add", name), undo: ip("delete", name) });
const sysctl: Command = { tool: "sysctl", args: ["--write", "net.ipv4.ip_forward=2"] };

const run = (plan: Plan, script: readonly Exchange[]) => scripted(script, (kernel) => applyPlan(kernel, plan));

test("a plan is shown as shell commands", () => {
  expect(showPlan([])).toBe("");
  expect(showPlan([step("a"), { run: { tool: "nft", args: ["-f", "-"], stdin: "add table x\n" } }])).toBe(
    "ip link add a\nnft -f - <<'EOF'\nadd table x\nEOF",
  );
});

describe("applyPlan", () => {
  test("runs each step once, in order", () => run([step("a"), step("b")], [["ip link add a"], ["ip link add b"]]));

  test("runs nothing for an empty plan", () => run([], []));

  test("undoes the steps before the failed one in reverse order, and throws the error of the failed step", async () => {
    const plan = [step("a"), { run: ip("set", "b") }, step("c"), step("d"), step("e")];
    const failure = run(plan, [
      ["ip link add a"],
      ["ip link set b"],
      ["ip link add c"],
      ["ip link add d", fails("RTNETLINK answers: File exists")],
      ["ip link delete c"],
      ["ip link delete a"],
    ]);
    await expect(failure).rejects.toMatchObject({ reason: "exists", command: ip("add", "d") });
  });

  test("runs what follows the rollback of a step after all steps have been undone, and not if the step itself failed", async () => {
    const reload = { run: ip("set", "b"), afterUndo: ip("set", "b") };
    const later = run(
      [step("a"), reload, step("c")],
      [["ip link add a"], ["ip link set b"], ["ip link add c", fails("no")], ["ip link delete a"], ["ip link set b"]],
    );
    await expect(later).rejects.toThrow("no");
    const itself = run([step("a"), reload], [["ip link add a"], ["ip link set b", fails("no")], ["ip link delete a"]]);
    await expect(itself).rejects.toThrow("no");
    await run([step("a"), reload], [["ip link add a"], ["ip link set b"]]);
  });

  test("undoes also a step that was interrupted, because it may have run", async () => {
    const killed = { ...fails("Command was killed with SIGKILL", 127), signal: "SIGKILL" };
    const failure = run(
      [step("a"), step("b"), step("c")],
      [["ip link add a"], ["ip link add b", killed], ["ip link delete b"], ["ip link delete a"]],
    );
    await expect(failure).rejects.toMatchObject({ interrupted: true, reason: "failed" });
  });

  test("runs all other undo commands if one fails, and still throws the first error", async () => {
    const failure = run(
      [step("a"), step("b"), step("c")],
      [
        ["ip link add a"],
        ["ip link add b"],
        ["ip link add c", fails("first")],
        ["ip link delete b", fails("second")],
        ["ip link delete a"],
      ],
    );
    await expect(failure).rejects.toThrow("first");
  });

  test("continues after an error that a step tolerates", () =>
    run(
      [{ run: ip("delete", "a"), tolerate: ["absent"] }, step("b")],
      [["ip link delete a", fails('Cannot find device "a"')], ["ip link add b"]],
    ));

  test("does not undo a step whose error was tolerated", async () => {
    const failure = run(
      [step("a"), { ...step("b"), tolerate: ["exists"] }, step("c")],
      [
        ["ip link add a"],
        ["ip link add b", fails("File exists")],
        ["ip link add c", fails("no")],
        ["ip link delete a"],
      ],
    );
    await expect(failure).rejects.toMatchObject({ command: ip("add", "c") });
  });

  test("undoes a step that succeeded, although it tolerates errors", async () => {
    const failure = run(
      [{ ...step("a"), tolerate: ["exists"] }, step("b")],
      [["ip link add a"], ["ip link add b", fails("no")], ["ip link delete a"]],
    );
    await expect(failure).rejects.toThrow("no");
  });

  test("stops at an error that a step does not tolerate, also if its text contains one that is tolerated", async () => {
    const failure = run(
      [{ run: ip("delete", "a"), tolerate: ["absent"] }, step("b")],
      [["ip link delete a", fails("RTNETLINK answers: Operation not permitted\nCannot find device")]],
    );
    await expect(failure).rejects.toMatchObject({ reason: "denied" });
  });

  test("treats a warning of ip as a success, and one of sysctl as a failure", async () => {
    const warning = fails("Invalid argument", 0);
    await run([step("a")], [["ip link add a", warning]]);
    await expect(run([{ run: sysctl }], [["sysctl --write net.ipv4.ip_forward=2", warning]])).rejects.toThrow(
      "Invalid argument",
    );
  });
});

/** Returns steps in a namespace. A step whose name begins with `!` tolerates that the object exists. */
const within = (namespace: string | undefined, ...names: string[]): Step[] =>
  names.map((text) => {
    const name = text.replace("!", "");
    return {
      run: { ...ip("add", name), namespace },
      undo: { ...ip("delete", name), namespace },
      ...(text !== name && { tolerate: ["exists"] as const }),
    };
  });
const nft: Step = { run: { tool: "nft", namespace: "red", args: ["-f", "-"] } };

describe("applyPlan with a kernel that runs batches", () => {
  test.each<[string, Plan, string[]]>([
    ["runs the steps of one namespace as a batch", within("red", "a", "b", "c"), ["red add a, red add b, red add c"]],
    ["runs a single step alone", within("red", "a"), ["red add a"]],
    ["runs each step on the lab host alone", within(undefined, "a", "b"), ["add a", "add b"]],
    [
      "runs a batch for each namespace",
      [...within("red", "a", "b"), ...within("blue", "c", "d"), ...within("red", "e")],
      ["red add a, red add b", "blue add c, blue add d", "red add e"],
    ],
    [
      "keeps the order if a step on the lab host is between others",
      [...within(undefined, "a"), ...within("red", "b", "c"), ...within(undefined, "d"), ...within("red", "e", "f")],
      ["add a", "red add b, red add c", "add d", "red add e, red add f"],
    ],
    [
      "runs commands of other tools than ip alone",
      [nft, nft, ...within("red", "a", "b"), nft, ...within("red", "c")],
      ["red nft", "red nft", "red add a, red add b", "red nft", "red add c"],
    ],
  ])("%s", async (_what, plan, calls) => {
    expect(await carried(plan)).toEqual({ calls });
  });

  test("undoes the earlier steps of the failed batch and of those before it", async () => {
    const plan = [...within(undefined, "a"), ...within("red", "b", "c", "d", "e")];
    expect(await carried(plan, { "red add d": fails("no") })).toMatchObject({
      calls: ["add a", "red add b, red add c, red add d, red add e", "red delete c", "red delete b", "delete a"],
      error: { reason: "failed", command: { namespace: "red", verb: "add", words: ["d"] } },
    });
  });

  test("continues after a tolerated error, and does not undo that step", async () => {
    const answers = { "red add b": fails("File exists"), "red add d": fails("no") };
    expect(await carried(within("red", "a", "!b", "c", "d", "e"), answers)).toMatchObject({
      calls: [
        "red add a, red add b, red add c, red add d, red add e",
        "red add c, red add d, red add e",
        "red delete c",
        "red delete a",
      ],
      error: { command: { verb: "add", words: ["d"] } },
    });
  });

  test("undoes all steps that an interrupted process may have run", async () => {
    const killed = { ...fails("", 137), signal: "SIGKILL" };
    const plan = [...within(undefined, "a"), ...within("red", "b", "c"), ...within("blue", "d")];
    expect(await carried(plan, { "red add b": killed })).toMatchObject({
      calls: ["add a", "red add b, red add c", "red delete c", "red delete b", "delete a"],
      error: { interrupted: true },
    });
  });

  test("runs the same commands in the same order as a kernel without batches", async () => {
    const place = fc.constantFrom("red", "blue", undefined);
    const answer = fc.constantFrom(undefined, undefined, undefined, fails("File exists"), fails("no"));
    const one = fc.record({ place, tolerates: fc.boolean(), answer });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 10 }), async (steps) => {
        const plan = steps.flatMap(({ place, tolerates }, index) => within(place, `${tolerates ? "!" : ""}${index}`));
        const answers = Object.fromEntries(plan.map(({ run }, index) => [spell(run), steps[index]?.answer]));
        const [together, alone] = [recording(answers), recording(answers)];
        const ends = [outcomeOf(together.kernel, plan), outcomeOf(oneByOne(alone.kernel.run), plan)];
        const [end, other] = await Promise.all(ends);
        expect(end).toEqual(other);
        expect(together.tried).toEqual(alone.tried);
      }),
    );
  });
});

/** Applies a plan, and returns the batches that were run and the error. */
async function carried(plan: Plan, answers: Answers = {}) {
  const { kernel, calls } = recording(answers);
  const error = await outcomeOf(kernel, plan);
  return { calls, ...(error !== undefined && { error }) };
}

const outcomeOf = (kernel: KernelClient, plan: Plan): Promise<unknown> =>
  applyPlan(kernel, plan).then(
    () => undefined,
    (error: unknown) => error,
  );

type Answers = Readonly<Record<string, CommandResult | undefined>>;

/** Returns a kernel that runs batches, and records the batches and the commands that were tried. */
function recording(answers: Answers) {
  const [calls, tried]: [string[], string[]] = [[], []];
  const attempt = (command: Command): CommandResult => {
    tried.push(displayCommand(command));
    return answers[spell(command)] ?? { code: 0, stdout: "", stderr: "" };
  };
  const kernel: KernelClient = {
    async run(command) {
      calls.push(spell(command));
      return attempt(command);
    },
    async runBatch(commands) {
      calls.push(commands.map(spell).join(", "));
      const outcomes: CommandResult[] = [];
      for (const command of commands) {
        const outcome = attempt(command);
        outcomes.push(outcome);
        if (outcome.code !== 0) break;
      }
      return outcomes;
    },
    batchSize: processShare,
  };
  return { kernel, calls, tried };
}

const spell = (command: Command): string => {
  const { tool, namespace } = command;
  return [...(namespace === undefined ? [] : [namespace]), ...(tool === "ip" ? argsOf(command).slice(1) : [tool])].join(
    " ",
  );
};
