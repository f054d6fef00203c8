import { expect, test } from "vitest";
import { SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { openProject } from "../support/project.ts";

/** A lab host, and a project there whose processes end with the test. */
async function open() {
  const host = await sandbox();
  const project = await openProject(host, "process");
  return {
    host,
    project,
    stack: project.stack,
    pids: async () => (await host.run("ip", "netns", "pids", "red")).split("\n"),
    log: () => host.run("sh", "-c", "cat /run/pulumi-netns/*.log"),
    secret: (value: string) => project.stack.try("config", "set", "--secret", "token", value),
    async [Symbol.asyncDispose]() {
      await project.stack.try("destroy", "--yes", "--skip-preview");
      await project[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
    },
  };
}

const program = (script: string) => `
  import { Process } from "pulumi-netns";
  const red = new Namespace("red");
  const TOKEN = new pulumi.Config().requireSecret("token");
  new Process("web", { namespace: red, command: ["sh", "-c", ${JSON.stringify(script)}], env: { TOKEN, PORT: "80" } });
`;

const WEB = "echo token $TOKEN; exec sleep 1000";

test("a variable that is a secret reaches the program, and neither the state nor a preview tells it", async () => {
  await using lab = await open();
  const { project, stack, log, secret } = lab;
  await project.program(program(WEB));
  await secret("first-secret");
  expect(await stack.up()).toEqual(["create Namespace red", "create Process web"]);
  expect(await log()).toBe("token first-secret");

  await secret("second-secret");
  const { stdout, stderr } = await stack.try("preview", "--diff");
  expect(stdout).toMatch(/~ pulumi-nodejs:dynamic\/netns:Process: \(update\)/);
  expect(stdout).toContain("TOKEN: [secret]");
  expect(await stack.up()).toEqual(["update Process web"]);
  expect((await log()).split("\n").at(-1)).toBe("token second-secret");

  await project.program(program("echo no $TOKEN >&2; exit 3"));
  const failed = await stack.try("up", "--yes", "--skip-preview");
  expect(failed.stdout).toMatch(/it ended at once\. The last lines of .*\n\s*no \[secret\]\n/);
  const state = await stack.state();
  expect(state).toContain("PORT");
  expect([stdout, stderr, failed.stdout, failed.stderr, state].join("\n")).not.toMatch(/(first|second)-secret/);
});

test("one that died stays dead until a refresh has seen it; a change that fails leaves the former running", async () => {
  await using lab = await open();
  const { host, project, stack, pids, secret } = lab;
  const before = await traces(host);
  await secret("any");
  await project.program(program(WEB));
  await stack.up();
  const running = await pids();
  await project.failing("up", program("exit 3"));
  await project.program(program(WEB));
  expect(await stack.up("--refresh")).toEqual([]);
  expect(await pids()).toHaveLength(running.length);

  await host.run("kill", "-9", ...(await pids()));
  await expect.poll(pids, SOON).toEqual([""]);
  expect(await stack.up()).toEqual([]);
  expect(await pids()).toEqual([""]);
  expect(await stack.refresh()).toEqual(["delete Process web"]);
  expect(await stack.up()).toEqual(["create Process web"]);
  expect(await pids()).toHaveLength(running.length);
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});
