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

/** A step whose way can be cleared where something is busy. */
const clearing = (name: string, more: Partial<Step> = {}): Step => ({
  ...step(name),
  recover: { from: "busy", run: ip("clear", name) },
  ...more,
});
const run = (plan: Plan, script: readonly Exchange[]) => scripted(script, (kernel) => applyPlan(kernel, plan));

describe("a step that removes the cause of a refusal", () => {
  test("removes nothing where it is not refused", () =>
    run([clearing("a"), step("b")], [["ip link add a"], ["ip link add b"]]));

  test("is tried once more, and the plan goes on", () =>
    run(
      [clearing("a"), step("b")],
      [["ip link add a", BUSY], ["ip link clear a"], ["ip link add a"], ["ip link add b"]],
    ));

  test("is tried once more also where the cause could not be removed", () =>
    run([clearing("a")], [["ip link add a", BUSY], ["ip link clear a", fails("no")], ["ip link add a"]]));

  test("ends with why the cause could not be removed where that command tells it", async () => {
    const script: Exchange[] = [
      ["ip link add a", BUSY],
      ["ip link clear a", fails("in use")],
      ["ip link add a", BUSY],
    ];
    const telling = clearing("a", { recover: { from: "busy", run: ip("clear", "a"), tellsWhy: true } });
    await expect(run([telling], script)).rejects.toMatchObject({ command: ip("clear", "a"), answer: "in use" });
  });

  test("tolerates what it was refused with, whyever the cause could not be removed", () =>
    run(
      [clearing("a", { tolerate: ["busy"] })],
      [
        ["ip link add a", BUSY],
        ["ip link clear a", fails("no")],
        ["ip link add a", BUSY],
      ],
    ));

  test("is tried no more than twice", async () => {
    const failure = run(
      [step("a"), clearing("b")],
      [["ip link add a"], ["ip link add b", BUSY], ["ip link clear b"], ["ip link add b", BUSY], ["ip link delete a"]],
    );
    await expect(failure).rejects.toMatchObject({ reason: "busy", command: ip("add", "b") });
  });

  test("ends with what it was refused with at last", async () => {
    const script: Exchange[] = [["ip link add a", BUSY], ["ip link clear a"], ["ip link add a", EXISTS]];
    await expect(run([clearing("a")], script)).rejects.toMatchObject({ reason: "exists" });
  });

  test("may tolerate what it was refused with at last, and is then not undone", async () => {
    const failure = run(
      [clearing("a", { tolerate: ["exists"] }), step("b")],
      [["ip link add a", BUSY], ["ip link clear a"], ["ip link add a", EXISTS], ["ip link add b", fails("no")]],
    );
    await expect(failure).rejects.toMatchObject({ command: ip("add", "b") });
  });

  test("clears its way rather than tolerate that it is refused", () =>
    run([clearing("a", { tolerate: ["busy"] })], [["ip link add a", BUSY], ["ip link clear a"], ["ip link add a"]]));

  test("is undone when a later one fails; what removed the cause is not", async () => {
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

  test("is undone when it is interrupted at the second time", async () => {
    const script: Exchange[] = [
      ["ip link add a", BUSY],
      ["ip link clear a"],
      ["ip link add a", KILLED],
      ["ip link delete a"],
    ];
    await expect(run([clearing("a")], script)).rejects.toMatchObject({ interrupted: true });
  });

  test.each([
    ["for another reason", { from: "busy", run: ip("clear", "a") } as const, EXISTS],
    ["by nothing, since it was interrupted", { from: "failed", run: ip("clear", "a") } as const, KILLED],
  ])("removes nothing where it is refused %s", async (_why, recover, answer) => {
    const undone: Exchange[] = answer === KILLED ? [["ip link delete a"]] : [];
    await expect(run([{ ...step("a"), recover }], [["ip link add a", answer], ...undone])).rejects.toMatchObject({
      command: ip("add", "a"),
    });
  });
});

describe("what removes a cause", () => {
  test("may depend on what has happened until then, and is asked for no earlier", async () => {
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
    ["has worked", { code: 0, stdout: "one\ntwo\n", stderr: "" }],
    ["has failed", fails("no")],
  ])("tells what it was answered, when it %s", async (_how, answer) => {
    const told: CommandResult[] = [];
    const recover = {
      from: "busy",
      run: ip("clear", "a"),
      onResult: (outcome: CommandResult) => told.push(outcome),
    } as const;
    await run([{ ...step("a"), recover }], [["ip link add a", BUSY], ["ip link clear a", answer], ["ip link add a"]]);
    expect(told).toEqual([answer]);
  });

  test("tells nothing where there was no refusal", async () => {
    const told: CommandResult[] = [];
    const recover = {
      from: "busy",
      run: ip("clear", "a"),
      onResult: (outcome: CommandResult) => told.push(outcome),
    } as const;
    await run([{ ...step("a"), recover }], [["ip link add a"]]);
    expect(told).toEqual([]);
  });
});

const DONE: CommandResult = { code: 0, stdout: "", stderr: "" };

test("a kernel that does many commands at once goes on behind the step whose way was cleared", async () => {
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
