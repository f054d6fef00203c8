import { expect, test } from "vitest";
import { type Sandbox, SOON, traces } from "../../tools/sandbox.ts";
import { openStack } from "../../tools/stack.ts";
import { COMMAND } from "../cli/bench.ts";
import { before, host, project, projectForAllTests } from "../support/project-for-all.ts";

projectForAllTests("errors");

// Tests how the engine shows an error of each sort; test/provider has all messages.
test.each([
  [
    `import { Process } from "pulumi-netns";
     new Veth("w", { a: { name: "veth-with-a-long-name" }, b: { name: "ok", mtu: 20 } });
     new Veth("half", { a: { name: "eth0" } } as any); new Bridge("my lan");
     const red = new Namespace("red"); new Bridge("br0", { namespace: red, mtu: 20 });
     new Veth("loop", { a: { name: "eth0", namespace: red }, b: { name: "eth0", namespace: red } });
     new Address("ip", { interface: "x", namespace: red, address: "10.0.0.256/24" });
     new Process("p", { command: ["echo", String(red.name)] });`,
    [
      /Veth resource 'w' has a problem: property a\.name: "veth-with-a-long-name" is not an interface name: it has 21 bytes; the maximum is 15/,
      /Veth resource 'w' has a problem: property b\.mtu: 20 is not an MTU in bytes: it is less than 68/,
      /error: Veth half: property b\.name: missing required argument/,
      /error: Bridge my lan: property name: "my lan" is not an interface name: it contains " "/,
      /error: Bridge br0: property mtu: 20 is not an MTU in bytes: it is less than 68/,
      /error: Veth loop: property b: both ends are named "eth0" in the same namespace/,
      /error: Process p: property command\[1\]: contains an Output as text/,
      /error: Address ip: property address: "10\.0\.0\.256\/24" is not an interface address .*: 256 is greater than 255/,
    ],
  ],
  [
    `new Bridge("one", { name: "br0" }); new Bridge("two", { name: "br0" });`,
    [/Bridge (one|two) and Bridge (one|two) declare the same interface br0\n\s+help: give one of them another name/],
  ],
  [
    `const [red, blue] = [new Namespace("red"), new Namespace("blue")];
     const wire = new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: "eth0", namespace: blue } });
     new Veth("again", { a: { name: "eth0", namespace: red }, b: { name: "eth1", namespace: blue } });
     new Address("ip1", { interface: wire.a, address: "10.0.0.1/24" });
     new Address("ip2", { interface: "eth0", namespace: "red", address: "10.0.0.1/24" });
     new Sysctl("on", { namespace: red, key: "net.ipv4.ip_forward", value: 1 });
     new Sysctl("off", { namespace: red.name, key: "net.ipv4.ip_forward", value: 0 });
     new FilterChain("drop", { namespace: blue, chain: "forward", policy: "drop", rules: [] });
     new FilterChain("accept", { namespace: blue, chain: "forward", rules: [] });`,
    [
      /Veth (wire|again) and Veth (wire|again) declare the same interface red\/eth0/,
      /Address (ip1|ip2) and Address (ip1|ip2) declare the same address/,
      /Sysctl (on|off) and Sysctl (on|off) declare the same sysctl net\.ipv4\.ip_forward of the namespace red/,
      /FilterChain (drop|accept) and FilterChain (drop|accept) declare the same filter chain forward of priority 0/,
    ],
  ],
  [
    `new Bridge("br0", {}, { import: "br0" });`,
    [
      /error: Bridge br0: the option import is not supported by pulumi-netns\n\s+help: remove the option\. .* adopt: true takes over/,
    ],
  ],
  // The error names the component, because one line of a loop can create many.
  [
    `import { Lan } from "pulumi-netns"; new Lan("office", { networks: ["10.1.0.0/24"], gateways: ["10.2.0.1"] });`,
    [/error: Lan office: gateways: the gateway cannot have "10\.2\.0\.1"/],
  ],
  [
    `import { Link, Router } from "pulumi-netns";
     new Link("wire", { a: new Router("x"), b: new Router("y"), gateway: "b" });`,
    [/error: Link wire: gateway: end b has no address for a default route/],
  ],
  [
    `import { Lan, Route } from "pulumi-netns"; new Bridge("x", { mtu: 5 });
     const lan = new Lan("office", { networks: ["10.1.0.0/24"], gateways: ["10.2.0.1"], mtu: 9, hosts: ["web"] });
     new Route("one", { destination: new Namespace("red") as any, via: new Bridge("br0") as any });
     new Route("two", { destination: "10.0.0.0/8", via: lan.hosts.web.address!, namespace: lan.hosts.web });
     new Bridge("my lan"); export const web = lan.hosts.web;`,
    [
      /error: Bridge x: property mtu: 5 is not an MTU/,
      /error: Lan office: mtu: 9 is not an MTU .*\n\s+error: Lan office: gateways: the gateway cannot have/,
      /error: Route one: property destination: a resource \(Namespace\) is given where a value is required/,
      /error: Route one: property via: a resource \(Bridge\) is given where a value is required/,
      /error: Bridge my lan: property name: /,
    ],
  ],
])("a preview refuses %s", async (program, messages) => {
  const { code, said } = await project.failing("preview", program);
  expect(code).not.toBe(0);
  for (const message of messages) expect(said).toMatch(message);
  expect(said).not.toMatch(/\n\s+at .*\.[jt]s:\d+|<nil>|map\[/);
  expect(said).not.toMatch(/Route two/);
  const [, diagnostics = ""] = said.split("Diagnostics:");
  for (const message of messages) expect(diagnostics.match(new RegExp(message, "g"))).toHaveLength(1);
});

test("a picture of a preview that fails shows the errors of the preview alone", async () => {
  await project.program(
    `import { Lan } from "pulumi-netns"; new Bridge("my lan"); new Lan("office", { networks: ["10.1.0.0/33"] });`,
  );
  const [env = "", ...words] = [...project.stack.env, ...COMMAND, "graph", "--preview", "--format", "mermaid"];
  const { code, stdout, stderr } = await host.try(env, ...words, "--cwd", project.folder, "--stack", "dev");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr.trim().split("\n").sort()).toEqual([
    'error: Bridge my lan: property name: "my lan" is not an interface name: it contains " "',
    'error: Lan office: networks: "10.1.0.0/33" is not a network: its prefix length is 33; the maximum for IPv4 is 32',
  ]);
});

test("the errors of an invalid resource that waits are reported, too", async () => {
  const { said } = await project.failing(
    "preview",
    `const later = new Promise<number>((done) => setTimeout(done, 8000, 5));
     new Bridge("br0", { mtu: 20, ageingTime: later }); new Bridge("my lan");`,
  );
  expect(said).toMatch(/Bridge br0: property mtu: 20 is not an MTU in bytes: it is less than 68/);
  expect(said).toMatch(/Bridge resource 'my lan' has a problem: property name: "my lan" is not an interface name/);
});

test("a preview refuses an object in an Output or a promise as a place", async () => {
  const { said } = await project.failing(
    "preview",
    `import { LabHost } from "pulumi-netns";
     new Bridge("one", { namespace: pulumi.output(new Namespace("red")) });
     new Bridge("two", { namespace: Promise.resolve(new LabHost("lab1")) });`,
  );
  const [, diagnostics = ""] = said.split("Diagnostics:");
  const refused =
    /error serializing property "namespace": an Output or a promise of an object is given where a namespace is required/g;
  expect(diagnostics.match(refused)).toHaveLength(2);
});

test("a wrong secret is not shown at preview", async () => {
  const chain = `import { FilterChain } from "pulumi-netns";
    const rules = [{ action: "drop" as const, source: pulumi.secret("geheim-78") }];
    new FilterChain("guard", { chain: "input", policy: pulumi.secret("geheim-77" as any), rules });`;
  const values = (await project.failing("preview", chain)).said;
  expect(values).toMatch(/'guard' has a problem: property policy: "\[secret\]" is not/);
  expect(values).toMatch(/'guard' has a problem: property rules\[0\]\.source: "\[secret\]" is not/);
  const env = `{ TOKEN: pulumi.secret("geheim-79"), PASSWORD: "geheim-80", "A-B": "geheim-81" }`;
  const process = `import { Process } from "pulumi-netns"; new Process("p", { command: ["true"], env: ${env} });`;
  const variable = (await project.failing("preview", process)).said;
  expect(variable).toMatch(/property env\["A-B"\]: .*is not a variable name/);
  expect(values + variable).not.toContain("geheim");
});

test("a failure on the host is shown with the command without its secret, the error of the kernel and advice, without a stack trace", async () => {
  const refused = `new Route("r", { destination: "10.0.0.0/8", via: pulumi.secret("10.99.0.77") });`;
  const { said } = await project.failing("up", refused);
  expect(said).toMatch(
    /ip -4 route add 10\.0\.0\.0\/8 via \[secret\] protocol 201\n\s+failed: .*invalid gateway.*\n\s+help: the gateway must be/,
  );
  expect(said).not.toContain("10.99.0.77");
  expect(said).not.toMatch(/\n\s+at .*\.js:\d+/);
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test("a name that a foreign object has is refused with advice", async () => {
  await host.run("ip", "link", "add", "name", "br0", "type", "bridge");
  const { said } = await project.failing("up", `new Bridge("br0");`);
  expect(said).toMatch(
    /Bridge br0 already exists and is not managed by pulumi-netns\n\s+help: give this resource another name/,
  );
  expect(await host.ip("link", "show", "dev", "br0")).toHaveLength(1);
  await host.run("ip", "link", "delete", "dev", "br0");
});

test("without CAP_NET_ADMIN the preview warns, and the up fails with advice", async () => {
  const powerless: Sandbox = {
    ...host,
    try: (...command) => host.try("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", ...command),
  };
  await project.program(`new Namespace("red");`);
  await using stack = await openStack(powerless, project.folder, "powerless");
  const { code, stdout } = await stack.try("up", "--yes");
  const [atPreview = "", atUp] = stdout.split("Updating (");
  const [, diagnostics = ""] = atPreview.split("Diagnostics:");
  expect(diagnostics.split("CAP_NET_ADMIN is missing")).toHaveLength(2);
  expect(code).not.toBe(0);
  expect(atUp).toMatch(
    /help: (network changes need CAP_NET_ADMIN|namespaces need CAP_SYS_ADMIN in addition to CAP_NET_ADMIN)\. Run as root/,
  );
});

test("without CAP_SYS_ADMIN the preview warns, and the up of a namespace fails with advice", async () => {
  const weak: Sandbox = {
    ...host,
    try: (...command) => host.try("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin", ...command),
  };
  await project.program(`new Namespace("red");`);
  await using stack = await openStack(weak, project.folder, "weak");
  const { code, stdout } = await stack.try("up", "--yes");
  const [atPreview = "", atUp] = stdout.split("Updating (");
  const [, diagnostics = ""] = atPreview.split("Diagnostics:");
  expect(diagnostics.split("CAP_SYS_ADMIN is missing")).toHaveLength(2);
  expect(code).not.toBe(0);
  expect(atUp).toMatch(
    /help: namespaces need CAP_SYS_ADMIN in addition to CAP_NET_ADMIN\. Run as root; on a LabHost, .*; in a container/,
  );
});

test("a firewall that drops forwarded packets is reported with advice", async () => {
  await host.run("nft", "table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop; }; }");
  await project.program(`new Sysctl("forwarding", { key: "net.ipv4.ip_forward", value: "1" });`);
  const { code, stdout, stderr } = await project.stack.try("up", "--yes", "--skip-preview");
  expect(code).toBe(0);
  expect(stdout + stderr).toMatch(/chain FORWARD of table ip filter on the lab host has policy drop/);
  expect(stdout + stderr).toMatch(/nft insert rule ip filter FORWARD iifname/);
});

test("a failed delete is shown once, at its resource, without a stack trace", async () => {
  const create = (rest: string) =>
    `import { Command } from "pulumi-netns"; new Command("c", { create: ["true"], ${rest} });`;
  expect((await project.failing("up", create('delete: ["sh", "-c", "exit 4"]'))).code).toBe(0);
  const { code, said } = await project.failing("up", "");
  expect(code).not.toBe(0);
  const [, diagnostics = ""] = said.split("Diagnostics:");
  expect(diagnostics.match(/ended with exit code 4\. It printed nothing/g)).toHaveLength(1);
  expect(diagnostics).toContain("a resource could not be deleted: the error is shown at the resource");
  expect(diagnostics).not.toMatch(/\n\s+at /);
  expect((await project.failing("up", create('delete: ["true"]'))).code).toBe(0);
  expect((await project.failing("up", "")).code).toBe(0);
});
