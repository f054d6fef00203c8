import { expect, test } from "vitest";
import { checkNames } from "../../checks/index.ts";
import { SOON, traces } from "../../tools/sandbox.ts";
import { ofPulumi } from "../support/engine-processes.ts";
import { before, host, project, projectForAllTests } from "../support/project-for-all.ts";

projectForAllTests("checks");

const TOLD = new RegExp(`(warning|error): (${checkNames.join("|")}):`, "g");

// The engine repeats all messages at the end of a run.
const found = (said: string): string[] =>
  [...(said.split("Diagnostics:")[1] ?? "").matchAll(TOLD)].map(([, level, check]) => `${level} ${check}`).sort();

async function run(...command: string[]): Promise<{ code: number; said: string; found: string[] }> {
  const { code, stdout, stderr } = await project.stack.try(...command);
  const said = stdout + stderr;
  return { code, said, found: found(said) };
}

const set = (settings: Record<string, unknown>) =>
  project.stack.config({ "pulumi-netns:checks": JSON.stringify(settings) });

// A lab in which each check reports one finding, except the check that needs hundreds of ports.
const FAULTY = `
  const [red, blue, green] = ["red", "blue", "green"].map((name) => new Namespace(name));
  const lan = new Bridge("lan");
  const wire = (name: string, namespace: Namespace, mtu?: number) =>
    new Veth(name, { a: { name: "eth0", namespace, ...(mtu && { mtu }) }, b: { name: "port-" + name, master: lan } });
  const [one, two, three] = [wire("one", red!), wire("two", blue!), wire("three", green!, 1400)];
  new Address("gateway", { interface: lan, address: "10.0.0.1/24" });
  new Address("red", { interface: one.a, address: "10.0.0.2/24" });
  new Address("blue", { interface: two.a, address: "10.0.0.2/24" });
  new Address("green", { interface: three.a, address: "10.0.0.4/24" });
  new Route("red", { namespace: red!, destination: "default", via: "10.0.0.1" });
  new Route("green", { namespace: green!, destination: "default", via: "10.9.0.1" });
  const far = new Veth("far", { a: { name: "far-a" }, b: { name: "far-b", namespace: green! } });
  new Address("far", { interface: far.a, address: "10.0.0.129/25" });
  const core = new Bridge("core");
  const trunk = (name: string) => new Veth(name, { a: { name: name + "-a", master: lan }, b: { name: name + "-b", master: core } });
  const [first] = [trunk("first"), trunk("second")];
  new Address("trunk", { interface: first.a, address: "10.7.0.1/24" });
  const small = new Veth("small", { a: { name: "small-a", mtu: 1000 }, b: { name: "small-b", namespace: red!, mtu: 1000 } });
  new Address("small", { interface: small.a, address: "fd07::1/64" });
  new Sysctl("no-ipv6", { namespace: red!, key: "net.ipv6.conf.eth0.disable_ipv6", value: "1" });
  new Address("off", { interface: one.a, address: "fd08::1/64" });
  new FilterChain("guests", { namespace: blue!, chain: "forward", rules: [{ action: "drop", inInterface: "etho0" }] });
  new Sysctl("red-forwards", { namespace: red!, key: "net.ipv4.ip_forward", value: "1" });
  new NatRule("web", { namespace: red!, type: "dnat", protocol: "tcp", destinationPort: 80, toAddress: "10.0.0.9" });
`;

const ALL = [
  "address-on-port",
  "bridge-loop",
  "duplicate-address",
  "gateway-off-link",
  "ipv6-mtu",
  "ipv6-off",
  "mtu-mismatch",
  "no-default-route",
  "no-forwarding",
  "no-such-target",
  "overlapping-subnets",
  "unknown-interface",
];

const every = (level: string) => ALL.map((check) => `${level} ${check}`);
const all = (setting: unknown) => Object.fromEntries(ALL.map((check) => [check, setting]));

test("a route that the kernel certainly refuses is an error at preview, on its argument, beside the warnings", async () => {
  await project.program(FAULTY);
  const { code, said, found } = await run("preview");
  expect(found).toEqual(
    ALL.map((check) => (check === "gateway-off-link" ? `error ${check}` : `warning ${check}`)).sort(),
  );
  expect(code).not.toBe(0);
  expect(said).toMatch(
    /netns:Route \(green\):?\n\s+error: gateway-off-link: via: the gateway 10\.9\.0\.1 is not on-link/,
  );
});

test("a preview warns of each finding at its resource, and continues", async () => {
  await project.program(FAULTY);
  await set({ "gateway-off-link": "warn" });
  const { code, said, found } = await run("preview");
  expect(found).toEqual(every("warning"));
  expect(code).toBe(0);
  expect(said).toMatch(/netns:Address \(blue\):?\n\s+warning: duplicate-address: 10\.0\.0\.2 is on two interfaces/);
});

test("each finding can be configured as an error, which stops an up at its preview, and no process is left", async () => {
  await project.program(FAULTY);
  await set(all("error"));
  const { code, said, found } = await run("up", "--yes");
  expect(found).toEqual(every("error"));
  expect(code).not.toBe(0);
  expect(said).not.toMatch(/\n\s+at .*\.js:\d+/);
  expect(said).toMatch(/netns:Address \(blue\):?\n\s+error: duplicate-address: /);
  expect(said).toMatch(/error: the lab fails its checks: see blue, /);
  await expect.poll(() => traces(host), SOON).toBe(before);
  await expect.poll(() => ofPulumi(host), SOON).toEqual([]);
});

test("each check can be turned off, for the lab or for a resource, while another one is an error at preview", async () => {
  await project.program(FAULTY);
  await set({ ...all("off"), "mtu-mismatch": "error", "duplicate-address": { level: "error", except: ["blue"] } });
  const { code, found } = await run("preview");
  expect(found).toEqual(["error mtu-mismatch"]);
  expect(code).not.toBe(0);
});

test("a wrong setting is an error with the allowed values, and nothing is created and no process is left", async () => {
  await set({ "duplicate-adress": "error" });
  const { code, said } = await project.failing("up", FAULTY);
  expect(code).not.toBe(0);
  expect(said).toMatch(/pulumi-netns:checks\.duplicate-adress is invalid[^]*duplicate-address, /);
  expect(said).not.toMatch(/\n\s+at .*\.js:\d+/);
  await expect.poll(() => traces(host), SOON).toBe(before);
  await expect.poll(() => ofPulumi(host), SOON).toEqual([]);
});

test("up warns once as preview does, also of values that are known only in the up", async () => {
  await set({});
  await project.program(`
    const red = new Namespace("red");
    const blue = new Namespace("blue");
    const cable = new Veth("cable", { a: { name: "eth0", namespace: red }, b: { name: "eth0", namespace: blue } });
    new Address("red", { interface: cable.a, address: "10.0.0.1/24" });
    // An id is known only when the object is there.
    new Address("blue", { interface: cable.b, address: cable.id.apply((id) => (id === "" ? "" : "10.0.0.1/24")) });
  `);
  expect((await run("preview")).found).toEqual([]);
  expect((await run("up", "--yes", "--skip-preview")).found).toEqual(["warning duplicate-address"]);
  expect((await run("preview")).found).toEqual(["warning duplicate-address"]);
  await project.stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test("an up that continues after an error warns of the resource that failed, and of the others", async () => {
  await project.program(`
    const [red, blue] = ["red", "blue"].map((name) => new Namespace(name));
    const cable = new Veth("cable", { a: { name: "eth0", namespace: red }, b: { name: "eth0", namespace: blue } });
    new Address("lost", { namespace: red, interface: "eth1", address: "10.0.1.1/24" });
    for (const [name, end] of Object.entries({ red: cable.a, blue: cable.b }))
      new Address(name, { interface: end, address: "10.0.0.1/24" });
  `);
  const { code, said, found } = await run("up", "--yes", "--skip-preview", "--continue-on-error");
  expect(code).not.toBe(0);
  expect(said).toMatch(/Cannot find device \\?"eth1/);
  expect(said).not.toContain("failed to deliver log message");
  expect(found).toEqual(["warning duplicate-address", "warning unknown-interface"]);
  await project.stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});
