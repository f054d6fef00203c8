import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox } from "../../tools/sandbox.ts";
import { openStack, REPOSITORY } from "../../tools/stack.ts";
import { COMMAND } from "./bench.ts";

let host: Sandbox;
let folder: string;

beforeEach(async () => {
  host = await sandbox();
  folder = await mkdtemp(join(tmpdir(), "pulumi-netns-import-"));
  for (const line of TYPED) await host.run(...(line.split(" ") as [string]));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await host[Symbol.asyncDispose]();
});

/** The commands that create the lab of the article by hand, and other objects. */
const TYPED = [
  "ip netns add red",
  "ip netns add blue",
  "ip -n red link set lo up",
  "ip -n blue link set lo up",
  "ip link add v-net-0 type bridge",
  "ip link set v-net-0 up",
  "ip link property add dev v-net-0 altname the-office-network",
  "ip address add 192.168.15.5/24 dev v-net-0",
  ...["red", "blue"].flatMap((name, index) => [
    `ip link add veth-${name} type veth peer name veth-${name}-br`,
    `ip link set veth-${name} netns ${name}`,
    `ip link set veth-${name}-br master v-net-0 up`,
    `ip -n ${name} address add 192.168.15.${index + 1}/24 dev veth-${name}`,
    `ip -n ${name} link set veth-${name} up`,
    `ip -n ${name} route add default via 192.168.15.5`,
  ]),
  "ip -n blue route add 192.168.1.0/24 via 192.168.15.1",
  "ip -n blue route add 10.8.0.0/16 via 192.168.15.1 src 192.168.15.2 mtu 1400",
  "ip -n red address add 10.255.0.1/32 dev lo",
  "ip -n red address add 10.77.0.1 peer 10.77.0.2/32 dev veth-red",
  "tc -n blue qdisc add dev veth-blue root tbf rate 10mbit burst 10kb latency 50ms",
  "ip -n red neigh add 192.168.15.9 lladdr 02:00:00:00:00:09 dev veth-red nud permanent",
  "bridge fdb add 02:00:00:00:00:17 dev veth-red-br master static",
  "ip netns exec red sysctl -qw net.ipv4.conf.veth-red.proxy_arp=1",
  "ip link add macvlan0 link v-net-0 netns red type macvlan mode bridge",
  "ip -n red link set macvlan0 up",
  "sysctl -qw net.ipv4.ip_forward=1",
  "nft add table ip nat",
  "nft add chain ip nat postrouting { type nat hook postrouting priority 100; policy accept; }",
  "nft add chain ip nat prerouting { type nat hook prerouting priority -100; policy accept; }",
  "nft add rule ip nat postrouting ip saddr 192.168.15.1 oifname v-net-0 snat to 192.168.15.5",
  "nft add rule ip nat postrouting ip saddr 192.168.15.0/24 masquerade",
  "nft add rule ip nat postrouting ip saddr 10.9.0.0/16 counter masquerade",
  "nft add rule ip nat postrouting oifname none ip saddr != { 10.8.0.1, 10.8.0.2 } masquerade",
  "nft add chain ip nat early { type nat hook prerouting priority -90; }",
  "nft add rule ip nat early udp dport 5353 redirect to :53",
  "nft add rule ip nat prerouting tcp dport 8080 dnat to 192.168.15.2:80",
  "ip netns exec red nft add table inet fw",
  "ip netns exec red nft add chain inet fw input { type filter hook input priority 0; policy drop; }",
  "ip netns exec red nft add rule inet fw input ct state established,related accept",
  "ip netns exec red nft add rule inet fw input iifname { lo, veth-red } icmp type echo-request accept",
  "ip link add docker0 type bridge",
  "ip link add theirs type bridge",
  "ip link set theirs alias pulumi-netns:lab/prod:theirs@00000000",
];

const netns = (...args: string[]) => host.try(...(["env", ...COMMAND, "import", ...args] as [string]));

/** Returns the settings of all links and the routes, without marks and values that change by themselves. */
async function settings(): Promise<unknown> {
  const places = [[], ["-n", "red"], ["-n", "blue"]];
  const links = await Promise.all(places.map((place) => host.ip(...place, "-details", "address", "show")));
  const routes = await Promise.all(places.map((place) => host.ip(...place, "route", "show")));
  return {
    links: links.flat().map(({ ifname, altnames, address, mtu, master, flags, addr_info: addresses }) => ({
      // The notes of this package are alternative names of the loopback interface.
      ...{ ifname, altnames: ifname === "lo" ? [] : altnames, address, mtu, master, up: flags.includes("UP") },
      addresses: addresses.flatMap(({ local, prefixlen, scope }: any) =>
        scope === "link" ? [] : [`${local}/${prefixlen}`],
      ),
    })),
    routes: routes.flat().map(({ dst, gateway, dev }) => ({ dst, gateway, dev })),
    forwarding: await host.run("sysctl", "-n", "net.ipv4.ip_forward"),
  };
}

/** Returns the rules of a chain that NatRule can express, in their order, without marks. */
async function natRulesIn(family: string, table: string, chain: string): Promise<string[]> {
  const { stdout } = await host.try("nft", "list", "chain", family, table, chain);
  return [...stdout.matchAll(/^\t\t((?!type nat|.*\{).*?)(?: comment .*)?$/gm)].map(([, rule = ""]) => rule);
}

/** Returns the exit code of a ping through the firewall of a namespace. */
const pinged = async () => (await host.try("ip", "netns", "exec", "blue", "ping", "-c1", "-W2", "192.168.15.1")).code;

const RULES = [
  "FilterChain red-inet-fw-input",
  "NatRule NatRule-ip-nat-postrouting-4",
  "NatRule NatRule-ip-nat-postrouting-5",
  ...["NatRule dnat", "NatRule redirect", "NatRule snat"],
];

const OBJECTS = [
  "Macvlan macvlan0",
  "Namespace blue",
  "Namespace red",
  "Bridge v-net-0",
  "Veth veth-blue",
  "Veth veth-red",
];

test("import writes a YAML program for a lab that was created by hand, whose first up changes only the marks", async () => {
  const { stdout, stderr } = await netns("--output", join(folder, "lab"));
  expect(stderr).toBe("");
  expect(stdout).toMatch(/Namespace +red\n/);
  expect(stdout).toMatch(/Veth +red\/veth-red:veth-red-br\n/);
  expect(stdout).toMatch(/Route +blue\/inet\/192\.168\.1\.0\/24\/table\/254\/metric\/0\n/);
  expect(stdout).toMatch(/Sysctl +net\.ipv4\.ip_forward\n/);
  expect(stdout).toMatch(/NatRule +ip nat postrouting \d+\n/);
  expect(stdout).toMatch(/FilterChain +red\/inet fw input\n/);
  expect(stdout).toMatch(/Left alone:[^]*rule ip nat postrouting \d+ +NatRule cannot express ip saddr != { … }/);
  expect(stdout).toMatch(/Left alone:[^]*docker0 +its name is one that other software gives/);
  expect(stdout).toMatch(/Left alone:[^]*theirs +it has the mark of a stack/);

  const project = join(folder, "lab");
  const text = await readFile(join(project, "Pulumi.yaml"), "utf8");
  expect(text).toContain("namespace: ${red.name}");
  expect(text).toContain("master: ${v-net-0.name}");
  expect(text).toContain("gateways: [192.168.15.5]");
  expect(text).toContain('inInterface: [lo, "${veth-red.a.name}"]');
  await writeFile(join(project, "Pulumi.yaml"), text.replace("node_modules/pulumi-netns/bin", join(REPOSITORY, "bin")));

  const before = await settings();
  expect(await pinged()).toBe(0);
  expect(await natRulesIn("ip", "nat", "postrouting")).toHaveLength(3);
  await using stack = await openStack(host, project);
  const file = ["--file", join(project, "import.json"), "--generate-code=false", "--protect=false", "--yes"];
  const imported = await stack.try("import", ...file);
  expect(imported.code, imported.stdout + imported.stderr).toBe(0);
  const done = await stack.up();
  expect(done.filter((step) => !step.startsWith("update"))).toEqual(RULES.map((rule) => `create ${rule}`));
  expect(done).toEqual(expect.arrayContaining(OBJECTS.map((object) => `update ${object}`)));
  expect(await settings()).toEqual(before);
  expect(await pinged()).toBe(0);
  // Each rule has moved to the table of the stack, in its order.
  expect(await natRulesIn("inet", "pulumi-netns/lab/dev", "postrouting")).toEqual([
    'oifname "v-net-0" ip saddr 192.168.15.1 snat ip to 192.168.15.5',
    "ip saddr 192.168.15.0/24 masquerade",
    "ip saddr 10.9.0.0/16 masquerade",
  ]);
  expect(await natRulesIn("inet", "pulumi-netns/lab/dev", "prerouting_at_-90")).toEqual([
    "meta nfproto ipv4 udp dport 5353 redirect to :53",
  ]);
  expect(await natRulesIn("inet", "pulumi-netns/lab/dev", "prerouting")).toEqual([
    "meta nfproto ipv4 tcp dport 8080 dnat ip to 192.168.15.2:80",
  ]);
  expect((await host.try("ip", "netns", "exec", "red", "nft", "list", "table", "inet", "fw")).stdout).not.toContain(
    "chain",
  );
  for (const chain of ["postrouting", "prerouting", "early"]) expect(await natRulesIn("ip", "nat", chain)).toEqual([]);
  expect(await host.run("nft", "list", "chain", "ip", "nat", "postrouting")).toContain("10.8.0.1, 10.8.0.2");
  expect(await stack.up("--refresh")).toEqual([]);
  await stack.destroy();
  await expect.poll(() => host.ip("netns", "list"), SOON).toEqual([]);
  const left = (await host.ip("link", "show")).map(({ ifname }) => ifname as string);
  expect(left.filter((name) => /v-net|veth-/.test(name))).toEqual([]);
});

test("import writes a TypeScript program for the same lab, which adopts its objects", async () => {
  const written = await netns("--language", "typescript", "--output", folder);
  expect(written.stderr).toBe("");
  const text = await readFile(join(folder, "index.ts"), "utf8");
  expect(text).toContain("namespace: red,");
  expect(text).toContain("master: vNet0,");
  expect((await netns("--language", "typescript", "--output", folder)).stderr).toContain("index.ts already exists");
  await symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "lab", main: "index.ts" }));
  await writeFile(join(folder, "Pulumi.yaml"), "name: lab\nruntime: nodejs\n");
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { module: "nodenext", strict: true, skipLibCheck: true } }),
  );

  const before = await settings();
  await using stack = await openStack(host, folder);
  const created = [...OBJECTS, ...RULES].map((object) => `create ${object}`);
  expect(await stack.up()).toEqual(expect.arrayContaining(created));
  expect(await settings()).toEqual(before);
  expect(await natRulesIn("ip", "nat", "postrouting")).toEqual([]);
  await writeFile(join(folder, "index.ts"), text.replaceAll(/\n *adopt: true,/g, ""));
  expect(await stack.up("--refresh")).toEqual([]);
});

test("--namespace imports only one namespace, and --include a link by its name", async () => {
  const { stdout } = await netns("--namespace", "blue", "--include", "docker0");
  expect(stdout).toMatch(/Namespace +blue\n/);
  expect(stdout).not.toMatch(/ red\b|v-net-0|docker0/);
  expect((await netns("--include", "docker0")).stdout).toMatch(/Bridge +docker0\n/);
});
