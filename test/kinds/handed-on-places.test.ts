import { expect, test } from "vitest";
import { displayCommand } from "../../provider/kernel/command.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { processesIn } from "../../provider/kernel/tools/holders.ts";
import { Address, Bridge, Hosts, Namespace, NatRule, Process, Route, Sysctl, Veth } from "../../sdk/index.ts";
import { addressesOf, edit, engineOf, host, ip, kernel, labHostForEachTest, said, sysctl } from "../support/edited.ts";

/* Namespaces, and the objects in them, that pass from one resource of a stack to another. */

labHostForEachTest();

const linksOf = async (namespace: string): Promise<string[]> =>
  (await ip("-n", namespace, "link", "show"))
    .map(({ ifname }) => ifname as string)
    .filter((name) => name !== "lo")
    .sort();

test("two namespaces exchange their names, with all that is in them", async () => {
  const lab = (x: string, y: string) => () => {
    const [one, two] = [new Namespace("x", { name: x }), new Namespace("y", { name: y })];
    new Veth("w", {
      a: { name: "eth0", namespace: one, addresses: ["10.0.0.1/24"] },
      b: { name: "eth0", namespace: two, addresses: ["10.0.0.2/24"] },
    });
    new Sysctl("forwarding", { namespace: one, key: "net.ipv4.ip_forward", value: "1" });
  };
  await edit(lab("red", "blue"));
  for (const [x, y] of [
    ["blue", "red"],
    ["red", "blue"],
    ["blue", "green"],
  ] as const) {
    await edit(lab(x, y));
    expect(await addressesOf(x, "eth0")).toEqual(["10.0.0.1/24"]);
    expect([await sysctl("net.ipv4.ip_forward", x), await sysctl("net.ipv4.ip_forward", y)]).toEqual(["1", "0"]);
  }
});

test("objects that are no longer declared in a namespace whose resource is renamed are deleted", async () => {
  await edit(() => {
    const red = new Namespace("red");
    new Veth("w", { a: { name: "eth0", namespace: red, addresses: ["10.0.0.1/24"] }, b: { name: "port" } });
    new Sysctl("forwarding", { namespace: red, key: "net.ipv4.ip_forward", value: "1" });
    new NatRule("nat", { namespace: red, type: "masquerade", source: "10.9.0.0/24" });
    new Address("loopback", { namespace: red, interface: "lo", address: "10.255.0.1/32" });
    new Route("hole", { namespace: red, destination: "10.66.0.0/16", type: "blackhole" });
  });
  expect(await edit(() => new Namespace("crimson", { name: "red" }))).toEqual([
    "create Namespace crimson",
    "delete Address loopback",
    "delete Namespace red",
    "delete NatRule nat",
    "delete Route hole",
    "delete Sysctl forwarding",
    "delete Veth w",
  ]);
  expect([await linksOf("red"), await addressesOf("red", "lo")]).toEqual([[], []]);
  expect(await sysctl("net.ipv4.ip_forward", "red")).toBe("0");
  expect(await ip("-n", "red", "route", "show")).toEqual([]);
  expect(await host.run("ip", "netns", "exec", "red", "nft", "list", "ruleset")).toBe("");
  expect((await ip("link", "show")).map(({ ifname }) => ifname as string)).toEqual(["lo"]);
});

test("a veth pair in a retained namespace is deleted", async () => {
  await engineOf().up(() => {
    const red = new Namespace("red", {}, { retainOnDelete: true });
    const lan = new Bridge("lan");
    new Veth("w", {
      a: { name: "eth0", namespace: red, addresses: ["10.0.0.1/24"] },
      b: { name: "port", master: lan },
    });
    new Sysctl("forwarding", { namespace: red, key: "net.ipv4.ip_forward", value: "1" });
  });
  await engineOf().destroy();
  expect([await linksOf("red"), (await ip("link", "show")).length]).toEqual([[], 1]);
  expect(await sysctl("net.ipv4.ip_forward", "red")).toBe("0");
  await host.run("ip", "netns", "delete", "red");
});

test("a delete of a namespace that a process uses deletes its veth pair, and a warning names the process", async () => {
  const lab = () => {
    const red = new Namespace("red");
    new Veth("w", { a: { name: "eth0", namespace: red }, b: { name: "port" } });
  };
  await edit(lab);
  const pid = (await host.run("sh", "-c", "ip netns exec red sleep 60 >/dev/null 2>&1 & echo $!")).trim();
  await expect.poll(() => processesIn(kernel(), "red")).toEqual([{ pid, program: "sleep" }]);
  await engineOf().destroy();
  expect(said).toEqual([expect.stringContaining(`exists until its processes end: ${pid} (sleep)`)]);
  expect(await processesIn(kernel(), "red")).toEqual([]);
  expect((await ip("link", "show")).length).toBe(1);
  await edit(lab);
  await host.run("kill", pid);
});

test("concurrent queries for the processes of several namespaces share at most two commands", async () => {
  const names = ["red", "blue", "green", "7"];
  const looks: string[] = [];
  const client = kernel();
  const counting: KernelClient = {
    ...client,
    run(command) {
      if (command.tool === "sh") looks.push(displayCommand(command));
      return client.run(command);
    },
  };
  for (const name of names) await host.run("ip", "netns", "add", name);
  const sleep = async (name: string) =>
    (await host.run("sh", "-c", 'ip netns exec "$1" sleep 60 >/dev/null 2>&1 & echo $!', "sh", name)).trim();
  const [inRed, inSeven] = [await sleep("red"), await sleep("7")];
  await expect.poll(() => processesIn(kernel(), "7")).toEqual([{ pid: inSeven, program: "sleep" }]);
  // The first query starts at once, and the others wait and share the second command.
  expect(await Promise.all([...names, "none"].map((name) => processesIn(counting, name)))).toEqual([
    [{ pid: inRed, program: "sleep" }],
    [],
    [],
    [{ pid: inSeven, program: "sleep" }],
    [],
  ]);
  expect(looks.filter((text) => text.startsWith("stat ")).length).toBeLessThanOrEqual(2);
  await host.run("kill", inRed, inSeven);
  for (const name of names) await host.run("ip", "netns", "delete", name);
});

test("a route exists after an up that moves the network of its gateway to another link", async () => {
  const lab = (name: string) => () => {
    new Bridge(name, { addresses: ["10.1.2.1/24", "fd00:2::1/64"] });
    new Route("out", { destination: "default", via: "10.1.2.10" });
    new Route("six", { destination: "fd00:9::/64", via: "fd00:2::10", mtu: 1300 });
  };
  await edit(() => new Bridge("work", { addresses: ["10.1.2.1/24", "fd00:2::1/64"] }));
  await edit(lab("home"));
  expect(await ip("route", "show", "default")).toMatchObject([{ gateway: "10.1.2.10", dev: "home" }]);
  expect(await ip("-6", "route", "show", "fd00:9::/64")).toMatchObject([{ gateway: "fd00:2::10", dev: "home" }]);
});

test("the files of a namespace pass from one Hosts resource to another", async () => {
  await edit(() => {
    const red = new Namespace("red");
    new Hosts("names", { namespace: red, addresses: { web: "10.0.0.80" }, nameservers: ["10.0.0.53"] });
  });
  await edit(() => new Hosts("red-names", { namespace: new Namespace("red"), addresses: { web: "10.0.0.81" } }));
  expect(await host.run("ls", "/etc/netns/red")).toBe("hosts");
  expect(await host.run("cat", "/etc/netns/red/hosts")).toMatch(/^10\.0\.0\.81\tweb$/m);
});

test("a process starts although a process that is no longer declared holds a lock that it needs", async () => {
  const lab = (name: string) => () => {
    const web = new Namespace("web");
    // A lock stands for a port: only one process can have it.
    new Process(name, { namespace: web, command: ["flock", "--nonblock", "/run/port", "sleep", "300"] });
  };
  await edit(lab("httpd"));
  expect(await edit(lab("server"))).toEqual(["create Process server", "delete Process httpd"]);
  expect((await host.run("sh", "-c", "ip netns pids web | wc -l")).trim()).not.toBe("0");
});

test("an object that moves out of a replaced namespace is created after its deletion there, and is in the state once", async () => {
  const lab = (name: string, away: boolean) => () => {
    const room = new Namespace("room", { name });
    const other = new Namespace("other");
    const namespace = away ? other : room;
    new Sysctl("forwarding", { key: "net.ipv4.ip_forward", value: "1", namespace });
    new Bridge("lan", { name: "br0", addresses: ["10.1.0.1/24"], namespace });
    // The engine deletes these before the other two, so that a create without waiting would come too early.
    for (let index = 0; index < 8; index++) new Bridge(`stays-${index}`, { name: `stays${index}`, namespace: room });
  };
  await edit(lab("red", false));
  for (const [name, away] of [
    ["blue", true],
    ["red", false],
    ["blue", true],
  ] as const) {
    await edit(lab(name, away));
    const place = away ? "other" : name;
    expect(await sysctl("net.ipv4.ip_forward", place)).toBe("1");
    expect(await addressesOf(place, "br0")).toEqual(["10.1.0.1/24"]);
  }
});

test("a route that moves away from a replaced address is created after its deletion there, and is in the state once", async () => {
  const lab = (address: string, away: boolean) => () => {
    const red = new Namespace("red");
    const one = new Veth("one", { a: { name: "eth0", namespace: red }, b: { name: "port0" } });
    const two = new Veth("two", { a: { name: "eth1", namespace: red }, b: { name: "port1" } });
    new Address("two", { interface: two.a, address: "10.2.0.1/24" });
    new Address("one", { interface: one.a, address });
    new Route("far", {
      interface: away ? two.a : one.a,
      destination: "10.9.0.0/16",
      via: away ? "10.2.0.254" : "10.1.0.254",
    });
    for (let index = 0; index < 8; index++)
      new Route(`stays-${index}`, { interface: one.a, destination: `10.5${index}.0.0/16`, via: "10.1.0.254" });
  };
  await edit(lab("10.1.0.1/24", false));
  for (const [address, away] of [
    ["10.1.0.2/24", true],
    ["10.1.0.1/24", false],
    ["10.1.0.3/24", true],
  ] as const) {
    await edit(lab(address, away));
    expect(await ip("-n", "red", "route", "show", "10.9.0.0/16")).toMatchObject([{ dev: away ? "eth1" : "eth0" }]);
  }
});
