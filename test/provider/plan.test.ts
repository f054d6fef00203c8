import { describe, expect, test } from "vitest";
import type { Command } from "../../provider/kernel/kernel.ts";
import { carryOut, type Plan, showPlan } from "../../provider/plan.ts";
import { type Exchange, fails, scripted } from "./script.ts";

const ip = (...args: string[]): Command => ({ tool: "ip", args });
const step = (name: string) => ({ run: ip("add", name), undo: ip("delete", name) });
const sysctl: Command = { tool: "sysctl", args: ["--write", "net.ipv4.ip_forward=2"] };

const run = (plan: Plan, script: readonly Exchange[]) => scripted(script, (kernel) => carryOut(kernel, plan));

test("a plan is shown as the lines that a person would type", () => {
  expect(showPlan([])).toBe("");
  expect(showPlan([step("a"), { run: { tool: "nft", args: ["-f", "-"], stdin: "add table x\n" } }])).toBe(
    "ip add a\nnft -f - <<'EOF'\nadd table x\nEOF",
  );
});

describe("a plan that is carried out", () => {
  test("runs each step once, in order", () => run([step("a"), step("b")], [["ip add a"], ["ip add b"]]));

  test("that is empty runs nothing", () => run([], []));

  test("undoes in reverse what came before the step that failed, and throws its failure", async () => {
    const plan = [step("a"), { run: ip("set", "b") }, step("c"), step("d"), step("e")];
    const failure = run(plan, [
      ["ip add a"],
      ["ip set b"],
      ["ip add c"],
      ["ip add d", fails("RTNETLINK answers: File exists")],
      ["ip delete c"],
      ["ip delete a"],
    ]);
    await expect(failure).rejects.toMatchObject({ reason: "exists", command: ip("add", "d") });
  });

  test("undoes also a step that was interrupted, for nobody knows whether it was done", async () => {
    const killed = { ...fails("Command was killed with SIGKILL", 127), signal: "SIGKILL" };
    const failure = run(
      [step("a"), step("b"), step("c")],
      [["ip add a"], ["ip add b", killed], ["ip delete b"], ["ip delete a"]],
    );
    await expect(failure).rejects.toMatchObject({ interrupted: true, reason: "failed" });
  });

  test("undoes all that it can when an undo fails, and still throws the first failure", async () => {
    const failure = run(
      [step("a"), step("b"), step("c")],
      [["ip add a"], ["ip add b"], ["ip add c", fails("first")], ["ip delete b", fails("second")], ["ip delete a"]],
    );
    await expect(failure).rejects.toThrow("first");
  });

  test("goes on after an answer that a step tolerates", () =>
    run(
      [{ run: ip("delete", "a"), tolerate: ["absent"] }, step("b")],
      [["ip delete a", fails('Cannot find device "a"')], ["ip add b"]],
    ));

  test("ends at an answer that a step tolerates no more than others", async () => {
    const failure = run(
      [{ run: ip("delete", "a"), tolerate: ["absent"] }, step("b")],
      [["ip delete a", fails("RTNETLINK answers: Operation not permitted\nCannot find device")]],
    );
    await expect(failure).rejects.toMatchObject({ reason: "denied" });
  });

  test("takes a warning of ip for a success, and one of sysctl for a failure", async () => {
    const warning = fails("Invalid argument", 0);
    await run([step("a")], [["ip add a", warning]]);
    await expect(run([{ run: sysctl }], [["sysctl --write net.ipv4.ip_forward=2", warning]])).rejects.toThrow(
      "Invalid argument",
    );
  });
});
