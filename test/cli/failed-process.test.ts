import { expect, test } from "vitest";
import { logOf } from "../../provider/kinds/process-paths.ts";
import { SOON, traces } from "../../tools/sandbox.ts";
import { before, host, project, projectForAllTests } from "../support/project-for-all.ts";
import { COMMAND } from "./bench.ts";

projectForAllTests("failing");

const netns = (command: string, ...args: string[]) => {
  const [env = "", ...words] = [...project.stack.env, ...COMMAND, command, "--cwd", project.folder, "--stack", "dev"];
  return host.try(env, ...words, ...args);
};

const program = (script: string) => `
  import { Process } from "pulumi-netns";
  new Process("idle", { command: ["sh", "-c", "echo idle; exec sleep 1000"], settle: 100 });
  new Process("my web", { command: ["sh", "-c", ${JSON.stringify(script)}] });
`;

test("logs shows the log of a process that failed to start, status names the way, and the next up takes the log over", async () => {
  await project.failing("up", program("for i in $(seq 30); do echo line $i; done; exit 3"));
  const one = await netns("logs", "my web");
  expect(one).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^line 1\n[^]*\nline 30\npulumi-netns: sh ended/),
  });
  const all = (await netns("logs", "--lines", "1")).stdout.split("\n");
  expect(all).toEqual(["idle   | idle", "my_web | pulumi-netns: sh ended with exit code 3"]);

  // The logs of other stacks are not shown.
  await host.run("touch", logOf("pulumi-netns:other/dev:theirs@00000000"));
  expect((await netns("logs", "theirs")).stderr).toMatch(/not found in this stack[^]*available: idle, my_web$/);
  await host.run("rm", logOf("pulumi-netns:other/dev:theirs@00000000"));

  const { code, stdout } = await netns("status");
  expect(code).toBe(3);
  expect(stdout).toMatch(
    /^Logs of processes that are not in the stack's state.*:\n {2}log {2}\/run\/pulumi-netns\/failing\+dev\S*:my_web@\S+\.log\n {2}help: `pulumi-netns logs NAME`/m,
  );

  await project.program(program("echo works; exec sleep 1000"));
  expect(await project.stack.up()).toEqual(["create Process my web"]);
  expect((await netns("logs", "my web", "--lines", "1")).stdout).toBe("works");
  expect((await netns("status")).code).toBe(0);
  await project.stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test("clean removes the log of a process that has left the program, and logs then knows none", async () => {
  await project.failing("up", program("exit 3"));
  await project.program("");
  expect(await project.stack.up()).toEqual(["delete Process idle"]);
  expect((await netns("logs", "--lines", "1")).stdout).toBe("my_web | pulumi-netns: sh ended with exit code 3");
  await netns("clean", "--yes");
  expect((await netns("logs")).stderr).toContain("no process of this stack has a log");
  expect((await netns("logs", "my web")).stderr).toContain('process "my web" not found in this stack');
  expect((await netns("status")).code).toBe(0);
  await expect.poll(() => traces(host), SOON).toBe(before);
});
