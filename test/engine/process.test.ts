import { expect, test } from "vitest";
import { SOON, traces } from "../../tools/sandbox.ts";
import { before, host, project, projectForAllTests } from "../support/project-for-all.ts";

projectForAllTests("process");

const pids = async () => (await host.run("ip", "netns", "pids", "red")).split("\n");
const log = () => host.run("sh", "-c", "cat /run/pulumi-netns/*.log");
const secret = (value: string) => project.stack.try("config", "set", "--secret", "token", value);

const program = (script: string) => `
  import { Process } from "pulumi-netns";
  const red = new Namespace("red");
  const TOKEN = new pulumi.Config().requireSecret("token");
  new Process("web", { namespace: red, command: ["sh", "-c", ${JSON.stringify(script)}], env: { TOKEN, PORT: "80" },
    files: { "web.key": TOKEN, "motd": "welcome" } });
`;

const WEB = "echo token $TOKEN; cat web.key motd; echo; exec sleep 1000";

test("a secret variable reaches the program, and is neither in the state nor in a preview", async () => {
  const { stack } = project;
  await project.program(program(WEB));
  await secret("first-secret");
  expect(await stack.up()).toEqual(["create Namespace red", "create Process web"]);
  expect(await log()).toBe("token first-secret\nfirst-secretwelcome");

  await secret("second-secret");
  const preview = await stack.try("preview", "--diff");
  expect(preview.stdout).toMatch(/~ pulumi-nodejs:dynamic\/netns:Process: \(update\)/);
  expect(preview.stdout).toContain("TOKEN: [secret]");
  expect(preview.stdout).toMatch(/web\.key: \[secret\]/);
  expect(await stack.up()).toEqual(["update Process web"]);
  expect((await log()).split("\n").slice(-2)).toEqual(["token second-secret", "second-secretwelcome"]);
  expect([preview.stdout, preview.stderr, await stack.state()].join("\n")).not.toMatch(/(first|second)-secret/);
});

test("a failed change does not show the secret, and leaves the former process running", async () => {
  const { stack } = project;
  const running = await pids();
  const { said } = await project.failing("up", program("echo no $TOKEN >&2; exit 3"));
  expect(said).toMatch(/the program ended at once\. Last lines of .*\n\s*no \[secret\]\n/);
  const state = await stack.state();
  expect(state).toContain("PORT");
  expect(said + state).not.toMatch(/(first|second)-secret/);
  expect(await stack.refresh()).toEqual([]);
  expect(await pids()).toHaveLength(running.length);
});

test("a process that has ended is started again after a refresh has reported it", async () => {
  const { stack } = project;
  await project.program(program(WEB));
  const running = await pids();
  await host.run("kill", "-9", ...running);
  await expect.poll(pids, SOON).toEqual([""]);
  expect(await stack.up()).toEqual([]);
  expect(await pids()).toEqual([""]);
  expect(await stack.refresh()).toEqual(["delete Process web"]);
  expect(await stack.up()).toEqual(["create Process web"]);
  expect(await pids()).toHaveLength(running.length);
});

test("a destroy ends the process", async () => {
  await project.stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});
