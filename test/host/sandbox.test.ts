import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Sandbox, SOON, sandbox } from "../../tools/sandbox.ts";
import { REPOSITORY } from "../../tools/stack.ts";

/** Starts a detached daemon in a namespace of a sandbox, and returns its id. */
async function daemon({ run }: Sandbox): Promise<string> {
  await run("ip", "netns", "add", "red");
  await run("ip", "netns", "exec", "red", "setsid", "--fork", "sh", "-c", "exec sleep 1000 >/dev/null 2>&1");
  return run("ip", "netns", "pids", "red");
}

const runs = (pid: string): boolean => existsSync(`/proc/${pid}`);

test("the end of a sandbox ends its processes, and those of no other sandbox", async () => {
  await using other = await sandbox();
  const host = await sandbox();
  const [theirs, ours] = [await daemon(other), await daemon(host)];
  expect([runs(theirs), runs(ours)]).toEqual([true, true]);
  await host[Symbol.asyncDispose]();
  await expect.poll(() => runs(ours), SOON).toBe(false);
  expect(runs(theirs)).toBe(true);
});

test("a sandbox has its own /etc, without the files of the machine's namespaces", async () => {
  await using host = await sandbox();
  expect(await host.run("ls", "/etc")).not.toMatch(/^netns$/m);
  expect(await host.run("cat", "/etc/passwd")).toBe(readFileSync("/etc/passwd", "utf8").trimEnd());
  await host.run("sh", "-c", "mkdir -p /etc/netns/its-own && echo 10.0.0.1 its-own >/etc/netns/its-own/hosts");
  expect(existsSync("/etc/netns/its-own")).toBe(false);
});

test("a sandbox ends when the process that opened it is killed", async () => {
  const opener = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await once(opener.stdout, "data")) as [Buffer];
  const pids = said.toString().trim().split(" ");
  const ran = pids.map(runs);
  opener.kill("SIGKILL");
  expect(ran).toEqual([true, true]);
  await expect.poll(() => pids.filter(runs), SOON).toEqual([]);
});

const PROGRAM = `
  import { sandbox } from "${join(REPOSITORY, "testing/sandbox.ts")}";
  const { pid, run } = await sandbox();
  await run("setsid", "--fork", "sh", "-c", "exec sleep 1000 >/dev/null 2>&1");
  console.log(pid, await run("pgrep", "--ns", String(pid), "--nslist", "user", "sleep"));
`;
