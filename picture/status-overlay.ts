import { driftText } from "../inspect/drift.ts";
import type { StackView } from "../inspect/stack.ts";
import type { Condition, ResourceStatus } from "../inspect/status.ts";
import type { Drawn, Mark } from "./drawn.ts";

/** Lays what the kernel has over a stack: what is missing or has drifted is marked. `all` is in the order of the resources. */
export const live = ({ resources }: StackView, all: readonly ResourceStatus[]): readonly Drawn[] =>
  resources.map((resource, index) => {
    const { condition = "missing", drift = [], owner } = all[index] ?? {};
    const told = drift.map(driftText);
    const whose = owner === undefined ? "no mark" : `the mark of the stack ${owner}`;
    return {
      ...resource,
      mark: MARKS[condition],
      told: condition === "foreign" ? [`another object has its name, with ${whose}`] : told,
    };
  });

const MARKS: Readonly<Record<Condition, Mark | undefined>> = {
  up: undefined,
  drifted: "drifted",
  missing: "missing",
  foreign: "missing",
};
