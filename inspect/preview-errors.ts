import * as v from "valibot";
import { kindOfToken, parseUrn } from "../provider/urn.ts";

/**
 * Returns the errors in the output of `pulumi preview --json`, each once, with its resource, as in `error: Lan office: …`. Undefined
 * if there are none, or the output is of another command.
 */
export function previewErrors(output: string): string | undefined {
  const preview = v.safeParse(PREVIEW, output);
  if (!preview.success) return undefined;
  const errors = preview.output.diagnostics
    .filter(({ severity }) => severity === "error")
    .map((one) => `error: ${diagnosticText(one)}`);
  return errors.length === 0 ? undefined : [...new Set(errors)].join("\n");
}

/** Returns an error or warning of the engine with its resource, as in `Lan office: …`. */
export function diagnosticText({ urn, message }: Diagnostic): string {
  // The SDK reports the errors of a check by the name of the resource, and the engine repeats them by its type token.
  const said = message.trimEnd().replace(/^(?:error: |warning: )?(\S+ resource '.*?' has a problem: )?/, "");
  return `${urn === undefined ? "" : `${labelOf(urn)}: `}${said}`;
}

/** An error or warning of the engine. */
interface Diagnostic {
  /** Its resource; undefined for one of the program. */
  readonly urn?: string | undefined;
  readonly message: string;
}

const PREVIEW = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    diagnostics: v.array(v.object({ urn: v.optional(v.string()), message: v.string(), severity: v.string() })),
  }),
);

/** Returns a resource as the SDK names it in its errors, such as `Lan office`. */
function labelOf(urn: string): string {
  const { type, name } = parseUrn(urn);
  return `${kindOfToken(type) ?? type.slice(type.lastIndexOf(":") + 1)} ${name}`;
}
