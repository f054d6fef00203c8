import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "./bench.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await openBench("seed");
});

afterAll(() => bench[Symbol.asyncDispose]());

test("all resources are up after an up", async () => {
  const { code, stdout } = await bench.netns("status");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^seed\/dev\n {2}lab host\n/);
  expect(stdout).toMatch(/^ {2}red\n {4}Namespace +red +red +up$/m);
  expect(stdout).toMatch(/^ {4}Veth +red-wire +red\/veth-red:veth-red-br +up$/m);
  expect(stdout).toMatch(/^12 resources: 12 up$/m);
  expect(stdout).not.toContain("not declared");
  expect(stdout).not.toContain("\u001b");
});

test("a pipe that is closed early causes no error", async () => {
  const [first = "", ...rest] = ["sh", "-c", '"$@" | true', "sh", ...bench.words("status")];
  expect(await bench.host.try(first, ...rest)).toEqual({ code: 0, stdout: "", stderr: "" });
});

// In an unknown CI, Node assumes a terminal without colors.
test("the output on a terminal has colors, unless NO_COLOR is set", async () => {
  const onTerminal = (...env: string[]) =>
    bench.host.run(
      "script",
      "--quiet",
      "--return",
      "--command",
      ["env", "--unset=CI", "--unset=NO_COLOR", ...env, ...bench.words("status")].map((word) => `'${word}'`).join(" "),
      "/dev/null",
    );
  expect(await onTerminal("TERM=xterm")).toContain("\u001b[32mup\u001b[39m");
  expect(await onTerminal("TERM=xterm", "NO_COLOR=1")).not.toContain("\u001b");
});

test("drifted, missing and foreign resources are reported with their properties, like those of a refresh", async () => {
  const { host, stack } = bench;
  await host.run("ip", "-n", "red", "link", "set", "dev", "veth-red", "mtu", "1400");
  await host.run("ip", "-n", "red", "route", "delete", "default");
  await host.run("ip", "-n", "red", "address", "add", "192.168.15.2/32", "dev", "veth-red");
  await host.run("ip", "-n", "red", "route", "add", "10.9.0.0/24", "dev", "veth-red");
  await host.run("ip", "-n", "red", "rule", "add", "from", "10.9.0.0/24", "lookup", "7");
  await host.run("ip", "-n", "red", "neigh", "add", "10.9.0.2", "lladdr", "02:00:00:00:00:01", "dev", "veth-red");
  await host.run("ip", "netns", "exec", "red", "nft", "add table ip filter; add chain ip filter input");
  await host.run("tc", "-n", "red", "qdisc", "add", "dev", "veth-red", "root", "pfifo", "limit", "5");
  await host.run("sysctl", "-w", "net.ipv4.ip_forward=0");
  await host.run("ip", "netns", "delete", "blue");
  await host.run("ip", "netns", "add", "blue");
  // The other end of the veth pair exists until the kernel has deleted the namespace.
  await expect
    .poll(() => host.try("ip", "link", "show", "dev", "veth-blue-br"), { timeout: 60_000 })
    .toMatchObject({ code: 1 });

  // status-text.test.ts has the text of each condition.
  const { code, stdout } = await bench.netns("status", "--json");
  expect(code).toBe(3);
  const { resources, addresses, undeclared } = JSON.parse(stdout);
  const has = (name: string, more: object) =>
    expect(resources).toContainEqual(expect.objectContaining({ name, ...more }));
  has("red-wire", { condition: "drifted", drift: [{ property: "a.mtu", was: 1500, is: 1400 }] });
  has("forwarding", { condition: "drifted", drift: [{ property: "value", was: "1", is: "0" }] });
  has("red-default", { condition: "missing" });
  has("blue", { condition: "foreign" });
  const count = (condition: string) => resources.filter((one: any) => one.condition === condition).length;
  expect(["up", "drifted", "missing", "foreign"].map(count)).toEqual([5, 2, 4, 1]);
  expect(addresses).toEqual([{ place: "red", link: "veth-red", address: "192.168.15.2/32" }]);
  expect(undeclared).toEqual([
    { place: "red", what: "route", family: "inet", text: "10.9.0.0/24 dev veth-red" },
    { place: "red", what: "routing rule", family: "inet", text: "priority 32765 from 10.9.0.0/24 lookup 7" },
    { place: "red", what: "neighbor", family: "inet", link: "veth-red", text: "10.9.0.2 lladdr 02:00:00:00:00:01" },
    { place: "red", what: "nft table", family: "inet", text: "ip filter" },
    { place: "red", what: "qdisc", link: "veth-red", text: "pfifo root" },
  ]);
  const notUp = resources.filter((one: { condition: string }) => one.condition !== "up");
  const told = notUp.map((one: any) => `${one.condition === "drifted" ? "update" : "delete"} ${one.type} ${one.name}`);
  expect(await stack.refresh()).toEqual(told.sort());
});

test("the error about a stack that does not exist lists the stacks of the project", async () => {
  const { code, stderr } = await bench.host.try(...bench.words("status", "--stack", "nope"));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: no stack named 'nope' found\n {2}help: the stacks of this project: dev$/);
});
