import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import { type Drift, partsOf } from "../inspect/drift.ts";
import type { StackView } from "../inspect/stack.ts";
import { kindOfToken, parseUrn } from "../provider/urn.ts";
import type { ChangeMark, Drawn } from "./drawn.ts";

/**
 * Applies the output of `pulumi preview --json` to a stack: resources to create are added, resources to delete remain, and both
 * are marked.
 *
 * @throws v.ValiError if the text is not such a preview.
 */
export function overlayPreview(stack: StackView, preview: string): readonly Drawn[] {
  const drawn = new Map<string, Drawn>(stack.resources.map((resource) => [resource.urn, resource]));
  for (const { op, urn, newState } of v.parse(PREVIEW, JSON.parse(preview)).steps) {
    const mark = MARKS[op];
    const { type: token, name } = parseUrn(urn);
    const type = kindOfToken(token);
    if (mark === undefined || type === undefined) continue;
    const old = stack.resources.find((resource) => resource.urn === urn);
    const inputs = newState?.inputs ?? old?.inputs ?? {};
    const rest = { urn, type, name, id: old?.id ?? "", parent: old?.parent, outputs: {} };
    const before = mark === "changed" ? old?.inputs : undefined;
    drawn.set(urn, { ...rest, inputs, mark, before, drift: before && differences(before, inputs) });
  }
  return [...drawn.values()];
}

/** Returns the properties that differ between two sets of inputs. */
const differences = (before: Drawn["inputs"], after: Drawn["inputs"]): Drift[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .flatMap((property) => partsOf({ property, was: before[property], is: after[property] }))
    .filter(({ was, is }) => !isDeepStrictEqual(was, is));

/** A replacement is marked once, by its first step, because the engine lists its parts separately. */
const MARKS: Readonly<Record<string, ChangeMark>> = {
  create: "added",
  update: "changed",
  replace: "changed",
  "create-replacement": "changed",
  delete: "removed",
};

const PREVIEW = v.object({
  steps: v.optional(
    v.array(
      v.object({
        op: v.string(),
        urn: v.string(),
        newState: v.optional(v.object({ inputs: v.optional(v.record(v.string(), v.unknown())) })),
      }),
    ),
    [],
  ),
});
