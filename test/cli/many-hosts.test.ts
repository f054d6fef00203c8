import { execa } from "execa";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { openLabHosts } from "../../inspect/lab-hosts.ts";
import { showTrace } from "../../inspect/trace/text.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { farProjectForAll } from "../support/far-hosts.ts";

const far = farProjectForAll("sites", "lab1", "lab2");

const PROGRAM = `
import { LabHost, Process, Vxlan } from "pulumi-netns";
const addresses = { lab1: "10.77.0.11", lab2: "10.77.0.12" };
const site = (name: "lab1" | "lab2", other: "lab1" | "lab2", number: number) => {
  const host = new LabHost(name);
  const red = new Namespace("red-" + name, { name: "red", host });
  const br = new Bridge("br-" + name, { name: "br0", namespace: host, mtu: 1450 });
  new Veth("cable-" + name, {
    a: { name: "eth0", namespace: red, addresses: ["10.1.0." + number + "/24"], mtu: 1450 },
    b: { name: "v-red", namespace: host, master: br, mtu: 1450 },
  });
  new Vxlan("tunnel-" + name, {
    name: "vx0", namespace: host, master: br, mtu: 1450, vni: 7, dstport: 14789, local: addresses[name], remote: addresses[other],
  });
  new Process("talker-" + name, { namespace: red, command: ["sh", "-c", "echo hello from $0; exec sleep 1000", name] });
};
site("lab1", "lab2", 1);
site("lab2", "lab1", 2);
new Namespace("here");
`;

beforeAll(async () => {
  await far.project.program(PROGRAM);
  await far.project.stack.up();
});

const { words } = far;

const netns = (command: string, ...args: string[]) => far.bed.management.try(...words(command, ...args));

const on = (name: string, ...args: [string, ...string[]]) => far.bed.host(name).run(...args);

test("status has the lab hosts as its first level", async () => {
  const { code, stdout, stderr } = await netns("status");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^ {2}this machine\n {4}here\n {6}Namespace +here +here +up$/m);
  expect(stdout).toMatch(/^ {2}lab2\n {4}Bridge +br-lab2 +br0 +up$/m);
  expect(stdout).toMatch(/^ {4}red\n {6}Namespace +red-lab2 +red +up$/m);
  expect(stdout).toMatch(/^11 resources: 11 up$/m);
});

test("a command runs in a namespace of another lab host, with its arguments, input, output and exit code", async () => {
  const strange = ["a b", "", "$HOME", "it's", "new\nline\n", "\\n", 'say "hi"', "!x", "%s", "äö", "*"];
  const script = 'cat; ip -brief address show dev eth0; printf "<%s>" "$@"; echo to you >&2; exit 7';
  const command = words("exec", "red-lab2", "--", "sh", "-c", script, "sh", ...strange);
  const { code, stdout, stderr } = await far.bed.management.try("sh", "-c", 'echo hello | "$@"', "sh", ...command);
  expect({ code, stderr }).toEqual({ code: 7, stderr: "to you" });
  expect(stdout).toMatch(/^hello\neth0@\S+ +UP +10\.1\.0\.2\/24/);
  expect(stdout).toContain(`\n${strange.map((word) => `<${word}>`).join("")}`);
  expect((await netns("exec", "lab1", "--", "ip", "-brief", "address", "show", "dev", "eth0")).stdout).toContain(
    "10.77.0.11/24",
  );
  expect((await netns("exec", "host", "--", "ip", "-brief", "address", "show", "dev", "uplink")).stdout).toContain(
    "10.77.0.1/24",
  );
});

test("--all names the lab host before each line", async () => {
  const { code, stdout } = await netns("exec", "--all", "--", "ip", "-brief", "address", "show", "scope", "global");
  expect(code).toBe(0);
  expect(stdout.split("\n").sort()).toEqual([
    expect.stringMatching(/^lab1\/red-lab1 \| eth0@\S+ +UP +10\.1\.0\.1\/24/),
    expect.stringMatching(/^lab2\/red-lab2 \| eth0@\S+ +UP +10\.1\.0\.2\/24/),
  ]);
});

test("shell opens a shell on another lab host, and leaves nothing there", async () => {
  const lab2 = far.bed.host("lab2");
  // The shell has its own folder for temporary files, because shells of other tests use /tmp.
  await lab2.stopSshd();
  await lab2.startSshd("SetEnv=TMPDIR=/run");
  const typed = "ip -brief address; echo \\$PULUMI_NETNS_PLACE; echo /run/pulumi-netns-shell-*";
  const { stdout } = await far.bed.management.try(
    "sh",
    "-c",
    `echo "${typed}" | "$@"`,
    "sh",
    ...words("shell", "lab2/red"),
  );
  expect(stdout).toContain("10.1.0.2/24");
  expect(stdout).toContain("sites/dev:lab2/red-lab2");
  expect(stdout).toMatch(/^\/run\/pulumi-netns-shell-\w{6}$/m);
  expect(await on("lab2", "sh", "-c", "echo /run/pulumi-netns-shell-*")).toBe("/run/pulumi-netns-shell-*");
});

test("logs and restart reach a process on another lab host", async () => {
  expect((await netns("logs", "talker-lab2")).stdout).toBe("hello from lab2");
  const all = (await netns("logs")).stdout.split("\n").sort();
  expect(all).toEqual(["talker-lab1 | hello from lab1", "talker-lab2 | hello from lab2"]);
  const pid = () => on("lab2", "ip", "netns", "pids", "red");
  const before = await pid();
  expect((await netns("restart", "talker-lab2")).stdout).toBe("process talker-lab2 was restarted");
  expect(await pid()).not.toBe(before);
  // The next test checks the status of all resources.
});

test("link sets an interface of another lab host down, which is drift, and up", async () => {
  expect((await netns("link", "down", "lab2/red", "eth0")).code).toBe(0);
  expect(await on("lab2", "ip", "-n", "red", "link", "show", "dev", "eth0")).toContain("state DOWN");
  const { code, stdout } = await netns("status");
  expect(code).toBe(3);
  expect(stdout).toMatch(/Veth +cable-lab2 .* drifted/);
  await on("lab2", "ip", "-n", "red", "link", "set", "dev", "eth0", "up");
  await on("lab2", "ip", "link", "set", "dev", "br0", "down");
  expect((await netns("link", "up", "lab2", "br0")).code).toBe(0);
  expect((await netns("status")).code).toBe(0);
});

test("capture shows packets of another lab host, and leaves no process there when it is stopped", async () => {
  const pings = on("lab1", "ip", "netns", "exec", "red", "timeout", "15", "ping", "-i", "0.2", "10.1.0.2").catch(
    () => "",
  );
  // The bytes are unchanged, also through a pipe instead of a terminal.
  const file = `${far.project.folder}/two.pcap`;
  const written = words("capture", "lab2/red/eth0", "--count", "2", "--write", "-", "icmp");
  await far.bed.management.run("timeout", "20", "sh", "-c", 'file=$1; shift; "$@" >"$file"', "sh", file, ...written);
  expect((await execa("tcpdump", ["-n", "-r", file])).stdout).toMatch(/10\.1\.0\.1 > 10\.1\.0\.2: ICMP echo request/);

  const endless = words("capture", "lab2/red/eth0", "udp port 9");
  const { stderr } = await far.bed.management.try("timeout", "--signal=INT", "--kill-after=10", "10", ...endless);
  expect(stderr).toMatch(/0 packets captured/);
  expect(await on("lab2", "sh", "-c", "ps -eo args | grep -c '[t]cpdump.*port 9' || true")).toBe("0");
  await pings;
});

test("pings and traces go across lab hosts, by the tunnel between them", async () => {
  const all = await netns("ping");
  expect(all.stdout).toMatch(/lab1\/red-lab1 +no address +· +[\d.]+$/m);
  const { code, stdout } = await netns("trace", "lab1/red", "lab2/red");
  expect(stdout).toMatch(
    /^ {2}1 {2}lab1\/red {2}out by eth0, in the vxlan tunnel vx0 to 10\.77\.0\.12, out by eth0 of lab1\n {2}2 {2}lab2\/red {2}in by eth0$/m,
  );
  expect(stdout).toMatch(/the ping is answered$/);
  expect(code).toBe(0);
});

test("clean removes objects that are not in the state, on the lab hosts of the state and on those of --host", async () => {
  const mark = (await far.bed.host("lab2").ip("link", "show", "br0"))[0].ifalias as string;
  const leave = () =>
    on(
      "lab2",
      "sh",
      "-c",
      'ip link add left type bridge && ip link set left alias "$1"',
      "sh",
      mark.replace(/:br-lab2@.*/, ":left@12345678"),
    );
  await leave();
  const seen = await netns("status");
  expect(seen.code).toBe(3);
  expect(seen.stdout).toMatch(/^ {2}link +left +on lab2$/m);
  expect((await netns("clean", "--yes")).stdout).toMatch(/^ {2}link +left +on lab2\nRemoved\.$/m);
  const isLeft = () => on("lab2", "sh", "-c", "ip link show dev left >/dev/null 2>&1 && echo left || echo gone");
  expect(await isLeft()).toBe("gone");
  await leave();
  expect((await netns("clean", "--host", "lab1", "--yes")).stdout).toMatch(/^No objects of stack sites\/dev found/);
  const elsewhere = "--project sites --cwd /tmp --host lab2=root@10.77.0.12 --json".split(" ");
  const found = JSON.parse((await netns("clean", ...elsewhere)).stdout);
  expect(found.marked).toContainEqual({ host: "lab2", what: "link", name: "left" });
  expect(found.removed).toBe(false);
  expect(await isLeft()).toBe("left");
  expect((await netns("clean", "--host", "lab2", "--yes")).stdout).toContain("Removed.");
  expect(await isLeft()).toBe("gone");
});

test("the resources of an unreachable lab host are unknown, and those of the others are reported", async () => {
  const lab2 = far.bed.host("lab2");
  await lab2.stopSshd();
  try {
    // status-text.test.ts has the text of the status.
    const { code, stdout } = await netns("status", "--json");
    expect(code).toBe(4);
    const { resources, unreachable } = JSON.parse(stdout);
    const answer = "ssh: connect to host 10.77.0.12 port 22: Connection refused";
    expect(unreachable).toEqual([{ host: "lab2", answer }]);
    const hostsThatAre = (condition: string) =>
      resources.flatMap((one: any) => (one.condition === condition ? [one.host ?? "this machine"] : [])).sort();
    expect(hostsThatAre("unknown")).toEqual(Array.from({ length: 5 }, () => "lab2"));
    expect(hostsThatAre("up")).toEqual([...Array.from({ length: 5 }, () => "lab1"), "this machine"]);
    const all = await netns("exec", "--all", "--", "ip", "-brief", "address", "show", "scope", "global");
    expect(all.code).toBe(1);
    expect(all.stdout).toMatch(/^lab1\/red-lab1 \| eth0/m);
    expect(all.stderr).toMatch(/^lab2\/red-lab2 \| the lab host lab2 cannot be reached/m);
    const pings = await netns("ping");
    expect(pings.code).toBe(3);
    expect(pings.stderr).toMatch(/the lab host lab2 cannot be reached/);
    for (const command of ["trace lab1/red lab2/red", "ping lab1/red lab2/red", "exec lab2/red -- true"])
      expect(await netns(...(command.split(" ") as [string]))).toMatchObject({
        code: 1,
        stderr: `error: the lab host lab2 cannot be reached: ${answer}\n  help: test the connection: \`ssh -o BatchMode=yes lab2 true\``,
      });
    expect((await netns("graph", "--live", "--format", "mermaid")).stdout).toContain("? lab2/red");
  } finally {
    await lab2.startSshd();
  }
});

test("the error about a missing tool names the lab host and the package", async () => {
  const lab2 = far.bed.host("lab2");
  const said = (tool: string, command: string, ...args: string[]) => lab2.without(tool, () => netns(command, ...args));
  const ping = "lab2: ping is not installed\n  help: install the package iputils-ping there; in Fedora, iputils";
  expect((await said("ping", "ping", "lab2/red", "lab1/red")).stderr).toBe(`error: ${ping}`);
  expect((await said("ping", "ping")).stdout).toContain(`lab2/red-lab2 → lab1/red-lab1 10.1.0.1 was not sent: ${ping}`);
  expect((await said("tcpdump", "capture", "lab2/red/eth0")).stderr).toBe(
    "error: lab2: tcpdump is not installed\n  help: install the package tcpdump there",
  );
  const { code, stderr } = await said("ip", "status");
  expect(stderr).toMatch(
    /^error: lab2: ip is not installed\n {2}needed by: ip [^\n]*\n {2}help: install the package iproute2/,
  );
  expect(code).toBe(1);
});

// This is the last test, because it deletes the tunnel.
test("a trace explains why a tunnel has no matching other end", async () => {
  // In this process, like `pulumi-netns trace lab1/red lab2/red`.
  const hosts = openLabHosts(new Map(["lab1", "lab2"].map((to) => [to, { to, sudo: false }])));
  onTestFinished(() => hosts.close());
  const traced = async () => showTrace(await trace(hosts.all, "lab1/red", "10.1.0.2"));
  const remake = async (...options: string[]) => {
    await on("lab2", "ip", "link", "delete", "vx0");
    // With learning, it would learn the other end from the frames that arrive from there.
    const type = ["type", "vxlan", "local", "10.77.0.12", "nolearning", ...options];
    await on("lab2", "ip", "link", "add", "vx0", "mtu", "1450", "master", "br0", "up", ...type);
  };
  await remake("id", "8", "remote", "10.77.0.11", "dstport", "14789");
  expect(await traced()).toMatch(
    /vx0 in lab1 sends to 10\.77\.0\.12 of lab2, where vx0 has the VNI 8 and port 14789, and not the VNI 7 and port 14789\n {2}help: give both/,
  );
  await remake("id", "7", "remote", "10.77.0.99", "dstport", "14789");
  expect(await traced()).toMatch(
    /the ping arrives, but its answer is dropped: vx0 in lab2 has the VNI 7 and port 14789 of vx0 in lab1, and sends to 10\.77\.0\.99, but not to 10\.77\.0\.11\n {2}help: add 10\.77\.0\.11 to the addresses to which vx0 in lab2 sends/,
  );
  await on("lab2", "ip", "link", "delete", "vx0");
  expect(await traced()).toMatch(
    /vx0 in lab1 sends to 10\.77\.0\.12 of lab2, where no vxlan interface has the VNI 7 and port 14789/,
  );
});
