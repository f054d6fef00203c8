import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { checkNames } from "../../checks/index.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import * as sdk from "../../sdk/index.ts";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";
import { dependenciesOf, type State } from "../support/engine/state.ts";
import { type Engine, openEngine, type Run } from "../support/engine.ts";
import { openProject, type Project } from "../support/project.ts";

/*
 * The engine of the tests in this process claims to follow Pulumi's rules. Here each of them has a host of its own and runs
 * the same programs, one after the other: what they say in a preview, do in an up and keep in the state is the same.
 */

const BACKEND = "PULUMI_BACKEND_URL";

/** Advice is told to the one who runs the test, and not what is compared. */
const OFF = { "pulumi-netns:checks": JSON.stringify(Object.fromEntries(checkNames.map((name) => [name, "off"]))) };

type Sdk = typeof sdk;
/** A program that knows nothing but its argument, so that its text is one of its own, too. */
type Program = (sdk: Sdk) => void;

const hosts: Sandbox[] = [];
let project: Project;
let ours: Engine;

beforeAll(async () => {
  const [theirs, mine] = [await sandbox(), await sandbox()];
  hosts.push(theirs, mine);
  project = await openProject(theirs, "rules");
  // Marks say where the state lies, and both engines' states are to say the same.
  const backend = project.stack.env.find((word) => word.startsWith(`${BACKEND}=`));
  vi.stubEnv(BACKEND, backend?.slice(BACKEND.length + 1) ?? "");
  ours = openEngine({
    project: "rules",
    stack: "dev",
    kernel: () => linux(mine.enter, `/proc/${mine.pid}/root`),
    config: OFF,
  });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await project[Symbol.asyncDispose]();
  for (const host of hosts) await host[Symbol.asyncDispose]();
});

/** What Pulumi's engine says of its steps, and ours of the same. */
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

/** What differs between engines that work alike: when, with which plugin, and in which order things were done. */
const comparable = (state: Partial<State>) => ({
  ...{ urn: state.urn, id: state.id ?? "" },
  ...{ inputs: withoutChance(state.inputs ?? {}), outputs: withoutChance(state.outputs ?? {}) },
  ...{ parent: state.parent, protect: state.protect ?? false, retainOnDelete: state.retainOnDelete ?? false },
  pendingReplacement: state.pendingReplacement ?? false,
  dependencies: [
    ...new Set(
      dependenciesOf({
        ...{ dependencies: [], propertyDependencies: {}, replaceWith: [], deletedWith: undefined },
        ...(state as State),
      }),
    ),
  ].sort(),
});

/** Properties without the generations of links, which are numbers by chance. */
const withoutChance = (properties: object): unknown =>
  JSON.parse(
    JSON.stringify(properties)
      .replaceAll(/#[0-9a-f]{8}(\.[0-9a-f]{8})*/g, "#")
      .replaceAll(/"(object|ipv6|routes|neighbors|membership)":"[0-9a-f]{8}"/g, '"$1":""'),
  );

async function states(): Promise<Record<"theirs" | "ours", object[]>> {
  const exported = JSON.parse(await project.stack.state()) as { deployment: { resources?: State[] } };
  const ofProvider = (states: readonly State[]) =>
    states
      .filter(({ urn }) => !urn.includes("::pulumi:"))
      .map(comparable)
      .sort((left, right) => (String(left.urn) < String(right.urn) ? -1 : 1));
  return { theirs: ofProvider(exported.deployment.resources ?? []), ours: ofProvider(ours.state) };
}

async function both(program: Program): Promise<string[]> {
  await project.program(`import * as sdk from "pulumi-netns";\n(${String(program)})(sdk);`);
  const here = () => program(sdk);
  const ourPlan = await ours.preview(here);
  const [done, ourDeeds] = [await project.stack.up(), await ours.up(here)];
  expect(told(ourPlan)).toEqual(done);
  expect(told(ourDeeds)).toEqual(done);
  const { theirs, ours: our } = await states();
  expect(our).toEqual(theirs);
  return done;
}

/** Runs a destroy in both. */
async function end(): Promise<void> {
  const [done, ourDeeds] = [await project.stack.destroy(), await ours.destroy()];
  expect(told(ourDeeds)).toEqual(done);
  expect(ours.state).toEqual([]);
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
  // Another name in the kernel for the namespace, and with it for all that lies in it; some is gone from the program.
  await both(({ Address, Bridge, Namespace, Route, Sysctl, Veth }) => {
    const red = new Namespace("red", { name: "crimson" });
    const lan = new Bridge("lan");
    const wire = new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: "port", master: lan } });
    new Address("ip", { interface: wire.a, address: "10.0.0.3/24" });
    new Route("default", { namespace: red, destination: "default", via: "10.0.0.1" });
    new Sysctl("forwarding", { namespace: red, key: "net.ipv4.ip_forward", value: "0" });
  });
  // Another bridge: its ports are only set anew.
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
  // A host goes, another comes; the internet goes and its bridge stays.
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
  const [theirs, our] = [await project.stack.refresh(), await ours.refresh()];
  expect(told(our)).toEqual(theirs);
  const after = await states();
  expect(after.ours).toEqual(after.theirs);
  await both(program);
  await end();
});
