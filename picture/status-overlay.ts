import { driftTexts } from "../inspect/drift.ts";
import type { StackView } from "../inspect/stack.ts";
import type { Condition, ResourceStatus } from "../inspect/status.ts";
import type { ChangeMark, Drawn } from "./drawn.ts";

/** Applies the kernel's state to a stack: missing and drifted resources are marked. `all` is in the order of the resources. */
export const overlayStatus = ({ resources }: StackView, all: readonly ResourceStatus[]): readonly Drawn[] =>
  resources.map((resource, index) => {
    const { condition = "missing", drift = [], owner } = all[index] ?? {};
    return {
      ...resource,
      mark: MARKS[condition],
      drift: condition === "drifted" ? drift : undefined,
      details: OCCUPANTS[condition]?.(owner) ?? drift.flatMap(driftTexts),
    };
  });

/** The text on the object that has the name of a resource whose own object is missing. */
const OCCUPANTS: Partial<Record<Condition, (owner: string | undefined) => readonly string[]>> = {
  replaced: (owner) => [`another resource of the stack has taken over its object: ${owner}`],
  foreign: (owner) => [
    `another object has its name, with ${owner === undefined ? "no mark" : `the mark of the stack ${owner}`}`,
  ],
};

const MARKS: Readonly<Record<Condition, ChangeMark | undefined>> = {
  up: undefined,
  drifted: "drifted",
  missing: "missing",
  replaced: "missing",
  foreign: "missing",
  unknown: "unknown",
};
