import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import {
  Address,
  Bridge,
  Host,
  Hosts,
  type InterfaceRef,
  Lan,
  Link,
  Namespace,
  NatRule,
  Process,
  Route,
  Router,
  Sysctl,
  Veth,
} from "../../sdk/index.ts";
import { addressesOf, edit, failure, host, ip, labHostForEachTest, sysctl } from "../support/edited.ts";

labHostForEachTest();

const IN_NAME =
  /contains an Output as text: .*\n {2}help: a resource needs a name that the program knows when it runs: /;
const AS_TEXT = /contains an Output as text: .*\n {2}help: build the text with pulumi\.interpolate`… \$\{output\} …`/;
/** Returns the text of a value, as in a template string of a program that is not linted. */
const asText = (value: unknown): string => String(value);
const lan = () => new Bridge("lan");
const wire = () => new Veth("wire", { a: { name: "x" }, b: { name: "y" } });

test.each<[string, string, () => unknown]>([
  [
    "an argument of a command",
    "command.2",
    () => new Process("p", { command: ["sh", "-c", `echo ${asText(lan().name)}`] }),
  ],
  ["a file", "files.a.conf", () => new Process("p", { command: ["true"], files: { "a.conf": asText(lan().name) } })],
  ["an address", "address", () => new Address("a", { interface: "x", address: `${asText(lan().name)}/24` })],
  ["the name of an end", "a.name", () => new Veth("w", { a: { name: `p-${asText(lan().name)}` }, b: { name: "y" } })],
  [
    "the value of a sysctl",
    "value",
    () => new Sysctl("s", { key: "net.ipv4.ip_forward", value: asText(wire().a.mtu) }),
  ],
])("an Output in the text of %s is refused at %s", async (_what, property, program) => {
  const told = await failure(program);
  expect(told).toMatch(AS_TEXT);
  expect(told).toContain(property);
});

test("an Output in a key of a map is refused at the map", async () => {
  expect(
    await failure(
      () => new Hosts("h", { namespace: new Namespace("n"), addresses: { [asText(lan().name)]: "10.0.0.1" } }),
    ),
  ).toMatch(/addresses: a key of it contains an Output as text: .*\n {2}help: the keys of a map must be known when /);
});

test("an Output in the text of a component's argument is refused", async () => {
  expect(await failure(() => new Lan("l", { networks: [`${asText(lan().name)}/24`] }))).toMatch(
    /Lan l: networks\[0\]: contains an Output as text: .*\n {2}help: build the text with/,
  );
});

test("an Output or an object in the text of a name is refused", async () => {
  expect(await failure(() => new Namespace(`ns-${asText(lan().name)}`))).toMatch(IN_NAME);
  expect(await failure(() => new Host(`h-${asText(lan().name)}`))).toMatch(IN_NAME);
  expect(await failure(() => new Process("p", { command: ["echo", asText({})] }))).toMatch(
    /contains an object as text\n {2}help: use a property of the object, such as its name/,
  );
});

test("a Host or a Router can be given wherever a namespace is expected", async () => {
  const lab = () => {
    const [left, right] = [new Host("left"), new Router("right")];
    const cable = new Link("cable", { a: left, b: right, networks: ["10.0.0.0/30"] });
    new Address("more", { interface: "cable", namespace: left, address: "10.9.0.1/24" });
    new Route("far", { namespace: left, destination: "10.8.0.0/24", via: cable.addresses.b[0]! });
    new Sysctl("proxy", { namespace: left, key: "net.ipv4.conf.cable.proxy_arp", value: 1 });
    new NatRule("nat", { namespace: right, type: "masquerade" });
    new Hosts("names", { namespace: left, addresses: { right: cable.addresses.b[0]! } });
    new Process("sleeper", { namespace: left, command: ["sleep", "77"], settle: 100 });
    new Veth("second", { a: { name: "eth9", namespace: left }, b: { name: "eth9", namespace: right } });
  };
  await edit(lab);
  expect(await addressesOf("left", "cable")).toEqual(["10.0.0.1/30", "10.9.0.1/24"]);
  expect(await ip("-n", "left", "route", "show", "10.8.0.0/24")).toHaveLength(1);
  expect(await sysctl("net.ipv4.conf.cable.proxy_arp", "left")).toBe("1");
  expect(await host.run("ip", "netns", "pids", "left")).not.toBe("");
  expect(await edit(lab)).toEqual([]);
});

test("the error about a veth pair where one interface is required says to use an end", async () => {
  expect(
    await failure(() => new Address("a", { interface: wire() as unknown as InterfaceRef, address: "10.0.0.1/24" })),
  ).toMatch(
    /Address a: property interface: a pair of interfaces is given where one interface is required\n {2}help: use its end \.a or \.b/,
  );
  expect(
    await failure(() => new Address("a", { interface: new Namespace("n") as never, address: "10.0.0.1/24" })),
  ).not.toMatch(/undefined/);
});

test.each<[string, RegExp, () => unknown]>([
  [
    "two namespaces with the same name",
    /two resources of type Namespace have the name "red"\n {2}help: give one of them another name, or use the first/,
    () => [new Namespace("red"), new Namespace("red")],
  ],
  [
    "two components with the same name",
    /two resources of type Host have the name "red"\n/,
    () => [new Host("red"), new Host("red")],
  ],
  [
    "two components that create hosts with the same name",
    /Lan up and Lan down both create a Host with the name "red"\n {2}help: give one of them another name, or create the Host once/,
    () => {
      new Lan("up", { networks: ["10.0.1.0/24"], hosts: ["red"] });
      new Lan("down", { networks: ["10.0.2.0/24"], hosts: ["red"] });
    },
  ],
  [
    "a router and a host of a LAN with the same name",
    /Router red and Host red of Lan l both create the namespace "red"\n {2}help: give one of them another name\. If .* members: \[node\]/,
    () => {
      new Router("red");
      new Lan("l", { networks: ["10.0.0.0/24"], hosts: ["red"] });
    },
  ],
  [
    "a namespace with the name of a host's namespace",
    /Host red and Namespace n both create the namespace "blue"\n {2}help: give one of them another name/,
    () => [new Host("red", { name: "blue" }), new Namespace("n", { name: "blue" })],
  ],
  [
    "a host that is listed twice",
    /hosts: a is listed twice/,
    () => new Lan("l", { networks: ["10.0.0.0/24"], hosts: ["a", "b", "a"] }),
  ],
  [
    "a pair with a host that the LAN does not have",
    /pairs: b is not one of the hosts: a/,
    () =>
      new Lan<string>("l", {
        networks: ["10.0.0.0/24"],
        hosts: ["a"],
        pairs: [{ from: "a", to: "b", netem: { delay: 1 } }],
      }),
  ],
  [
    "a host that joins twice",
    /join: r is already on the LAN l/,
    () => {
      const l = new Lan("l", { networks: ["10.0.0.0/24"] });
      const r = new Host("r");
      l.join(r);
      l.join(r);
    },
  ],
  [
    "a second default route by a link",
    /^Error: Link l2: gateway: h already has a default route over l1, and l2 gives it another one of the same family\s+help: .* via: "10\.0\.2\.2", metric: 100/,
    () => {
      const [h, r1, r2] = [new Host("h"), new Router("r1"), new Router("r2")];
      new Link("l1", { a: h, b: r1, networks: ["10.0.1.0/30"], gateway: "b" });
      new Link("l2", { a: h, b: r2, networks: ["10.0.2.0/30", "fd00:2::/64"], gateway: "b" });
    },
  ],
  [
    "a second default route by gateways",
    /(Route r and Veth w|Veth w and Route r) declare the same IPv4 default route of metric 0 in the table main of the namespace x\n {2}help: gateways have no metric: /,
    () => {
      const namespace = new Namespace("x");
      const a = { name: "x", namespace, addresses: ["10.0.0.1/24"], gateways: ["10.0.0.2"] };
      const w = new Veth("w", { a, b: { name: "y" } });
      new Route("r", { namespace, interface: w.a, destination: "default", via: "10.0.0.3" });
    },
  ],
  [
    "an address that two resources declare",
    /(Address ip and Veth w|Veth w and Address ip) declare the same address x\/10\.0\.0\.1\/24\n {2}help: remove one of them/,
    () => {
      const w = new Veth("w", { a: { name: "x", addresses: ["10.0.0.1/24"] }, b: { name: "y" } });
      new Address("ip", { interface: w.a, address: "10.0.0.1/24" });
    },
  ],
])("the error about %s names the cause", async (_what, message, program) => {
  expect(await failure(program)).toMatch(message);
});

test("resources of two types, or with two parents, may have the same name", async () => {
  const lab = () => {
    const parent = new pulumi.ComponentResource("test:Group", "group");
    new Namespace("red");
    new Bridge("red", { name: "br-red" });
    new Namespace("red", { name: "red2" }, { parent });
  };
  expect(await edit(lab)).toEqual(["create Bridge red", "create Namespace red", "create Namespace red"]);
});

test("the names of the interfaces of a Lan and a Link can be chosen", async () => {
  await edit(() => {
    const lan = new Lan("lan", {
      networks: ["10.0.0.0/24"],
      gateways: [],
      hosts: [{ name: "a", interface: "eth0" }, "b"],
    });
    const c = new Host("c");
    lan.join(c, { interface: "eth0" });
    new Link("cable", { a: lan.hosts.a, b: c, interfaces: { a: "eth1", b: "swp1" } });
  });
  const names = async (namespace: string) =>
    (await ip("-n", namespace, "link", "show", "type", "veth")).map(({ ifname }) => String(ifname)).sort();
  expect(await Promise.all(["a", "b", "c"].map(names))).toEqual([["eth0", "eth1"], ["lan"], ["eth0", "swp1"]]);
});

test("the type of a LAN's host whose name is not constant includes undefined", () => {
  const names: string[] = ["a"];
  type Hosts = Lan["hosts"];
  const first: Host | undefined = ({} as Hosts)[names[0] ?? ""];
  expect(first).toBeUndefined();
});
