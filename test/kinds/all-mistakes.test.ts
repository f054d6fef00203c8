import * as pulumi from "@pulumi/pulumi";
import { expect, test, vi } from "vitest";
import { Address, Bridge, Host, Lan, Link, Namespace, Process, Route, Router, Trunk, Veth } from "../../sdk/index.ts";
import { failure, host, labHostForEachTest } from "../support/edited.ts";
import { errorsOf } from "../support/errors-of.ts";

labHostForEachTest();

test("one run reports the errors of resources and components, each at its argument", async () => {
  const said = await errorsOf(() => {
    const red = new Namespace("red");
    new Bridge("my lan");
    const pair = new Veth("pair", { a: { name: "x", namespace: red }, b: { name: "y" } });
    new Route("one", { destination: red as never, via: pair as never, namespace: red });
    new Address("two", { interface: pair as never, address: "10.0.0.1/33" });
    new Veth("three", { a: { name: "p", namespace: pair as never, mtu: 20 }, b: { name: "q" } });
    const lan = new Lan("lan", { networks: ["10.8.0.0/24", "10.8.0.0/25"], hosts: ["web"], mtu: 9 });
    new Link("wire", { a: lan.hosts.web, b: new Router("edge"), networks: ["10.9.0.0/33"] });
    new Bridge("br0", { mtu: 20 });
  });
  expect(said.sort()).toEqual([
    expect.stringMatching(/^Address two: property address: "10\.0\.0\.1\/33" is not an interface address/),
    expect.stringMatching(/^Address two: property interface: a pair of interfaces is given where one interface is/),
    "Bridge br0: property mtu: 20 is not an MTU in bytes: it is less than 68",
    expect.stringMatching(/^Bridge my lan: property name: "my lan" is not an interface name/),
    "Lan lan: mtu: 9 is not an MTU in bytes: it is less than 68",
    expect.stringMatching(/^Lan lan: networks: "10\.8\.0\.0\/24" and "10\.8\.0\.0\/25" overlap\./),
    expect.stringMatching(/^Link wire: networks: "10\.9\.0\.0\/33" is not a network/),
    expect.stringMatching(
      /^Route one: property destination: a resource \(Namespace\) is given where a value is required/,
    ),
    expect.stringMatching(/^Route one: property via: a resource \(Veth\) is given where a value is required/),
    expect.stringMatching(/^Veth three: property a\.mtu: 20 is not an MTU in bytes/),
    expect.stringMatching(/^Veth three: property a\.namespace: a Veth is given where a namespace is required/),
  ]);
});

test("what a program declares with the outputs of an invalid component has no errors because of it", async () => {
  const said = await errorsOf(() => {
    const [red, gw] = [new Namespace("red"), new Router("gw")];
    const lan = new Lan("lan", { networks: ["10.8.0.0/33"], hosts: ["web", "db"] });
    const [web, late] = [lan.hosts.web, new Host("late")];
    const end = lan.join(late, { addresses: ["10.8.0.9"] });
    const link = new Link("wire", { a: web, b: gw, networks: ["10.7.0.0/31"], gateway: "b" });
    new Lan("second", { networks: ["10.6.0.0/24"], router: gw, members: [web, late], bridge: lan });
    new Trunk("trunk", { a: lan, b: gw, vlans: [10] });
    new Route("back", { namespace: web.namespace, destination: "10.1.0.0/24", via: lan.gateways[0]! });
    new Route("forth", { namespace: red, destination: link.addresses.a[0]!, via: late.address! });
    new Route("link", { namespace: gw, destination: "10.2.0.0/24", interface: link.b });
    new Address("more", { interface: end, address: `${lan.gateway}/24` });
    new Veth("cable", { a: { name: "x", namespace: web }, b: { name: "y", master: lan.bridge } });
    new Bridge("br", { addresses: lan.gateways.map((gateway) => `${gateway}/24`) }, { dependsOn: [web] });
    new Process("ping", { namespace: lan.hosts.db, command: ["ping", pulumi.interpolate`${web.address}`] });
    for (const node of [web, lan.hosts.db]) new Host(`${node.name}-2`);
  });
  expect(said).toEqual([expect.stringMatching(/^Lan lan: networks: "10\.8\.0\.0\/33" is not a network/)]);
});

test("all errors of a component's arguments are reported, each as an error of its own", async () => {
  const lan = () =>
    new Lan<string>("lan", {
      networks: ["10.8.0.0/24"],
      gateways: ["10.9.0.1"],
      hosts: ["a", "a", { name: "b", addresses: ["10.9.0.2"] }],
      pairs: [{ from: "a", to: "c", netem: { delay: 1 } }],
    });
  expect(await errorsOf(lan)).toEqual([
    expect.stringMatching(/^Lan lan: gateways: the gateway cannot have "10\.9\.0\.1"/),
    "Lan lan: hosts: a is listed twice",
    expect.stringMatching(/^Lan lan: hosts: b cannot have "10\.9\.0\.2"/),
    "Lan lan: pairs: c is not one of the hosts: a, a, b",
  ]);
  const link = () =>
    new Link("link", { a: new Host("a"), b: new Host("b"), networks: ["10.0.0.0/33"], vlan: 5000, mtu: 9 });
  expect(await errorsOf(link)).toEqual([
    expect.stringMatching(/^Link link: mtu: 9 is not an MTU/),
    expect.stringMatching(/^Link link: vlan: 5000 is not a VLAN ID/),
    expect.stringMatching(/^Link link: networks: "10\.0\.0\.0\/33" is not a network/),
  ]);
  const forward = { port: 80, to: "10.0.0.80" };
  const router = () => new Router("r", { layer: 100, portForwards: [forward, { ...forward, to: "10.0.0.81" }] });
  expect(await errorsOf(router)).toEqual([
    expect.stringMatching(/^Router r: layer: 100 is not a layer of the picture/),
    expect.stringMatching(/^Router r: portForwards: /),
  ]);
});

test("the engine gets no resource that a program declares after an error", async () => {
  const printed = vi.spyOn(console, "error");
  const said = await failure(() => {
    new Host("node", { name: "a/b" });
    new Namespace("red");
  });
  expect(said).toMatch(/^Error: Host node: name: "a\/b" is not a namespace name/);
  expect(printed).not.toHaveBeenCalled();
  printed.mockRestore();
  expect(await host.run("ip", "netns", "list")).toBe("");
});
