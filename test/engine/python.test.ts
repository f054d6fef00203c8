import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { REPOSITORY } from "../../tools/stack.ts";
import { lives } from "../support/example-lives.ts";
import { pingFrom } from "../support/ping.ts";
import { installSdk, lackedByPython, openPython } from "../support/python.ts";

const lacked = lackedByPython();
let host: Sandbox;
let project: Awaited<ReturnType<typeof openPython>>;
let before: string;

beforeAll(async () => {
  if (lacked === undefined) await installSdk();
});

beforeEach(async (context) => {
  context.skip(lacked !== undefined, lacked);
  host = await sandbox();
  before = await traces(host);
  project = await openPython(host);
});

afterEach(async () => {
  if (lacked !== undefined) return;
  await project[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
});

const gone = async () => {
  await project.stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
};

test("the example is created as in its preview, updated with its program, and corrected after drift", async () => {
  const { works } = lives["seed-yaml"]!;
  const planned = await project.stack.preview();
  expect(planned).toHaveLength(7);
  expect(await project.stack.up()).toEqual(planned);
  await works(host);

  await project.program(project.text.replace('"192.168.15.2"', '"192.168.15.7"'));
  expect(await project.stack.up()).toEqual(["update Veth blue-wire"]);
  const [link] = await host.ip("-n", "blue", "-4", "address", "show", "dev", "veth-blue");
  expect(link).toMatchObject({ addr_info: [{ local: "192.168.15.7", prefixlen: 24 }] });
  expect(await pingFrom(host, "red", "192.168.15.7")).toContain("ttl=64");

  await host.run("ip", "-n", "red", "link", "set", "dev", "veth-red", "mtu", "1400");
  await host.run("ip", "netns", "delete", "blue");
  expect(await project.stack.refresh()).toEqual([
    "delete Namespace blue",
    "delete Veth blue-wire",
    "update Veth red-wire",
  ]);
  await project.program(project.text);
  expect(await project.stack.up()).toEqual(["create Namespace blue", "create Veth blue-wire", "update Veth red-wire"]);
  await works(host);
  expect(await project.stack.refresh()).toEqual([]);
  await gone();
});

test("the programs of docs/python.md create their labs, and the components connect their hosts", async () => {
  const page = readFileSync(join(REPOSITORY, "docs/python.md"), "utf8");
  const programs = [...page.matchAll(/^```python\n([^]*?)^```$/gm)].map(([, program = ""]) => program);
  expect(programs).toHaveLength(2);
  const [seed = "", components = ""] = programs;

  await project.program(seed);
  expect(await project.stack.up()).toEqual(
    ["Bridge v-net-0", "Namespace red", "NatRule lan-out", "Sysctl forwarding", "Veth red-wire"].map(
      (one) => `create ${one}`,
    ),
  );
  expect(await pingFrom(host, "red", "192.168.15.5")).toContain("ttl=64");

  await project.program(components);
  const steps = await project.stack.up();
  expect(steps).toEqual(expect.arrayContaining(["create Namespace mia", "delete Namespace red"]));
  const [server, shed] = [await project.stack.output("server"), await project.stack.output("shed")];
  expect(await pingFrom(host, "mia", server.trim())).toContain("ttl=63");
  expect(await pingFrom(host, "mia", shed.trim())).toContain("ttl=63");
  const rules = await host.run("ip", "netns", "exec", "router", "nft", "list", "ruleset");
  expect(rules).toContain("dnat ip to 10.3.0.7:8080");
  expect(await project.stack.refresh()).toEqual([]);
  await gone();
});

test("the hosts of a LAN are a list of names; by their names, which only TypeScript has, they are an error of a preview", async () => {
  const program = (of: string) => `
import pulumi
import pulumi_netns as netns

router = netns.Router("router")
lan = netns.Lan("lan", networks=["10.3.0.0/24"], router=router, hosts=["anna"])
netns.Namespace("red")
pulumi.export("it", ${of})
`;
  await project.program(program('lan.hosts["anna"].address'));
  const { code, stdout, stderr } = await project.stack.try("preview");
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain("list indices must be integers or slices, not str");
  await project.program(program("lan.hosts[0]"));
  const up = await project.stack.try("up", "--yes", "--skip-preview");
  expect(up.stdout).toMatch(/it *: "anna"/);
  expect(up.stdout).not.toContain("was killed");
  await gone();
});

test("a text in the place of a component is an error that tells how Python refers to a component", async () => {
  await project.program(`
import pulumi_netns as netns

netns.Lan("lan", networks=["10.3.0.0/24"], router="edge")
`);
  const { code, stdout } = await project.stack.try("preview");
  expect(code).not.toBe(0);
  expect(stdout).toContain(
    'router: "edge" is not a Host or a Router; refer to the component as a whole, as `${router}` in YAML and `router` in Python',
  );
});

test("one process of the plugin has the resources of the program and those in components, so that its checks see the whole lab", async () => {
  const program = `
import pulumi_netns as netns

router, provider = netns.Router("router"), netns.Router("provider")
lan = netns.Lan("lan", networks=["10.3.0.0/24"], router=router, hosts=["anna"])
up = netns.Link("up", a=router, b=provider, networks=["198.51.100.0/30"], gateway="b")
netns.NatRule("out", namespace=router.namespace, type="masquerade", source="10.3.0.0/24")
`;
  await project.program(program);
  const { stdout } = await project.stack.try("up", "--yes", "--skip-preview");
  expect(stdout).not.toContain("warning");
  await project.program(`${program}netns.Sysctl("off", namespace=router.namespace, key="net.ipv4.ip_forward", value="0")
`);
  expect((await project.stack.try("preview")).stdout).toMatch(
    /Sysctl (router-forwarding|off) and Sysctl (router-forwarding|off) declare the same sysctl net\.ipv4\.ip_forward/,
  );
  await project.program(`${program}netns.Route("wrong", namespace="ruoter", destination="10.9.0.0/24", via="10.3.0.200")
`);
  expect((await project.stack.try("preview")).stdout).toContain(
    "warning: unknown-namespace: no resource creates the namespace ruoter; did you mean router?",
  );
  await project.program(`${program}netns.Lan("guests", networks=["10.4.0.0/24"], gateways=[], hosts=["anna"])
`);
  expect((await project.stack.try("preview")).stdout).toMatch(
    /Lan (lan|guests) and Lan (lan|guests) both create a Host with the name "anna"/,
  );
  await gone();
});

test("an argument with a choice of a value and a list takes both, in a dictionary and in a class", async () => {
  await project.program(LISTS);
  expect(await project.stack.up()).toEqual([
    ...["FilterChain classes", "FilterChain dictionaries", "Namespace red", "Process sleep"].map(
      (one) => `create ${one}`,
    ),
  ]);
  const ruleset = await host.run("ip", "netns", "exec", "red", "nft", "-s", "list", "ruleset");
  for (const rule of [
    "ct state established,related accept",
    "tcp dport { 80, 443 } accept",
    'iifname { "eth0", "eth1" } ip saddr { 10.0.0.0/8, 192.168.0.0/16 } accept',
    "icmp type echo-request accept",
  ])
    expect(ruleset.split(rule), rule).toHaveLength(3);
  await gone();
});

const LISTS = `
import pulumi_netns as netns

red = netns.Namespace("red")
netns.FilterChain("dictionaries", namespace=red.name, chain="forward", rules=[
    {"action": "accept", "ct_state": ["established", "related"]},
    {"action": "accept", "protocol": "tcp", "destination_port": [80, 443]},
    {"action": "accept", "source": ["10.0.0.0/8", "192.168.0.0/16"], "in_interface": ["eth0", "eth1"]},
    {"action": "accept", "protocol": "icmp", "icmp_type": "echo-request"},
])
netns.FilterChain("classes", namespace=red.name, chain="input", rules=[
    netns.FilterRuleArgs(action="accept", ct_state=["established", "related"]),
    netns.FilterRuleArgs(action="accept", protocol="tcp", destination_port=[80, 443]),
    netns.FilterRuleArgs(action="accept", source=["10.0.0.0/8", "192.168.0.0/16"], in_interface=["eth0", "eth1"]),
    netns.FilterRuleArgs(action="accept", protocol="icmp", icmp_type=["echo-request"]),
])
netns.Process("sleep", namespace=red.name, command=["sleep", "infinity"], on_change=["true"])
`;
