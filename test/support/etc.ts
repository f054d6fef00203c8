import type { Sandbox } from "../../tools/sandbox.ts";

/** Gives a sandbox an /etc of its own, a copy of the machine's as far as it may be read. */
export async function ownEtc({ run, try: attempt }: Sandbox): Promise<void> {
  await run("mkdir", "/run/etc");
  // What only the machine's own root may read stays behind.
  await attempt("cp", "--archive", "--no-preserve=ownership", "/etc/.", "/run/etc");
  await run("mount", "--bind", "/run/etc", "/etc");
}
