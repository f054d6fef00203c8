import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTestedLabHosts } from "../../testing/lab-hosts.ts";
import type { Sandbox } from "../../tools/sandbox.ts";

/** Lab hosts in a sandbox, without a real ssh. */
export interface NearLabHosts extends AsyncDisposable {
  readonly machines: ReadonlyMap<string, Pick<Sandbox, "run" | "try">>;
}

/**
 * Opens lab hosts in a sandbox, as `pulumi-netns/testing` has them. Until they are closed, the `ssh` of this process, and of those that it
 * starts, reaches them.
 */
export async function openNearLabHosts(host: Sandbox, names: readonly string[]): Promise<NearLabHosts> {
  const lab = await openTestedLabHosts(host, names);
  const machines = new Map(names.map((name) => [name, machineOf(lab.all, name)]));
  const folder = await mkdtemp(join(tmpdir(), "netns-near-"));
  const [bin = ""] = lab.path.split(":");
  // A process in the sandbox, such as that of an engine, cannot enter it once more.
  const isInside = `[ /proc/self/ns/user -ef /proc/${host.pid}/ns/user ]`;
  const script = `#!/bin/sh\n${isInside} || exec ${host.enter.join(" ")} "$0" "$@"\nexec ${bin}/ssh "$@"\n`;
  await writeFile(join(folder, "ssh"), script, { mode: 0o755 });
  const former = process.env["PATH"];
  process.env["PATH"] = `${folder}:${former}`;
  return {
    machines,
    async [Symbol.asyncDispose]() {
      process.env["PATH"] = former;
      await lab[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

type TestedLabHosts = Awaited<ReturnType<typeof openTestedLabHosts>>;

function machineOf(all: TestedLabHosts["all"], name: string): Pick<Sandbox, "run" | "try"> {
  const attempt = (program: string, ...args: string[]) => all.run(`${name}/`, program, ...args);
  return {
    try: attempt,
    async run(program, ...args) {
      const { code, stdout, stderr } = await attempt(program, ...args);
      if (code !== 0) throw new Error(`${name}: ${program} ${args.join(" ")}: ${stderr}`);
      return stdout;
    },
  };
}
