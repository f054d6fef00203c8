import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { REPOSITORY } from "../../tools/stack.ts";
import { engineIn, ofPulumi, runningIn } from "../support/engine-processes.ts";
import { openYaml, type YamlProject } from "../support/yaml.ts";

let host: Sandbox;
let project: YamlProject;
let before: string;

beforeEach(async () => {
  host = await sandbox();
  before = await traces(host);
  project = await openYaml(host, "lab");
});

afterEach(async () => {
  await project[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
});

const gone = async () => {
  await project.stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
};

/** Returns the resources of a block, without their indentation. */
const resourcesIn = (block: string): string =>
  (/^resources:\n([^]*)$/m.exec(block)?.[1] ?? block).replaceAll(/^ {2}/gm, "");

test("the file of docs/yaml.md creates its lab with the additions, and a replaced link replaces the objects on it", async () => {
  const page = readFileSync(join(REPOSITORY, "docs/yaml.md"), "utf8");
  const [file = "", ...more] = [...page.matchAll(/^ *```yaml\n([^]*?)^ *```$/gm)].map(([, block = ""]) => block);
  const components = more.findIndex((block) => block.startsWith("resources:"));
  const blocks = [file, ...more.filter((_, index) => index !== components)].map(resourcesIn);
  const text = blocks.join("");
  await host.run("ip", "link", "add", "br0", "type", "bridge");
  before = await traces(host);

  await project.resources(text);
  const created = ["Address red-ip", "Bridge v-net-0", "Namespace red", "Route red-remote", "Veth red-wire"];
  expect(await project.stack.up()).toEqual(created.map((one) => `create ${one}`));
  expect(await host.ip("-n", "red", "route", "show", "10.1.0.0/16")).toMatchObject([{ gateway: "10.0.0.254" }]);

  await project.resources(text.replace("name: veth-red-br", "name: port"));
  const replaced = ["Address red-ip", "Route red-remote", "Veth red-wire"];
  expect(await project.stack.up()).toEqual(replaced.map((one) => `replace ${one}`));
  expect(await host.ip("-n", "red", "route", "show", "10.1.0.0/16")).toMatchObject([{ gateway: "10.0.0.254" }]);
  expect(await project.stack.up("--refresh")).toEqual([]);
  await gone();
});

test("a route to a gateway behind a link is replaced with the link, also if it does not name the interface", async () => {
  const program = (link: string) => `
edge: { type: "netns:Router" }
lb: { type: "netns:Router" }
${link}:
  type: netns:Link
  properties: { a: "\${edge}", b: "\${lb}", networks: [10.0.2.0/30], interfaces: { a: lb2, b: up } }
out:
  type: netns:Route
  properties:
    { namespace: "\${edge.namespace}", destination: default, table: 100, via: "\${${link}.addresses.b[0]}" }`;
  await project.resources(program("old"));
  await project.stack.up();
  await project.resources(program("new"));
  expect(await project.stack.up()).toContain("replace Route out");
  expect(await host.ip("-n", "edge", "route", "show", "table", "100")).toMatchObject([{ gateway: "10.0.2.2" }]);
  expect(await project.stack.up("--refresh")).toEqual([]);
  await gone();
});

test("a wrong type, and a lab host, which the plugin does not support, are errors with their line before anything runs", async () => {
  await project.resources(`
rule:
  type: netns:NatRule
  properties: { type: masquerad, source: 10.0.0.0/24 }
red:
  type: netns:Namespace
  properties: { host: lab2 }
lan:
  type: netns:Lan
  properties: { networks: [10.0.0.0/24], spans: [lab1] }`);
  const said = await project.failing("preview");
  expect(said).toMatch(/Pulumi\.yaml line \d+[^]*Allowed values are "masquerade", "snat"/);
  expect(said).toMatch(/Property .*host.* does not exist on 'netns:index:Namespace'/);
  expect(said).toMatch(/Property .*spans.* does not exist on 'netns:index:Lan'/);
});

test("a wrong argument is an error of a preview, with its rule", async () => {
  await project.resources("red:\n  type: netns:Namespace\n  properties: { name: a/b }");
  expect(await project.failing("preview")).toContain(`has a problem: property name: "a/b" is not a namespace name`);
  await project.resources(
    "lan:\n  type: netns:Lan\n  properties: { networks: [10.0.0.0/24], members: [{ node: red }] }",
  );
  expect(await project.failing("preview")).toContain(
    "members[0].node: the value is not a component of type Host or Router",
  );
  await project.resources("one:\n  type: netns:Namespace\n  properties: { name: red }\nred:\n  type: netns:Namespace");
  // The engine checks the two resources in any order.
  expect(await project.failing("preview")).toMatch(
    /Namespace (red|one) and Namespace (red|one) declare the same namespace red/,
  );
});

test("a component that is being created when another resource is wrong is not reported as the cause", async () => {
  await project.resources(`
gw: { type: "netns:Router" }
edge: { type: "netns:Router" }
red: { type: "netns:Namespace", properties: { name: a/b } }
lan: { type: "netns:Lan", properties: { networks: [10.0.0.0/24], router: "\${gw}", hosts: [h] } }
wire: { type: "netns:Link", properties: { a: "\${gw}", b: "\${edge}", networks: [10.9.0.0/30] } }
dns: { type: "netns:Hosts", properties: { namespace: "\${lan.namespaces.h}", nameservers: [10.0.0.1] } }`);
  const said = await project.failing("preview");
  expect(said).toContain(`'red' has a problem: property name: "a/b" is not a namespace name`);
  expect(said).toContain("    1 errored");
  expect(said.match(/error: /g)).toHaveLength(said.match(/error: .*"a\/b"/g)?.length ?? 0);
});

test("secrets are encrypted in the state and hidden, and a warning is shown under its resource unless the configuration turns it off", async () => {
  await project.resources(`
red:
  type: netns:Namespace
daemon:
  type: netns:Process
  properties:
    namespace: \${red.name}
    command: [sleep, "1000"]
    env:
      TOKEN: { fn::secret: s3cret-value }
forwarding:
  type: netns:Sysctl
  properties: { key: net.ipv4.ip_forward, value: "1" }
wire:
  type: netns:Veth
  properties: { a: { name: eth0, namespace: "\${red.name}", mtu: 1400 }, b: { name: port } }
gw:
  type: netns:Router
`);
  await host.run(
    "nft",
    "add table ip filter; add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }",
  );
  before = await traces(host);
  const [previewed, done] = [
    await project.said("preview", "--diff"),
    await project.said("up", "--yes", "--skip-preview"),
  ];
  const said = previewed + done;
  expect(said).toMatch(
    /netns:index:Sysctl \(forwarding\):\s+warning: chain FORWARD of table \w+ \w+ on the lab host has policy drop/,
  );
  // The checks of the whole lab run when the engine ends the plugin, in a preview and in an up, also of a program with components.
  expect(previewed).toContain("warning: mtu-mismatch: ");
  expect(done).toMatch(/netns:index:Veth \(wire\):\s+warning: mtu-mismatch: /);
  expect(said).toContain("[secret]");
  expect(said + (await project.stack.state())).not.toContain("s3cret-value");

  await project.stack.config({ "netns:checks": JSON.stringify({ "mtu-mismatch": "off" }) });
  expect(await project.said("preview", "--expect-no-changes")).not.toContain("mtu-mismatch");
  await project.said("config", "set", "--path", "netns:checks.mtu-mismatch", "loud");
  expect(await project.failing("preview")).toContain(`configuration netns:checks.mtu-mismatch is invalid: "loud"`);
  await gone();
});

test("manually created objects are imported, and the generated code changes only their marks", async () => {
  for (const line of [
    "ip netns add red",
    "ip -n red link set lo up",
    "ip link add veth-red netns red type veth peer name veth-red-br",
    "ip link set veth-red-br up",
    "ip -n red link set veth-red up",
    "ip -n red address add 192.168.15.1/24 dev veth-red",
    "ip -n red route add default via 192.168.15.5",
  ])
    await host.run(...(line.split(" ") as [string]));
  const link = () => host.run("ip", "-n", "red", "-brief", "address", "show", "veth-red");
  const typed = await link();

  await project.resources(`red:\n  type: netns:Namespace`);
  const red = await project.said("import", "netns:index:Namespace", "red", "red", "--yes", "--protect=false");
  const wire = await project.said(
    "import",
    "netns:index:Veth",
    "wire",
    "red/veth-red:veth-red-br",
    "--yes",
    "--protect=false",
  );
  const code = [red, wire].map((said) => /^resources:\n((?: {2}.*\n?)+)/m.exec(said)?.[1]).join("\n");
  expect(code).toMatch(/gateways:\s+- 192\.168\.15\.5/);
  await project.resources(code.replaceAll(/^ {2}/gm, ""));
  expect(await project.stack.up()).toEqual(["update Namespace red", "update Veth wire"]);
  expect(await link()).toBe(typed);
  expect(await project.stack.up("--refresh")).toEqual([]);
  await gone();
});

test("a kill of the engine also ends the plugin", async () => {
  await project.resources(`
slow:
  type: netns:Process
  properties: { command: [sleep, "1000"], settle: 30000 }
`);
  const up = project.stack.try("up", "--yes", "--skip-preview");
  const lines = () => ofPulumi(host).map(({ line }) => line);
  const runs = () => runningIn(host).some(({ line }) => line === "sleep 1000");
  await expect.poll(runs, { timeout: 30_000 }).toBe(true);
  expect(lines().some((line) => line.includes("pulumi-resource-netns"))).toBe(true);
  process.kill(engineIn(host).pid, "SIGKILL");
  await up;
  await expect.poll(lines, SOON).toEqual([]);
});
