import { spawn } from "node:child_process";
import { once } from "node:events";
import { enterSandbox, type Isolation, isolated, killAll } from "../../../sandbox/isolation.ts";
import { sandboxAt } from "../../../testing/sandbox.ts";
import { type Sandbox, withJson } from "../../../tools/sandbox.ts";

/** Opens a sandbox in a virtual machine, with the same methods as one on this machine (testing/sandbox.ts). */
export async function machineSandbox(enter: string, isolation: Isolation = {}): Promise<Sandbox> {
  const words = isolated(`{ echo $$; trap "" HUP INT TERM; cat; ${killAll(isolation)}; }`, isolation);
  const holder = spawn(enter, words, { stdio: ["pipe", "pipe", "inherit"] });
  const exit = once(holder, "exit");
  const pid = await Promise.race([processId(holder.stdout), exit.then(() => 0)]);
  if (pid === 0) throw new Error("the virtual machine opened no sandbox");
  const end = async () => {
    holder.stdin.end();
    await exit;
  };
  return withJson(sandboxAt(pid, [enter, ...enterSandbox(pid, isolation)], end), undefined);
}

/** Returns the id of the process that keeps a sandbox open. The process prints it when the sandbox is ready. */
function processId(output: NodeJS.ReadableStream): Promise<number> {
  let said = "";
  return new Promise((resolve) =>
    output.on("data", (chunk) => {
      said += String(chunk);
      const [, pid] = /^ready\n(\d+)\n/.exec(said) ?? [];
      if (pid !== undefined) resolve(Number(pid));
    }),
  );
}
