import { describe, expect, test } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import { argsOf } from "../../provider/kernel/command.ts";
import { oneByOne } from "../../provider/kernel/kernel.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { everyExample } from "../support/every-kind.ts";
import { MARK, ready } from "./samples.ts";
import { fails } from "./script.ts";

const answers = [
  ["may not query the kernel", "RTNETLINK answers: Operation not permitted\nDevice does not exist.", "denied"],
  ["may not enter the namespace", 'Cannot open network namespace "red": Permission denied', "denied"],
  ["cannot parse the answer of the tool", "Segmentation fault", "failed"],
] as const;

const verbs: [string, (life: Lifecycle, args: { __mark: string }) => Promise<unknown>][] = [
  ["create", (life, args) => life.create(args)],
  ["read", (life, args) => life.read("id", args)],
  ["update", (life, args) => life.update("id", args, args)],
  ["delete", (life, args) => life.delete("id", args)],
];

describe.each(answers)("a provider that %s", (_what, stderr, reason) => {
  describe.each(everyExample)("throws for a $type", ({ type, kind, args }) => {
    test.each(verbs)("at %s, and runs no further command", async (verb, act) => {
      const asked: string[] = [];
      const kernel = oneByOne(async (command) => {
        asked.push([command.tool, ...argsOf(command)].join(" "));
        return fails(stderr);
      });
      const life = lifecycles(kernel).get(type) as Lifecycle;
      await expect(act(life, { ...ready(kind, args), __mark: MARK })).rejects.toMatchObject({
        name: "KernelError",
        reason,
      });
      const deeds = asked.filter((command) => !/ show\b| list |--values|^cat |\becho (runs|there)\b/.test(command));
      // An optimistic create without a query fails at its first command, and has nothing to undo.
      expect(deeds).toHaveLength(verb === "create" && kind.createOptimistically?.(ready(kind, args), false) ? 1 : 0);
      if (deeds.length > 0) expect(asked).toEqual(deeds);
    });
  });
});
