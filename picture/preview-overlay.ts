import * as v from "valibot";
import type { StackView } from "../inspect/stack.ts";
import { kindOfToken, parseUrn } from "../provider/urn.ts";
import type { ChangeMark, Drawn } from "./drawn.ts";

/**
 * Lays what `pulumi preview --json` printed over a stack: what is to be added joins it, what is to be removed stays in it,
 * and both are marked.
 *
 * @throws v.ValiError when the text is no such preview.
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
    drawn.set(urn, { ...rest, inputs, mark, before: mark === "changed" ? old?.inputs : undefined });
  }
  return [...drawn.values()];
}

/** A replacement is told once, by its first step, where the engine lists its parts. */
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
