import { expect, test } from "vitest";
import { Bridge, Host, Lan, Link, Namespace, Router, Trunk } from "../../sdk/index.ts";
import { edit, labHostForEachTest } from "../support/edited.ts";

labHostForEachTest();

/** Arguments of a program without type checking. */
const untyped = (args: unknown) => args as never;

test("a component rejects an argument of a wrong type, and the error names it", async () => {
  let said: string[] = [];
  await edit(() => {
    let count = 0;
    const wrong = () => `wrong-${(count += 1)}`;
    const [red, node] = [new Namespace("red"), new Host("node")];
    const lan = new Lan("lan", { networks: ["10.9.0.0/24"], hosts: [] });
    const lanWith = (args: object) => () => new Lan(wrong(), untyped({ networks: ["10.8.0.0/24"], ...args }));
    const mistakes = [
      lanWith({ network: "10.8.0.0/24" }),
      lanWith({ networks: undefined }),
      lanWith({ networks: "10.8.0.0/24" }),
      lanWith({ hosts: { a: {} } }),
      lanWith({ hosts: ["a", 5] }),
      lanWith({ hosts: ["a", node] }),
      lanWith({ hosts: [{ name: "a", address: "10.8.0.3" }] }),
      lanWith({ router: "edge" }),
      lanWith({ router: red }),
      lanWith({ members: [red] }),
      lanWith({ pairs: [{ from: "a" }] }),
      () => lan.join(untyped(new Bridge("br"))),
      () => lan.join(node, untyped({ addreses: ["10.9.0.7"] })),
      () => new Link(wrong(), untyped({ a: node, b: red, networks: ["10.7.0.0/31"] })),
      () => new Link(wrong(), untyped({ a: node, b: node, networks: ["10.7.0.0/31"], gateway: "node" })),
      () => new Link(wrong(), { a: node, b: node, networks: ["10.7.0.0/31"] }),
      () => new Router(wrong(), untyped({ nat: "yes", firewall: "statefull" })),
      () => new Router(wrong(), untyped({ firewall: { inputs: [] } })),
      () => new Router(wrong(), untyped({ portForwards: [{ port: 80, to: "10.9.0.3", protocol: "icmp" }] })),
      () => new Host(wrong(), untyped("red")),
      () => new Host(wrong(), untyped({ host: "lab2" })),
      () => new Trunk(wrong(), untyped({ a: lan, b: "br" })),
    ];
    said = mistakes.map(messageOf);
  });
  expect(said).toEqual([
    expect.stringMatching(/^network: unknown argument; did you mean networks\? expected one of: networks, gateways, /),
    "networks: missing required argument",
    'networks: "10.8.0.0/24" is not a list of networks, e.g. ["192.168.15.0/24", "fd00:15::/64"]',
    'hosts: {"a":{}} is not a list',
    expect.stringMatching(/^hosts\.1: 5 is not an object with name, host, addresses, /),
    expect.stringMatching(
      /^hosts\.1: a Host exists already; .*, and members takes existing ones, e\.g\. members: \[gw\]$/,
    ),
    expect.stringMatching(/^hosts\.0\.address: unknown argument; did you mean addresses\? /),
    'router: "edge" is not a Host or a Router; give the object itself',
    "router: a Namespace is not a Host or a Router; give the object itself",
    expect.stringMatching(/^members\.0: a Namespace is not a Host or a Router/),
    "pairs.0.to: missing required argument",
    "join: node: a Bridge is not a Host or a Router; give the object itself",
    expect.stringMatching(/^join: addreses: unknown argument; did you mean addresses\? /),
    "b: a Namespace is not a Host or a Router; give the object itself",
    'gateway: "node" is not "a" or "b"',
    expect.stringMatching(/^b: \w+ is the end a already; connect two nodes, or use a Veth /),
    'nat: "yes" is not true or false\nfirewall: "statefull" is not "stateful"',
    expect.stringMatching(/^firewall\.inputs: unknown argument; did you mean input\? /),
    'portForwards.0.protocol: "icmp" is not "tcp" or "udp" or "sctp"',
    expect.stringMatching(/^"red" is not an object with name, host, layer$/),
    'host: "lab2" is not a LabHost; give the object itself',
    'b: "br" is not a Bridge, a Lan, a Host or a Router; give the object itself\nvlans: missing required argument',
  ]);
});

function messageOf(mistake: () => unknown): string {
  try {
    mistake();
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
