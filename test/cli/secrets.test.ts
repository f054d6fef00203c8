import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";
import { REPOSITORY } from "../../tools/stack.ts";
import { openProject, type Project } from "../support/project.ts";
import { COMMAND } from "./bench.ts";

let host: Sandbox;
let project: Project;

const SECRETS = ["10.66.0.0/16", "10.77.0.1/24", "10.9.9.9"];

beforeAll(async () => {
  host = await sandbox();
  project = await openProject(host, "hush");
  await project.program(program(SECRETS));
  await project.stack.up();
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
});

const program = ([destination, address, source]: string[]) => `
  const red = new Namespace("red");
  const hush = (value: string) => pulumi.secret(value);
  new Veth("wire", {
    a: { name: "eth0", namespace: red, addresses: [hush("${address}"), "10.88.0.1/24"] },
    b: { name: "wire-b" },
  });
  new Route("r", { namespace: red, destination: hush("${destination}"), via: "10.88.0.2" });
  new NatRule("n", { type: "snat", toAddress: hush("${source}"), source: "10.88.0.0/24" });
  new Sysctl("s", { key: "net.ipv4.ip_forward", value: hush("1") });
`;

const netns = (command: string, ...args: string[]) => withCommand(COMMAND, command, ...args);

async function withCommand(program: readonly string[], command: string, ...args: string[]) {
  const [env = "", ...words] = [...project.stack.env, ...program, command, "--cwd", project.folder, "--stack", "dev"];
  const answer = await host.try(env, ...words, ...args);
  for (const secret of SECRETS) expect(answer.stdout + answer.stderr).not.toContain(secret);
  return answer;
}

test("status reports resources with secrets, without the secrets", async () => {
  const { code, stdout, stderr } = await netns("status");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^ {4}Route +r +red\/inet\/\[secret\]\/table\/254\/metric\/0 +up$/m);
  expect(stdout).toMatch(/^5 resources: 5 up$/m);
});

// A page contains the picture of svg.
test.each(["html", "mermaid"])("the picture as %s shows [secret] instead of secrets", async (format) => {
  const { code, stdout } = await netns("graph", "--format", format);
  expect(code).toBe(0);
  expect(stdout.replaceAll("#91;", "[").replaceAll("#93;", "]")).toMatch(/route.*\[secret\] via 10\.88\.0\.2/s);
});

test("no drift and no preview in a status or a picture contains a secret", async () => {
  await host.run("sysctl", "-w", "net.ipv4.ip_forward=0");
  await host.run("ip", "-n", "red", "address", "delete", "10.77.0.1/24", "dev", "eth0");
  await host.run("ip", "-n", "red", "link", "set", "dev", "eth0", "mtu", "1400");
  const { code, stdout } = await netns("status", "--json");
  expect(code).toBe(3);
  const { resources } = JSON.parse(stdout);
  expect(resources.flatMap(({ drift }: { drift: unknown[] }) => drift)).toEqual(
    expect.arrayContaining([
      { property: "value", was: "[secret]", is: "[secret]" },
      { property: "a.addresses", was: "[secret]", is: "[secret]" },
      { property: "a.mtu", was: 1500, is: 1400 },
    ]),
  );

  const { said, asked } = await livePicture();
  expect(said).toContain("≠ sysctl");
  // The state is read only once, so that no up can change it in between.
  expect(asked).toBe("stack export --show-secrets --stack dev\n");

  await project.program(program(["10.66.0.0/16", "10.77.0.1/24", "10.9.9.10"]));
  expect((await netns("graph", "--preview", "--format", "mermaid")).stdout).toContain("~ nat");
});

/** Draws a live picture, and returns it with the arguments of the runs of `pulumi` that it needed. */
async function livePicture(): Promise<{ said: string; asked: string }> {
  const [bin, log] = [join(project.folder, "bin"), join(project.folder, "asked")];
  await mkdir(bin);
  const real = join(REPOSITORY, "node_modules/.bin/pulumi");
  await writeFile(join(bin, "pulumi"), `#!/bin/sh\necho "$@" >>${log}\nexec ${real} "$@"\n`, { mode: 0o755 });
  const [path = "", ...node] = COMMAND;
  const logged = [path.replace("=", `=${bin}:`), ...node];
  const { stdout } = await withCommand(logged, "graph", "--live", "--format", "mermaid");
  return { said: stdout, asked: await readFile(log, "utf8") };
}
