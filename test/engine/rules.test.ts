import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { linux } from "../../provider/kernel/client/linux.ts";
import * as sdk from "../../sdk/index.ts";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";
import { answerOf, isLive, keepAnswers, statesOf } from "../support/engine/pulumi-answers.ts";
import { type Engine, openEngine, type Run } from "../support/engine.ts";
import { openProject, type Project } from "../support/project.ts";
import { QUIET } from "../support/quiet.ts";

/*
 * The in-process engine of the tests follows Pulumi's rules. This file runs the same programs on both engines and compares the steps of
 * the preview and of the up, and the states. The answers of Pulumi's engine are recorded, because it takes a minute: a soak and
 * `RECORD=1` run it, and `RECORD=1` writes a new recording.
 */

const BACKEND = "PULUMI_BACKEND_URL";

type Sdk = typeof sdk;
/** A program that uses only its argument, so that its text is a complete program. */
type Program = (sdk: Sdk) => void;

let hosts: readonly Sandbox[] = [];
/** The project of Pulumi's engine, if it runs. */
let project: Project | undefined;
let ours: Engine;

beforeAll(async () => {
  const mine = await sandbox();
  hosts = [mine];
  if (isLive) {
    const theirs = await sandbox();
    hosts = [mine, theirs];
    project = await openProject(theirs, "rules");
    // Marks contain the backend of the state, and the states of both engines must be equal.
    const backend = project.stack.env.find((word) => word.startsWith(`${BACKEND}=`));
    vi.stubEnv(BACKEND, backend?.slice(BACKEND.length + 1) ?? "");
  } else {
    vi.stubEnv(BACKEND, "file:///state");
  }
  ours = openEngine({
    project: "rules",
    stack: "dev",
    kernel: () => linux(mine.enter, `/proc/${mine.pid}/root`),
    // Advice is for users, and is not compared.
    config: QUIET,
  });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await project?.[Symbol.asyncDispose]();
  for (const host of hosts) await host[Symbol.asyncDispose]();
  keepAnswers();
});

/** The operations that are compared between the two engines. */
const WORTH_TELLING = ["create", "update", "replace", "delete"];

const told = ({ steps, failure }: Run): string[] => {
  if (failure !== undefined) throw failure;
  return steps
    .flatMap(({ op, urn }) =>
      WORTH_TELLING.includes(op) && urn.includes("/netns:")
        ? [`${op} ${urn.replace(/^.*\/netns:/, "").replace("::", " ")}`]
        : [],
    )
    .sort();
};

async function both(program: Program): Promise<readonly string[]> {
  const here = () => program(sdk);
  const theirs = await answerOf(project, async ({ program: write, stack }) => {
    await write(`import * as sdk from "pulumi-netns";\n(${String(program)})(sdk);`);
    return stack.up();
  });
  const [planned, done] = [await ours.preview(here), await ours.up(here)];
  expect(told(planned)).toEqual(theirs.steps);
  expect(told(done)).toEqual(theirs.steps);
  expect(statesOf(ours.state)).toEqual(theirs.state);
  return theirs.steps;
}

/** Destroys the stacks of both engines, and compares the steps. */
async function end(): Promise<void> {
  const theirs = await answerOf(project, ({ stack }) => stack.destroy());
  expect(told(await ours.destroy())).toEqual(theirs.steps);
  expect(ours.state).toEqual([]);
  expect(theirs.state).toEqual([]);
}

test("creates, changes in place, replacements with what depends on them, and deletes", async () => {
  expect(
    await both(({ Address, Bridge, Namespace, NatRule, Route, Sysctl, Veth }) => {
      const red = new Namespace("red");
      const lan = new Bridge("lan");
      const wire = new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: "port", master: lan } });
      new Address("ip", { interface: wire.a, address: "10.0.0.2/24" });
      new Address("ip6", { interface: wire.a, address: "fd00::2/64" });
      new Route("default", { namespace: red, destination: "default", via: "10.0.0.1" });
      new Sysctl("forwarding", { namespace: red, key: "net.ipv4.ip_forward", value: "1" });
      new NatRule("nat", { type: "masquerade", source: "10.0.0.0/24" });
    }),
  ).toHaveLength(8);
  // Another address, and another MTU.
  await both(({ Address, Bridge, Namespace, NatRule, Route, Sysctl, Veth }) => {
    const red = new Namespace("red");
    const lan = new Bridge("lan", { mtu: 1400 });
    const wire = new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: "port", master: lan } });
    new Address("ip", { interface: wire.a, address: "10.0.0.3/24" });
    new Address("ip6", { interface: wire.a, address: "fd00::2/64" });
    new Route("default", { namespace: red, destination: "default", via: "10.0.0.1" });
    new Sysctl("forwarding", { namespace: red, key: "net.ipv4.ip_forward", value: "0" });
    new NatRule("nat", { type: "masquerade", source: "10.0.0.0/24", protocol: "tcp" });
  });
  // The namespace has another name in the kernel, and with it all objects in it; some are no longer in the program.
  await both(({ Address, Bridge, Namespace, Route, Sysctl, Veth }) => {
    const red = new Namespace("red", { name: "crimson" });
    const lan = new Bridge("lan");
    const wire = new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: "port", master: lan } });
    new Address("ip", { interface: wire.a, address: "10.0.0.3/24" });
    new Route("default", { namespace: red, destination: "default", via: "10.0.0.1" });
    new Sysctl("forwarding", { namespace: red, key: "net.ipv4.ip_forward", value: "0" });
  });
  // A new bridge: its ports are only updated.
  await both(({ Address, Bridge, Namespace, Route, Veth }) => {
    const red = new Namespace("red", { name: "crimson" });
    const lan = new Bridge("lan", { name: "br0" });
    const wire = new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: "port", master: lan } });
    new Address("ip", { interface: wire.a, address: "10.0.0.3/24" });
    new Route("default", { namespace: red, destination: "default", via: "10.0.0.1" });
  });
  await end();
});

test("what is renamed in the program, with and without an alias", async () => {
  await both(({ Bridge, Host, Link, Namespace, Veth }) => {
    const red = new Namespace("red");
    new Veth("wire", {
      a: { name: "eth0", namespace: red, addresses: ["10.0.0.1/24"] },
      b: { name: "port", master: new Bridge("lan") },
    });
    const [left, right] = [new Host("left"), new Host("right")];
    new Link("line", { a: left, b: right, networks: ["10.1.0.0/31"] });
  });
  await both(({ Bridge, Host, Link, Namespace, Veth }) => {
    const red = new Namespace("rouge", { name: "red" }, { aliases: [{ name: "red" }] });
    new Veth("wire", {
      a: { name: "eth0", namespace: red, addresses: ["10.0.0.1/24"] },
      b: { name: "port", master: new Bridge("lan") },
    });
    const left = new Host("gauche", { name: "left" }, { aliases: [{ name: "left" }] });
    new Link("line", { a: left, b: new Host("right"), networks: ["10.1.0.0/31"] });
  });
  await both(({ Bridge, Host, Link, Namespace, Veth }) => {
    const red = new Namespace("rouge", { name: "red" });
    new Veth("wire", {
      a: { name: "eth0", namespace: red, addresses: ["10.0.0.1/24"] },
      b: { name: "port", master: new Bridge("switch", { name: "lan" }) },
    });
    const left = new Host("gauche", { name: "left" });
    new Link("line", { a: left, b: new Host("right"), networks: ["10.1.0.0/31"] });
  });
  await end();
});

test("components, what is retained, and what is not changed", async () => {
  await both(({ Lan, Process, Router, Hosts }) => {
    const edge = new Router("edge", { nat: true });
    const office = new Lan("office", { networks: ["10.1.0.0/24"], router: edge, hosts: ["anna", "ben"] });
    const internet = new Lan("internet", { networks: ["203.0.113.0/24"] }, { retainOnDelete: true });
    internet.join(edge);
    new Hosts("names", { namespace: office.hosts.anna.namespace, addresses: { ben: office.hosts.ben.address ?? "" } });
    new Process("idle", { namespace: office.hosts.anna.namespace, command: ["sleep", "100"], settle: 100 });
  });
  // A host is removed, another one is added; the internet is removed and its bridge is retained.
  await both(({ Lan, Process, Router, Hosts }) => {
    const edge = new Router("edge");
    const office = new Lan("office", { networks: ["10.2.0.0/24"], router: edge, hosts: ["anna"] });
    new Lan("home", { networks: ["10.3.0.0/24"], hosts: ["carl"] }, { protect: true });
    new Hosts("names", { namespace: office.hosts.anna.namespace, nameservers: ["10.2.0.1"] });
    new Process("idle", { namespace: office.hosts.anna.namespace, command: ["sleep", "200"], settle: 100 });
  });
  // The name that its parent has in the kernel changes with nothing else.
  await both(({ Lan, Router }) => {
    const edge = new Router("edge", { name: "kante" });
    new Lan("office", { networks: ["10.2.0.0/24"], router: edge, hosts: ["anna"] });
    new Lan("home", { networks: ["10.3.0.0/24"], hosts: ["carl"] }, { protect: false });
  });
  await end();
});

test("a refresh", async () => {
  const program: Program = ({ Address, Bridge, Namespace, Veth }) => {
    const red = new Namespace("red");
    const lan = new Bridge("lan");
    const wire = new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: "port", master: lan } });
    new Address("ip", { interface: wire.a, address: "10.0.0.2/24" });
    new Address("gateway", { interface: lan, address: "10.0.0.1/24" });
  };
  await both(program);
  for (const host of hosts) {
    await host.run("ip", "netns", "delete", "red");
    await host.run("ip", "link", "set", "dev", "lan", "mtu", "1400");
    await expect.poll(() => host.try("ip", "link", "show", "dev", "port")).toMatchObject({ code: 1 });
  }
  const theirs = await answerOf(project, ({ stack }) => stack.refresh());
  expect(told(await ours.refresh())).toEqual(theirs.steps);
  expect(statesOf(ours.state)).toEqual(theirs.state);
  await both(program);
  await end();
});
