import { driftText } from "../inspect/drift.ts";
import type { StackView } from "../inspect/stack.ts";
import type { Condition, ResourceStatus } from "../inspect/status.ts";
import type { ChangeMark, Drawn } from "./drawn.ts";

/** Applies the kernel's state to a stack: missing and drifted resources are marked. `all` is in the order of the resources. */
export const overlayStatus = ({ resources }: StackView, all: readonly ResourceStatus[]): readonly Drawn[] =>
  resources.map((resource, index) => {
    const { condition = "missing", drift = [], owner } = all[index] ?? {};
    const told = drift.map(driftText);
    const whose = owner === undefined ? "no mark" : `the mark of the stack ${owner}`;
    return {
      ...resource,
      mark: MARKS[condition],
      drift: condition === "drifted" ? drift : undefined,
      details: condition === "foreign" ? [`another object has its name, with ${whose}`] : told,
    };
  });

const MARKS: Readonly<Record<Condition, ChangeMark | undefined>> = {
  up: undefined,
  drifted: "drifted",
  missing: "missing",
  foreign: "missing",
};
