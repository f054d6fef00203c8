import { driftText } from "../inspect/drift.ts";
import type { StackView } from "../inspect/stack.ts";
import type { Condition, ResourceStatus } from "../inspect/status.ts";
import type { ChangeMark, Drawn } from "./drawn.ts";

/** Lays what the kernel has over a stack: what is missing or has drifted is marked. `all` is in the order of the resources. */
export const overlayStatus = ({ resources }: StackView, all: readonly ResourceStatus[]): readonly Drawn[] =>
  resources.map((resource, index) => {
    const { condition = "missing", drift = [], owner } = all[index] ?? {};
    const told = drift.map(driftText);
    const whose = owner === undefined ? "no mark" : `the mark of the stack ${owner}`;
    return {
      ...resource,
      mark: MARKS[condition],
      details: condition === "foreign" ? [`another object has its name, with ${whose}`] : told,
    };
  });

const MARKS: Readonly<Record<Condition, ChangeMark | undefined>> = {
  up: undefined,
  drifted: "drifted",
  missing: "missing",
  foreign: "missing",
};
