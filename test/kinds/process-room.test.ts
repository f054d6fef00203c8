import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { programs, shell } from "../support/processes.ts";

labForEachTest("red", "blue");

/** A program that holds a lock, as a server holds a port, and that ends at once if another process holds it. */
const holding = (name: string, namespace = "red") => ({
  ...shell(`exec 9>/tmp/${name}; flock -n 9 || exit 1; exec sleep 10${name.length}`),
  namespace,
});

test("a process that cannot start ends undeclared processes of its stack in its namespace, and starts", async () => {
  await lab.resource("Process", "old").up(holding("a"));
  const next = lab.nextRun();
  expect(await next.resource("Process", "new").up(holding("a"))).toBe("create");
  expect(await programs()).toHaveLength(1);
});

test.each<[string, { name: string; stack?: string; namespace?: string }]>([
  ["process that the program declares", { name: "kept" }],
  ["process of another stack whose name matches that of its own as a pattern", { name: "old", stack: "devx2" }],
  ["process in another namespace", { name: "old", namespace: "blue" }],
])("a process that cannot start ends no %s", async (_which, { name, stack = "dev.2", namespace }) => {
  const old = lab.resource("Process", name, stack);
  await old.up(holding("ab", namespace));
  const next = lab.nextRun();
  const again = next.resource("Process", name, stack);
  again.resume(old);
  if (name === "kept") expect(await again.up(holding("ab", namespace))).toBe("same");
  await expect(next.resource("Process", "new", "dev.2").up(holding("ab"))).rejects.toThrow(/the program ended at once/);
  expect(await old.refresh()).toEqual([]);
});

test("a process that cannot start runs once if there is no other process to end", async () => {
  const once = { ...shell("echo run >> /run/runs; exit 1"), namespace: "red" };
  await expect(lab.nextRun().resource("Process", "it").up(once)).rejects.toThrow(/the program ended at once/);
  expect(await lab.run("cat", "/run/runs")).toBe("run");
});
