import { describe, expect, test } from "vitest";
import { type Command, displayCommand, processShare } from "../../provider/kernel/command.ts";
import { type CommandResult, type KernelClient, oneByOne } from "../../provider/kernel/kernel.ts";
import { applyPlan, type Plan, type Step } from "../../provider/plan.ts";
import { type Exchange, fails, scripted } from "./script.ts";

const ip = (verb: string, name: string): Command => ({ tool: "ip", object: "link", verb, words: [name] });
const step = (name: string) => ({ run: ip("add", name), undo: ip("delete", name) });
const BUSY = fails("RTNETLINK answers: Device or resource busy");
const EXISTS = fails("RTNETLINK answers: File exists");
const KILLED = { ...fails("Command was killed with SIGKILL", 127), signal: "SIGKILL" };

/** Returns a step that removes the cause of a failure because of a busy device. */
const clearing = (name: string, more: Partial<Step> = {}): Step => ({
  ...step(name),
  recover: { from: "busy", run: ip("clear", name) },
  ...more,
});
const run = (plan: Plan, script: readonly Exchange[]) => scripted(script, (kernel) => applyPlan(kernel, plan));

describe("a step with a recover command", () => {
  test("does not run that command if it succeeds", () =>
    run([clearing("a"), step("b")], [["ip link add a"], ["ip link add b"]]));

  test("is run again after that command, and the plan continues", () =>
    run(
      [clearing("a"), step("b")],
      [["ip link add a", BUSY], ["ip link clear a"], ["ip link add a"], ["ip link add b"]],
    ));

  test("is run again also if that command fails", () =>
    run([clearing("a")], [["ip link add a", BUSY], ["ip link clear a", fails("no")], ["ip link add a"]]));

  test("fails with the error of that command if the command tells the reason", async () => {
    const script: Exchange[] = [
      ["ip link add a", BUSY],
      ["ip link clear a", fails("in use")],
      ["ip link add a", BUSY],
    ];
    const telling = clearing("a", { recover: { from: "busy", run: ip("clear", "a"), tellsWhy: true } });
    await expect(run([telling], script)).rejects.toMatchObject({ command: ip("clear", "a"), answer: "in use" });
  });

  test("may tolerate its error also if that command fails", () =>
    run(
      [clearing("a", { tolerate: ["busy"] })],
      [
        ["ip link add a", BUSY],
        ["ip link clear a", fails("no")],
        ["ip link add a", BUSY],
      ],
    ));

  test("is run at most twice", async () => {
    const failure = run(
      [step("a"), clearing("b")],
      [["ip link add a"], ["ip link add b", BUSY], ["ip link clear b"], ["ip link add b", BUSY], ["ip link delete a"]],
    );
    await expect(failure).rejects.toMatchObject({ reason: "busy", command: ip("add", "b") });
  });

  test("fails with the error of the second run", async () => {
    const script: Exchange[] = [["ip link add a", BUSY], ["ip link clear a"], ["ip link add a", EXISTS]];
    await expect(run([clearing("a")], script)).rejects.toMatchObject({ reason: "exists" });
  });

  test("may tolerate the error of the second run, and is then not undone", async () => {
    const failure = run(
      [clearing("a", { tolerate: ["exists"] }), step("b")],
      [["ip link add a", BUSY], ["ip link clear a"], ["ip link add a", EXISTS], ["ip link add b", fails("no")]],
    );
    await expect(failure).rejects.toMatchObject({ command: ip("add", "b") });
  });

  test("runs that command before it tolerates the error", () =>
    run([clearing("a", { tolerate: ["busy"] })], [["ip link add a", BUSY], ["ip link clear a"], ["ip link add a"]]));

  test("is undone if a later step fails; the recover command is not", async () => {
    const failure = run(
      [clearing("a"), step("b")],
      [
        ["ip link add a", BUSY],
        ["ip link clear a"],
        ["ip link add a"],
        ["ip link add b", fails("no")],
        ["ip link delete a"],
      ],
    );
    await expect(failure).rejects.toThrow("no");
  });

  test("is undone if its second run is interrupted", async () => {
    const script: Exchange[] = [
      ["ip link add a", BUSY],
      ["ip link clear a"],
      ["ip link add a", KILLED],
      ["ip link delete a"],
    ];
    await expect(run([clearing("a")], script)).rejects.toMatchObject({ interrupted: true });
  });

  test.each([
    ["fails for another reason", { from: "busy", run: ip("clear", "a") } as const, EXISTS],
    ["is interrupted", { from: "failed", run: ip("clear", "a") } as const, KILLED],
  ])("does not run that command if it %s", async (_why, recover, answer) => {
    const undone: Exchange[] = answer === KILLED ? [["ip link delete a"]] : [];
    await expect(run([{ ...step("a"), recover }], [["ip link add a", answer], ...undone])).rejects.toMatchObject({
      command: ip("add", "a"),
    });
  });
});

describe("a recover command", () => {
  test("may depend on the earlier commands, and is computed only when it is needed", async () => {
    const happened: string[] = [];
    const kernel = oneByOne(async (command) => {
      happened.push(displayCommand(command));
      return displayCommand(command) === "ip link add b" && !happened.includes("ip link clear a,b") ? BUSY : DONE;
    });
    const recover = {
      from: "busy",
      run: () => ip("clear", happened.map((line) => line.split(" ").at(-1)).join(",")),
    } as const;
    await applyPlan(kernel, [step("a"), { ...step("b"), recover }]);
    expect(happened).toEqual(["ip link add a", "ip link add b", "ip link clear a,b", "ip link add b"]);
  });

  test.each([
    ["succeeds", { code: 0, stdout: "one\ntwo\n", stderr: "" }],
    ["fails", fails("no")],
  ])("reports its result if it %s", async (_how, answer) => {
    const told: CommandResult[] = [];
    const recover = {
      from: "busy",
      run: ip("clear", "a"),
      onResult: (outcome: CommandResult) => told.push(outcome) > 0,
    } as const;
    await run([{ ...step("a"), recover }], [["ip link add a", BUSY], ["ip link clear a", answer], ["ip link add a"]]);
    expect(told).toEqual([answer]);
  });

  test("that has removed nothing is not followed by a retry", async () => {
    const recover = { from: "busy", run: ip("clear", "a"), onResult: () => false } as const;
    const all = run([{ ...step("a"), recover }], [["ip link add a", BUSY], ["ip link clear a"]]);
    await expect(all).rejects.toMatchObject({ reason: "busy" });
  });

  test("reports nothing if it is not run", async () => {
    const told: CommandResult[] = [];
    const recover = {
      from: "busy",
      run: ip("clear", "a"),
      onResult: (outcome: CommandResult) => told.push(outcome) > 0,
    } as const;
    await run([{ ...step("a"), recover }], [["ip link add a"]]);
    expect(told).toEqual([]);
  });
});

const DONE: CommandResult = { code: 0, stdout: "", stderr: "" };

test("a kernel with batches continues after the step that has recovered", async () => {
  const calls: string[] = [];
  let isBusy = true;
  const kernel: KernelClient = {
    async run(command) {
      calls.push(displayCommand(command));
      if (displayCommand(command).includes("clear")) isBusy = false;
      return DONE;
    },
    async runBatch(commands) {
      calls.push(commands.map(displayCommand).join(", "));
      const at = commands.findIndex((command) => isBusy && displayCommand(command).endsWith(" b"));
      return at === -1 ? commands.map(() => DONE) : [...commands.slice(0, at).map(() => DONE), BUSY];
    },
    batchSize: processShare,
  };
  const plan = ["a", "b", "c", "d"].map((name) => clearing(name)).map((one) => ({ ...one, run: inRed(one.run) }));
  await applyPlan(kernel, plan);
  expect(calls).toEqual([
    "ip -n red link add a, ip -n red link add b, ip -n red link add c, ip -n red link add d",
    "ip link clear b",
    "ip -n red link add b",
    "ip -n red link add c, ip -n red link add d",
  ]);
});

const inRed = (command: Command): Command => ({ ...command, namespace: "red" });
