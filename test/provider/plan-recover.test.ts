import { describe, expect, test } from "vitest";
import { type Command, type Kernel, type Outcome, show } from "../../provider/kernel/kernel.ts";
import { carryOut, type Plan, type Step } from "../../provider/plan.ts";
import { type Exchange, fails, scripted } from "./script.ts";

const ip = (...args: string[]): Command => ({ tool: "ip", args });
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
const run = (plan: Plan, script: readonly Exchange[]) => scripted(script, (kernel) => carryOut(kernel, plan));

describe("a step that removes the cause of a refusal", () => {
  test("removes nothing where it is not refused", () => run([clearing("a"), step("b")], [["ip add a"], ["ip add b"]]));

  test("is tried once more, and the plan goes on", () =>
    run([clearing("a"), step("b")], [["ip add a", BUSY], ["ip clear a"], ["ip add a"], ["ip add b"]]));

  test("is tried once more also where the cause could not be removed", () =>
    run([clearing("a")], [["ip add a", BUSY], ["ip clear a", fails("no")], ["ip add a"]]));

  test("is tried no more than twice", async () => {
    const failure = run(
      [step("a"), clearing("b")],
      [["ip add a"], ["ip add b", BUSY], ["ip clear b"], ["ip add b", BUSY], ["ip delete a"]],
    );
    await expect(failure).rejects.toMatchObject({ reason: "busy", command: ip("add", "b") });
  });

  test("ends with what it was refused with at last", async () => {
    const script: Exchange[] = [["ip add a", BUSY], ["ip clear a"], ["ip add a", EXISTS]];
    await expect(run([clearing("a")], script)).rejects.toMatchObject({ reason: "exists" });
  });

  test("may tolerate what it was refused with at last, and is then not undone", async () => {
    const failure = run(
      [clearing("a", { tolerate: ["exists"] }), step("b")],
      [["ip add a", BUSY], ["ip clear a"], ["ip add a", EXISTS], ["ip add b", fails("no")]],
    );
    await expect(failure).rejects.toMatchObject({ command: ip("add", "b") });
  });

  test("clears its way rather than tolerate that it is refused", () =>
    run([clearing("a", { tolerate: ["busy"] })], [["ip add a", BUSY], ["ip clear a"], ["ip add a"]]));

  test("is undone when a later one fails; what removed the cause is not", async () => {
    const failure = run(
      [clearing("a"), step("b")],
      [["ip add a", BUSY], ["ip clear a"], ["ip add a"], ["ip add b", fails("no")], ["ip delete a"]],
    );
    await expect(failure).rejects.toThrow("no");
  });

  test("is undone when it is interrupted at the second time", async () => {
    const script: Exchange[] = [["ip add a", BUSY], ["ip clear a"], ["ip add a", KILLED], ["ip delete a"]];
    await expect(run([clearing("a")], script)).rejects.toMatchObject({ interrupted: true });
  });

  test.each([
    ["for another reason", { from: "busy", run: ip("clear", "a") } as const, EXISTS],
    ["by nothing, since it was interrupted", { from: "failed", run: ip("clear", "a") } as const, KILLED],
  ])("removes nothing where it is refused %s", async (_why, recover, answer) => {
    const undone: Exchange[] = answer === KILLED ? [["ip delete a"]] : [];
    await expect(run([{ ...step("a"), recover }], [["ip add a", answer], ...undone])).rejects.toMatchObject({
      command: ip("add", "a"),
    });
  });
});

describe("what removes a cause", () => {
  test("may depend on what has happened until then, and is asked for no earlier", async () => {
    const happened: string[] = [];
    const kernel: Kernel = {
      async run(command) {
        happened.push(show(command));
        return show(command) === "ip add b" && !happened.includes("ip clear a,b") ? BUSY : DONE;
      },
    };
    const recover = {
      from: "busy",
      run: () => ip("clear", happened.map((line) => line.split(" ").at(-1)).join(",")),
    } as const;
    await carryOut(kernel, [step("a"), { ...step("b"), recover }]);
    expect(happened).toEqual(["ip add a", "ip add b", "ip clear a,b", "ip add b"]);
  });

  test.each([
    ["has worked", { code: 0, stdout: "one\ntwo\n", stderr: "" }],
    ["has failed", fails("no")],
  ])("tells what it was answered, when it %s", async (_how, answer) => {
    const told: Outcome[] = [];
    const recover = { from: "busy", run: ip("clear", "a"), done: (outcome: Outcome) => told.push(outcome) } as const;
    await run([{ ...step("a"), recover }], [["ip add a", BUSY], ["ip clear a", answer], ["ip add a"]]);
    expect(told).toEqual([answer]);
  });

  test("tells nothing where there was no refusal", async () => {
    const told: Outcome[] = [];
    const recover = { from: "busy", run: ip("clear", "a"), done: (outcome: Outcome) => told.push(outcome) } as const;
    await run([{ ...step("a"), recover }], [["ip add a"]]);
    expect(told).toEqual([]);
  });
});

const DONE: Outcome = { code: 0, stdout: "", stderr: "" };

test("a kernel that does many commands at once goes on behind the step whose way was cleared", async () => {
  const calls: string[] = [];
  let isBusy = true;
  const kernel: Required<Kernel> = {
    async run(command) {
      calls.push(show(command));
      if (command.args[0] === "clear") isBusy = false;
      return DONE;
    },
    async series(commands) {
      calls.push(commands.map(show).join(", "));
      const at = commands.findIndex(({ args }) => isBusy && args[1] === "b");
      return at === -1 ? commands.map(() => DONE) : [...commands.slice(0, at).map(() => DONE), BUSY];
    },
  };
  const plan = ["a", "b", "c", "d"].map((name) => clearing(name)).map((one) => ({ ...one, run: inRed(one.run) }));
  await carryOut(kernel, plan);
  expect(calls).toEqual([
    "ip -n red add a, ip -n red add b, ip -n red add c, ip -n red add d",
    "ip clear b",
    "ip -n red add b",
    "ip -n red add c, ip -n red add d",
  ]);
});

const inRed = (command: Command): Command => ({ ...command, namespace: "red" });
