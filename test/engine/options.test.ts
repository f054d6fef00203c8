import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { pingOnce } from "../support/ping.ts";
import { openProject, type Project } from "../support/project.ts";

let host: Sandbox;
let project: Project;
let before: string;

beforeEach(async () => {
  host = await sandbox();
  before = await traces(host);
  project = await openProject(host, "options");
});

afterEach(async () => {
  await project[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
});

async function up(program: string, ...flags: string[]): Promise<string[]> {
  await project.program(program);
  return project.stack.up(...flags);
}

const urn = (kind: string, name: string) => `urn:pulumi:dev::options::pulumi-nodejs:dynamic/netns:${kind}::${name}`;

test("ignoreChanges keeps a change by another program", async () => {
  const program = (mtu: number) => `new Bridge("br0", { mtu: ${mtu} }, { ignoreChanges: ["mtu"] });`;
  await up(program(1400));
  await host.run("ip", "link", "set", "dev", "br0", "mtu", "1200");
  expect(await project.stack.refresh()).toEqual(["update Bridge br0"]);
  expect(await up(program(1300))).toEqual([]);
  expect((await host.ip("link", "show", "dev", "br0"))[0].mtu).toBe(1200);
});

test("--target updates only the given resource", async () => {
  await up(`new Bridge("one"); new Bridge("two");`);
  const changed = `new Bridge("one", { mtu: 1400 }); new Bridge("two", { mtu: 1400 });`;
  expect(await up(changed, "--target", urn("Bridge", "one"))).toEqual(["update Bridge one"]);
  expect((await host.ip("link", "show", "dev", "two"))[0].mtu).toBe(1500);
  expect(await project.stack.up()).toEqual(["update Bridge two"]);
});

test("foreign objects can be referred to, and are never changed", async () => {
  await host.run("ip", "netns", "add", "theirs");
  await host.run("ip", "-n", "theirs", "link", "add", "name", "br0", "type", "bridge");
  const theirs = await traces(host);
  const program = `
    const theirs = Namespace.get("theirs", "theirs");
    const lan = Bridge.get("lan", "theirs/br0");
    const wire = new Veth("wire", { a: { name: "port", namespace: theirs, master: lan }, b: { name: "eth0" } });
    new Address("ip", { interface: lan, address: "10.0.0.1/24" });
    export const mtu = lan.mtu;
  `;
  expect(await up(program)).toEqual(["create Address ip", "create Veth wire"]);
  const [bridge] = await host.ip("-n", "theirs", "address", "show", "dev", "br0");
  expect(bridge.addr_info).toMatchObject([{ local: "10.0.0.1" }]);
  expect(await project.stack.output("mtu")).toBe(String(bridge.mtu));
  expect(await project.stack.up("--refresh")).toEqual([]);
  await project.stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(theirs);
  expect((await host.ip("-n", "theirs", "address", "show", "dev", "br0"))[0].addr_info).toEqual([]);

  const { said } = await project.failing("preview", `Bridge.get("lan", "theirs/br9");`);
  const [, diagnostics = ""] = said.split("Diagnostics:");
  expect(diagnostics.match(/Bridge theirs\/br9 does not exist/g)).toHaveLength(1);
});

test("a preview with --refresh and --expect-no-changes fails if there is drift", async () => {
  const gate = async () => (await project.stack.try("preview", "--refresh", "--expect-no-changes")).code;
  await up(`new Bridge("br0", { mtu: 1400 });`);
  await host.run("ip", "link", "set", "dev", "br0", "mtu", "1300");
  expect(await gate()).not.toBe(0);
  await project.stack.up("--refresh");
  expect(await gate()).toBe(0);
});

test("two stacks on one host have no common objects, also if they run at the same time", async () => {
  const lab = (prefix: string, net: number) => `
    const inside = new Namespace("${prefix}");
    const lan = new Bridge("${prefix}-lan");
    const wire = new Veth("wire", { a: { name: "eth0", namespace: inside }, b: { name: "${prefix}-port", master: lan } });
    new Address("ip", { interface: wire.a, address: "10.${net}.0.2/24" });
    new Address("gateway", { interface: lan, address: "10.${net}.0.1/24" });
    new Route("out", { namespace: inside, destination: "default", via: "10.${net}.0.1" });
    new Sysctl("forwarding", { key: "net.ipv4.ip_forward", value: "1" });
    for (let i = 0; i < 10; i += 1) new NatRule("nat" + i, { type: "masquerade", source: "10.${net}." + i + ".0/24" });
  `;
  await using other = await openProject(host, "other");
  await project.program(lab("one", 1));
  await other.program(lab("two", 2));
  await Promise.all([project.stack.up(), other.stack.up()]);
  for (const [place, gateway] of [
    ["one", "10.1.0.1"],
    ["two", "10.2.0.1"],
  ] as const) {
    await pingOnce(host, place, gateway);
  }

  // A name of the other stack is refused with its owner, and nothing is changed.
  const { said } = await project.failing("up", `${lab("one", 1)} new Bridge("two-lan");`);
  expect(said).toMatch(/Bridge two-lan already exists and belongs to the stack other\/dev/);
  expect(await Promise.all([project.stack.refresh(), other.stack.refresh()])).toEqual([[], []]);

  await project.stack.destroy();
  expect(await host.run("sysctl", "-n", "net.ipv4.ip_forward")).toBe("1");
  expect(await other.stack.refresh()).toEqual([]);
  await other.stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test("no secret of the stack's configuration is in a command, in a log or unencrypted in the state, which has one key", async () => {
  const secret = "hunter2-that-nobody-may-see";
  await project.program(`new Bridge("br0");`);
  const { stack } = project;
  const key = async () => (JSON.parse(await stack.state()) as Encrypted).deployment.secrets_providers.state.salt;
  const first = await key();
  await stack.try("config", "set", "--secret", "password", secret);
  const { stdout, stderr } = await stack.try("up", "--yes", "--skip-preview", "--logtostderr", "-v=9");
  const link = await host.run("ip", "-details", "link", "show", "dev", "br0");
  for (const text of [await stack.state(), link]) expect(text).not.toContain(secret);
  // A second key for the configuration would take a fifth of a second in each run.
  expect(await key()).toBe(first);
  const ours = `${stdout}${stderr}`.split("\n").filter((line) => /ip -|nft|sysctl|pulumi-netns/.test(line));
  expect(ours.filter((line) => line.includes(secret))).toEqual([]);
});

interface Encrypted {
  readonly deployment: { readonly secrets_providers: { readonly state: { readonly salt: string } } };
}
