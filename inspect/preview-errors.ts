import * as v from "valibot";
import { kindOfToken, parseUrn } from "../provider/urn.ts";

/**
 * Returns the errors in the output of `pulumi preview --json`, each once, with its resource, as in `error: Lan office: …`. Undefined
 * if there are none, or the output is of another command.
 */
export function previewErrors(output: string): string | undefined {
  const preview = v.safeParse(PREVIEW, output);
  if (!preview.success) return undefined;
  const errors = preview.output.diagnostics.filter(({ severity }) => severity === "error").map(textOf);
  return errors.length === 0 ? undefined : [...new Set(errors)].join("\n");
}

const PREVIEW = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    diagnostics: v.array(v.object({ urn: v.optional(v.string()), message: v.string(), severity: v.string() })),
  }),
);

type Diagnostic = v.InferOutput<typeof PREVIEW>["diagnostics"][number];

function textOf({ urn, message }: Diagnostic): string {
  // The SDK reports the errors of a check by the name of the resource, and the engine repeats them by its type token.
  const said = message.trimEnd().replace(/^error: (\S+ resource '.*?' has a problem: )?/, "");
  return `error: ${urn === undefined ? "" : `${labelOf(urn)}: `}${said}`;
}

/** Returns a resource as the SDK names it in its errors, such as `Lan office`. */
function labelOf(urn: string): string {
  const { type, name } = parseUrn(urn);
  return `${kindOfToken(type) ?? type.slice(type.lastIndexOf(":") + 1)} ${name}`;
}
