import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import type { Stack } from "../../tools/stack.ts";
import { engineIn } from "../support/engine-processes.ts";
import { type Killer, openKiller } from "../support/killer.ts";
import { openProject, type Project } from "../support/project.ts";
import { COMMAND } from "./bench.ts";

let host: Sandbox;
let killer: Killer;
let project: Project;
let stack: Stack;
let before: string;

beforeEach(async () => {
  host = await sandbox();
  before = await traces(host);
  killer = await openKiller();
  project = await openProject(host, "killed", { PATH: killer.path });
  stack = project.stack;
});

afterEach(async () => {
  for (const part of [project, killer, host]) await part[Symbol.asyncDispose]();
});

const netns = (command: string, ...args: string[]) =>
  host.try(...(stack.env as [string]), ...COMMAND, command, ...["--cwd", project.folder, "--stack", "dev"], ...args);

const LAB = `
  for (const name of ["red", "blue"]) new Namespace(name);
  new Bridge("lan");
  new Sysctl("forwarding", { key: "net.ipv4.ip_forward", value: "1" });
`;

/** Runs an up whose engine is killed after a number of changing commands. Its changes are not in the state. */
async function killedUp(commands: number): Promise<void> {
  await killer.arm(commands, "provider and engine");
  await stack.try("up", "--yes", "--skip-preview");
  expect(await killer.fired()).toBe(true);
  await killer.arm(Number.MAX_SAFE_INTEGER, "command");
}

/** Returns the objects of the lab, without timers of the kernel. */
const standing = () =>
  Promise.all([
    host.run("ls", "/run/netns"),
    host.run("ip", "-brief", "link", "show"),
    host.run("sysctl", "net.ipv4.ip_forward"),
  ]);

const NOT_IN_STATE =
  /^Objects with the stack's mark that are not in its state:\n(?: {2}\w.*\n)+ {2}help: `pulumi up` takes over/m;
const LOCKED =
  /^this stack is locked by a run of `pulumi` \(process \d+, which has ended\)\n {2}help: run `pulumi cancel`/m;

test("after a killed first up, status reports its objects and the lock, a destroy leaves the objects, and clean removes them", async () => {
  await project.program(LAB);
  await killedUp(6);
  const left = (await host.run("ls", "/run/netns")).split("\n");
  const { code, stdout } = await netns("status");
  expect(code).toBe(3);
  expect(stdout).toMatch(/^This stack has no resources\./);
  expect(stdout).toMatch(NOT_IN_STATE);
  for (const name of left) expect(stdout).toMatch(new RegExp(`^ {2}namespace +${name} +with everything in it`, "m"));
  expect(stdout).toMatch(LOCKED);

  await stack.cancel();
  await stack.destroy();
  expect(await traces(host)).not.toBe(before);
  const still = await netns("status", "--json");
  expect(still.code).toBe(3);
  const { beside, locks } = JSON.parse(still.stdout);
  expect(beside).toContainEqual({ what: "namespace", namespace: left[0], name: left[0] });
  expect(locks).toEqual([]);
  await netns("clean", "--yes");
  await expect.poll(() => traces(host), SOON).toBe(before);
  expect((await netns("status")).stdout).toMatch(/^This stack has no resources\. `pulumi up` creates those.*$/);
});

test("an up adopts the objects left by a killed up, and status then reports none", async () => {
  await project.program(LAB);
  await killedUp(6);
  await stack.cancel();
  await stack.up();
  const { code, stdout } = await netns("status");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^4 resources: 4 up$/m);
  expect(stdout).not.toMatch(/not in its state|locked|is running/);
  const up = await standing();
  expect((await netns("clean", "--yes")).stdout).toMatch(
    /^No objects of stack killed\/dev found outside of its state\. `pulumi destroy` deletes the objects in the state\.$/m,
  );
  expect(await standing()).toEqual(up);
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test("status reports the objects that a killed up added to a lab, and clean removes only them, also while the stack is locked", async () => {
  await project.program(`new Namespace("red"); new NatRule("out", { type: "masquerade", source: "10.0.0.0/24" });`);
  await stack.up();
  await project.program(
    `new Namespace("red"); new Namespace("blue"); new Bridge("lan");
     new NatRule("out", { type: "masquerade", source: "10.0.0.0/24" });
     new NatRule("more", { type: "masquerade", source: "10.9.0.0/24" });
     const last = new Namespace("last"); new Namespace("never", {}, { dependsOn: last });`,
  );
  await killedUp(11);
  const { code, stdout } = await netns("status", "--json");
  expect(code).toBe(3);
  const { resources, beside, locks } = JSON.parse(stdout);
  expect(resources.map((one: any) => `${one.name} ${one.condition}`).sort()).toEqual(["out up", "red up"]);
  expect(beside).toContainEqual({
    what: "nft rule",
    name: expect.stringMatching(/^pulumi-netns:killed\/dev\S*:more@[0-9a-f]{8}/),
  });
  expect(beside).toContainEqual({ what: "link", name: "lan" });
  expect(beside).toContainEqual({ what: "namespace", namespace: "blue", name: "blue" });
  expect(beside.map(({ name }: any) => name)).not.toContainEqual(expect.stringMatching(/^red$|:out@|\/dev$/));
  expect(locks).toEqual([{ pid: expect.any(Number), machine: expect.any(String), running: false }]);

  const cleaned = await netns("clean", "--yes");
  expect(cleaned).toMatchObject({ code: 0, stdout: expect.stringMatching(LOCKED) });
  expect(cleaned.stdout).toMatch(/^Found objects of stack killed\/dev that are not in its state:$/m);
  await stack.cancel();
  expect(await netns("status")).toMatchObject({ code: 0, stdout: expect.not.stringContaining("not in its state") });
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test("while pulumi is running, status says so, and clean fails", async () => {
  await project.program(`
    import { Process } from "pulumi-netns";
    const red = new Namespace("red");
    new Process("slow", { namespace: red, command: ["sleep", "1000"], settle: 15000 });
  `);
  const up = stack.try("up", "--yes", "--skip-preview");
  await expect
    .poll(() => host.try("ip", "netns", "pids", "red"), { timeout: 60_000 })
    .toMatchObject({ stdout: expect.stringMatching(/\d/) });
  const atWork = `\`pulumi\` is running on this stack (process ${engineIn(host).pid})\n  help: wait until it ends`;
  expect((await netns("status")).stdout).toContain(atWork);
  expect(await netns("clean", "--yes")).toMatchObject({ code: 1, stderr: `error: ${atWork}` });
  expect(await up).toMatchObject({ code: 0 });
});

test("an up of the former program repairs what a killed up has changed, and says so once", async () => {
  const lab = (link: string, mtu: number) => `
    const red = new Namespace("red");
    const lan = new Bridge("lan", { mtu: ${mtu} });
    const wire = new Veth("wire", { a: { name: "${link}", namespace: red, addresses: ["10.0.0.2/24"] }, b: { name: "port", master: lan } });
    new Route("far", { interface: wire.a, destination: "10.1.0.0/16", via: "10.0.0.1" });
  `;
  const WARNING =
    "the previous run was killed before its state was written, so objects may differ from the state: an up corrects them";
  const up = async () => (await stack.try("up", "--yes", "--skip-preview")).stdout;
  await project.program(lab("eth0", 1500));
  await stack.up();
  const former = await host.run("ip", "-n", "red", "route");
  await project.program(lab("eth1", 1400));
  await killedUp(4);
  await stack.cancel();
  await project.program(lab("eth0", 1500));
  expect(await up()).toContain(WARNING);
  expect(await host.run("ip", "-n", "red", "route")).toBe(former);
  expect((await host.ip("link", "show", "dev", "lan"))[0].mtu).toBe(1500);
  expect(await stack.refresh()).toEqual([]);
  expect(await up()).not.toContain(WARNING);
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});
