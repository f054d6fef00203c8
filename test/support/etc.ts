import type { Sandbox } from "../../tools/sandbox.ts";

/** Gives a sandbox its own /etc: a copy of the readable part of the machine's. */
export async function ownEtc({ run, try: attempt }: Sandbox): Promise<void> {
  await run("mkdir", "/run/etc");
  // Files that only the machine's root may read are not copied.
  await attempt("cp", "--archive", "--no-preserve=ownership", "/etc/.", "/run/etc");
  await run("mount", "--bind", "/run/etc", "/etc");
}
