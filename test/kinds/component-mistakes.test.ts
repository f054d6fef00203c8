import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { Bridge, Host, Lan, type LanArgs, Link, Namespace, Router, Trunk } from "../../sdk/index.ts";
import { edit, engineOf, failure, labHostForEachTest, succeeds } from "../support/edited.ts";
import { errorsOf as titledErrorsOf } from "../support/errors-of.ts";

labHostForEachTest();

/** Arguments of a program without type checking. */
const untyped = (args: unknown) => args as never;

test("a component rejects an argument of a wrong type, and the error names it", async () => {
  const said = await errorsOf(() => {
    const { wrong, lanWith, linkWith, one: node } = mistaken();
    const red = new Namespace("red");
    const lan = new Lan("lan", { networks: ["10.9.0.0/24"], hosts: [] });
    runAll([
      lanWith({ network: "10.8.0.0/24" }),
      lanWith({ networks: undefined }),
      lanWith({ networks: "10.8.0.0/24" }),
      lanWith({ hosts: { a: {} } }),
      lanWith({ hosts: ["a", 5] }),
      lanWith({ hosts: ["a", node] }),
      lanWith({ hosts: [{ name: "a", address: "10.8.0.3" }] }),
      lanWith({ router: "edge" }),
      lanWith({ router: red }),
      lanWith({ members: [red, "edge", node.namespace.name] }),
      lanWith({ members: [{ nodes: node }] }),
      lanWith({ pairs: [{ from: "a" }] }),
      () => lan.join(untyped(new Bridge("br"))),
      () => lan.join(node, untyped({ addreses: ["10.9.0.7"] })),
      linkWith({ b: red, networks: ["10.7.0.0/31"] }),
      linkWith({ networks: ["10.7.0.0/31"], gateway: "node" }),
      linkWith({ b: node, networks: ["10.7.0.0/31"] }),
      linkWith({ delay: "20ms" }),
      lanWith({ loss: "1%", host: ["a"] }),
      () => new Router(wrong(), untyped({ nat: "yes", firewall: "statefull" })),
      () => new Router(wrong(), untyped({ firewall: { inputs: [] } })),
      () => new Router(wrong(), untyped({ portForwards: [{ port: 80, to: "10.9.0.3", protocol: "icmp" }] })),
      () => new Host(wrong(), untyped("red")),
      () => new Host(wrong(), untyped({ host: "lab2" })),
      () => new Trunk(wrong(), untyped({ a: lan, b: "br" })),
    ]);
  });
  expect(said).toEqual([
    expect.stringMatching(/^network: unknown argument; did you mean networks\? expected one of: networks, gateways, /),
    'networks: missing required argument: a list of networks, e.g. ["192.168.15.0/24", "fd00:15::/64"]',
    'networks: "10.8.0.0/24" is not a list of networks, e.g. ["192.168.15.0/24", "fd00:15::/64"]',
    'hosts: {"a":{}} is not a list of hosts, e.g. ["web", "db"]',
    expect.stringMatching(/^hosts\[1\]: 5 is not an object with name, host, addresses, /),
    expect.stringMatching(
      /^hosts\[1\]: a Host exists already; .*, and members takes existing ones, e\.g\. members: \[gw\]$/,
    ),
    expect.stringMatching(/^hosts\[0\]\.address: unknown argument; did you mean addresses\? /),
    'router: "edge" is not a Host or a Router; give the object itself, e.g. new Router("edge")',
    'router: a Namespace is not a Host or a Router; give the object itself, e.g. new Router("edge")',
    'members[0]: a Namespace is not a Host or a Router; give the object itself, e.g. new Router("edge")',
    'members[1]: "edge" is not a Host or a Router; give the object itself, e.g. new Router("edge")',
    'members[2]: an Output is not a Host or a Router; give the object itself, e.g. new Router("edge")',
    expect.stringMatching(/^members\[0\]\.node: missing required argument: /),
    expect.stringMatching(/^members\[0\]\.nodes: unknown argument; did you mean node\? /),
    'pairs[0].to: missing required argument: the name of the host, e.g. "web"',
    'join: node: a Bridge is not a Host or a Router; give the object itself, e.g. new Router("edge")',
    expect.stringMatching(/^join: addreses: unknown argument; did you mean addresses\? /),
    'b: a Namespace is not a Host or a Router; give the object itself, e.g. new Router("edge")',
    'gateway: "node" is not "a" or "b"',
    expect.stringMatching(/^b: \w+ is the end a already; connect two nodes, or use a Veth /),
    expect.stringMatching(/^delay: unknown argument; did you mean netem\.delay\? /),
    expect.stringMatching(/^loss: unknown argument; did you mean netem\.loss\? .*; also unknown: host$/),
    'nat: "yes" is not true or false',
    'firewall: "statefull" is not "stateful" or an object with forward and input, e.g. { forward: [{ action: "accept", … }] }',
    expect.stringMatching(/^firewall\.inputs: unknown argument; did you mean input\? /),
    'portForwards[0].protocol: "icmp" is not "tcp" or "udp" or "sctp"',
    expect.stringMatching(/^"red" is not an object with name, host, layer$/),
    'host: "lab2" is not a LabHost; give the object itself, e.g. new LabHost("lab1", { ssh: "root@192.0.2.1" })',
    'b: "br" is not a Bridge, a Lan, a Host or a Router; give the object itself, e.g. new Bridge("br0")',
    'vlans: missing required argument: the VLANs, e.g. [10, "20-29"]',
  ]);
});

test("a component rejects an Output, a list in one text and overlapping networks where it computes with the texts", async () => {
  const said = await errorsOf(() => {
    const { wrong, lanWith, linkWith } = mistaken();
    const later = pulumi.output("10.8.0.0/24");
    runAll([
      lanWith({ networks: [later] }),
      lanWith({ networks: later }),
      lanWith({ gateways: [later] }),
      lanWith({ hosts: [{ name: later }] }),
      lanWith({ hosts: [{ name: "a", addresses: [later], interface: later }] }),
      linkWith({ networks: [later] }),
      linkWith({ addresses: { a: [later], b: [] } }),
      linkWith({ interfaces: { a: later, b: "x" } }),
      lanWith({ networks: ["10.8.0.0/24, fd00:8::/64"] }),
      lanWith({ networks: "10.8.0.0/24 fd00:8::/64" }),
      lanWith({ hosts: [{ name: "a", addresses: ["10.8.0.7, 10.8.0.8"] }] }),
      linkWith({ addresses: { a: ["10.7.0.1/24 fd00::1/64"], b: [] } }),
      lanWith({ networks: ["10.8.0.0/24", "10.8.0.0/25"], gateways: [] }),
      linkWith({ networks: ["10.8.0.128/25", "10.8.0.0/24"] }),
      () => new Router(wrong(), untyped({ portForwards: { port: 80, to: "10.9.0.3" } })),
    ]);
  });
  const noOutput =
    "needs a plain value, not an Output, since names and addresses are computed before resources are created; use a constant, or a value of the configuration";
  expect(said).toEqual([
    `networks[0]: ${noOutput}`,
    `networks: ${noOutput}`,
    `gateways[0]: ${noOutput}`,
    `hosts[0].name: ${noOutput}`,
    `hosts[0].addresses[0]: ${noOutput}`,
    `hosts[0].interface: ${noOutput}`,
    `networks[0]: ${noOutput}`,
    `addresses.a[0]: ${noOutput}`,
    `interfaces.a: ${noOutput}`,
    'networks[0]: "10.8.0.0/24, fd00:8::/64" is a list in one text; write ["10.8.0.0/24", "fd00:8::/64"]',
    'networks: "10.8.0.0/24 fd00:8::/64" is a list in one text; write ["10.8.0.0/24", "fd00:8::/64"]',
    'hosts[0].addresses[0]: "10.8.0.7, 10.8.0.8" is a list in one text; write ["10.8.0.7", "10.8.0.8"]',
    'addresses.a[0]: "10.7.0.1/24 fd00::1/64" is a list in one text; write ["10.7.0.1/24", "fd00::1/64"]',
    'networks: "10.8.0.0/24" and "10.8.0.0/25" overlap. Leave one of them out; usually there is one network for each family',
    'networks: "10.8.0.128/25" and "10.8.0.0/24" overlap. Leave one of them out; usually there is one network for each family',
    'portForwards: {"port":80,"to":"10.9.0.3"} is not a list of port forwards, e.g. [{ port: 80, to: "10.0.0.80" }]',
  ]);
});

test("a component rejects an invalid value that it passes on to several resources once, by the rules of their argument", async () => {
  const said = await errorsOf(() => {
    const { wrong, lanWith, linkWith, trunkWith, one } = mistaken();
    const lan = new Lan("lan", { networks: ["10.9.0.0/24"] });
    runAll([
      lanWith({ mtu: 9 }),
      lanWith({ vlan: 5000, mtu: "big" }),
      lanWith({ vlan: 0 }),
      lanWith({ vni: 2 ** 24 }),
      lanWith({ netem: { delay: "20", los: "1%" } }),
      lanWith({ hosts: [{ name: "c", netem: { loss: "120%" } }] }),
      () => lan.join(one, { netem: { rate: "10mbps" } }),
      linkWith({ mtu: 9 }),
      linkWith({ vlan: 5000 }),
      linkWith({ netem: { delay: "20" } }),
      linkWith({ netem: { a: { delay: "20ms" }, b: { delay: "20" } } }),
      trunkWith({ vlans: [10, 5000] }),
      trunkWith({ vlans: [10], mtu: 9 }),
      () => new Router(wrong(), untyped({ name: "a/b", layer: 100 })),
      () => new Router(wrong(), untyped({ firewall: { forward: [{ action: "acept" }] } })),
    ]);
  });
  const delay = 'delay: "20" is not a delay: it is text without a unit; write it with one, such as "20ms"';
  expect(said).toEqual([
    "mtu: 9 is not an MTU in bytes: it is less than 68",
    "vlan: 5000 is not a VLAN ID: it is greater than 4094",
    'mtu: "big" is not an MTU in bytes: a whole number from 68 to 65535, e.g. 1500',
    "vlan: 0 is not a VLAN ID: it is less than 1",
    "vni: 16777216 is not a VXLAN network identifier: it is greater than 16777215",
    `netem.${delay}`,
    expect.stringMatching(/^netem\.los: unknown argument; did you mean loss\? /),
    'hosts[0].netem.loss: "120%" is not a share of packets: it is greater than 100 %',
    expect.stringMatching(/^join: netem\.rate: "10mbps" is not a rate: /),
    "mtu: 9 is not an MTU in bytes: it is less than 68",
    "vlan: 5000 is not a VLAN ID: it is greater than 4094",
    `netem.${delay}`,
    `netem.b.${delay}`,
    expect.stringMatching(/^vlans: \[10,5000\] is not a list of VLANs: 5000 is not a VLAN ID from 1 to 4094 /),
    "mtu: 9 is not an MTU in bytes: it is less than 68",
    'name: "a/b" is not a namespace name: it contains "/"',
    "layer: 100 is not a layer of the picture: it is greater than 99",
    expect.stringMatching(
      /^firewall\.forward\[0\]\.action: "acept" is not one of "accept", .* did you mean "accept"\?$/,
    ),
  ]);
});

test("a component accepts values that are known later, and the error about one of them is that of its resources", async () => {
  const later = <T>(value: T) => pulumi.output(value);
  const labWith = (args: Pick<LanArgs, "mtu" | "netem">) => () => {
    new Lan("lan", { networks: ["10.8.0.0/24"], hosts: ["a"], ...args });
    new Link("link", { a: new Host("b"), b: new Host("c"), networks: ["10.7.0.0/31"], ...args });
  };
  await edit(labWith({ mtu: later(1400) }));
  succeeds(await engineOf().preview(labWith({ mtu: later(1400), netem: { delay: later("20ms"), loss: "1%" } })));
  expect(await failure(labWith({ mtu: later(9) }))).toMatch(/mtu: 9 is not an MTU in bytes/);
});

/** Returns the errors of a program without the components that they name. */
const errorsOf = async (program: () => void): Promise<string[]> =>
  (await titledErrorsOf(program)).map((text) => text.replaceAll(/^[A-Z]\w+ (?:wrong-\d+|lan): /gm, ""));

/** Returns functions that create components with wrong arguments. */
function mistaken() {
  let count = 0;
  const wrong = () => `wrong-${(count += 1)}`;
  const [one, other] = [new Host("one"), new Host("other")];
  const ends = { a: one, b: other };
  return {
    wrong,
    one,
    lanWith: (args: object) => () =>
      new Lan(wrong(), untyped({ networks: ["10.8.0.0/24"], hosts: ["a", "b"], ...args })),
    linkWith: (args: object) => () => new Link(wrong(), untyped({ ...ends, ...args })),
    trunkWith: (args: object) => () => new Trunk(wrong(), untyped({ ...ends, ...args })),
  };
}

function runAll(mistakes: readonly (() => unknown)[]): void {
  for (const mistake of mistakes) mistake();
}
