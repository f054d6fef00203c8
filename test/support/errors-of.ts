import { vi } from "vitest";
import { failure } from "./edited.ts";
import type { Program } from "./engine/program.ts";

/** Runs a program that must fail before the engine gets an invalid resource, and returns all errors that the SDK reports. */
export async function errorsOf(program: Program): Promise<string[]> {
  // Without a connection to Pulumi's engine, Pulumi's SDK prints an error.
  const printed = vi.spyOn(console, "error").mockImplementation(() => undefined);
  try {
    const last = await failure(program);
    const errors = [...printed.mock.calls.map(([text]) => String(text).replace(/^error: \[runtime\] /, "")), last];
    return errors.map((text) => text.replace(/^Error: /, ""));
  } finally {
    printed.mockRestore();
  }
}
