import { expect, test } from "vitest";
import { Lan, Link, type PortForward, Route, Router } from "../../sdk/index.ts";
import { edit, host, labHostForEachTest } from "../support/edited.ts";
import { pingFrom, pings } from "../support/ping.ts";

labHostForEachTest();

//  anna, web ─ office ─ edge ─ internet ─ client
const lab = (portForwards: readonly PortForward[]) => () => {
  const edge = new Router("edge", { nat: true, firewall: "stateful", portForwards });
  const hosts = ["anna", { name: "web", addresses: ["10.1.0.10", "fd00:1::10"] }];
  new Lan("office", { networks: ["10.1.0.0/24", "fd00:1::/64"], router: edge, hosts });
  const provider = new Router("provider");
  const internet = new Lan("internet", {
    networks: ["203.0.113.0/24", "2001:db8::/64"],
    router: provider,
    hosts: [{ name: "client", addresses: ["203.0.113.9", "2001:db8::9"] }],
  });
  internet.join(edge, { addresses: ["203.0.113.5", "2001:db8::5"] });
};

const WEB: PortForward = { port: 80, to: "10.1.0.10", toPort: 8080 };

/** Runs a server in `web` on port 8080, and returns the address from which a client reaches it; none if it does not. */
async function seenFrom(client: string, address: string, port: number): Promise<string> {
  const server = host.try("ip", "netns", "exec", "web", "python3", "-c", SERVE);
  await host.try("ip", "netns", "exec", client, "python3", "-c", CONNECT, address, String(port));
  return (await server).stdout.trim();
}

/** The server listens for both families, so it sees IPv4 addresses in the form of IPv6. */
const SERVE = `
import socket
server = socket.create_server(("", 8080), family=socket.AF_INET6, dualstack_ipv6=True)
server.settimeout(3)
try: print(server.accept()[1][0].removeprefix("::ffff:"))
except TimeoutError: print("none")`;

/** The client tries again as long as the server does not listen yet. */
const CONNECT = `
import errno, socket, sys, time
for _ in range(40):
    client = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
    client.settimeout(1)
    if client.connect_ex((sys.argv[1], int(sys.argv[2]))) != errno.ECONNREFUSED: break
    time.sleep(0.1)`;

test("a forwarded port is reached from outside and inside, through the firewall", async () => {
  await edit(lab([]));
  expect(await edit(lab([WEB]))).toEqual([
    "create NatRule edge-forward-tcp-80-internet",
    "create NatRule edge-hairpin-tcp-80-office",
    "update FilterChain edge-forward-internet",
    "update NatRule edge-nat-internet",
  ]);
  expect(await seenFrom("client", "203.0.113.5", 80)).toBe("203.0.113.9");
  // The server answers a client in its own network through the router.
  expect(await seenFrom("anna", "203.0.113.5", 80)).toBe("10.1.0.1");
  expect(await seenFrom("client", "203.0.113.5", 81)).toBe("none");

  // Two ports lead to one of the server, which the firewall lets through once.
  await edit(lab([WEB, { ...WEB, port: 8443 }]));
  for (const port of [80, 8443]) expect(await seenFrom("client", "203.0.113.5", port)).toBe("203.0.113.9");
  const ruleset = await host.run("ip", "netns", "exec", "edge", "nft", "list", "ruleset");
  expect(ruleset.match(/ip daddr 10\.1\.0\.10 tcp dport 8080 accept/g)).toHaveLength(1);

  const six: PortForward = { port: "90-91", to: "fd00:1::10", toPort: 8080 };
  await edit(lab([six]));
  expect(await seenFrom("client", "2001:db8::5", 91)).toBe("2001:db8::9");
  expect(await seenFrom("client", "203.0.113.5", 80)).toBe("none");
  await edit(lab([]));
  expect(await host.run("ip", "netns", "exec", "edge", "nft", "list", "ruleset")).not.toContain("dnat");
});

//  anna, web ─ office ─ edge ─ first ─ client
//                          └── second ─ other
test("a second uplink is filtered and translated like the first, although the router keeps its default route", async () => {
  await edit(() => {
    const edge = new Router("edge", { nat: true, firewall: "stateful", portForwards: [WEB] });
    const hosts = ["anna", { name: "web", addresses: ["10.1.0.10"] }];
    new Lan("office", { networks: ["10.1.0.0/24"], router: edge, hosts });
    for (const [name, network, client] of [
      ["first", "203.0.113.0/24", "client"],
      ["second", "198.51.100.0/24", "other"],
    ] as const) {
      const router = new Router(`${name}-provider`);
      const outside = (host: number) => network.replace("0/24", String(host));
      const uplink = new Lan(name, { networks: [network], router, hosts: [{ name: client, addresses: [outside(9)] }] });
      uplink.join(edge, { addresses: [outside(5)] });
      const { namespace } = uplink.hosts[client];
      new Route(`${client}-office`, { namespace, destination: "10.1.0.0/24", via: outside(5) });
    }
  });
  const ruleset = await host.run("ip", "netns", "exec", "edge", "nft", "list", "ruleset");
  for (const uplink of ["first", "second"]) expect(ruleset).toContain(`oifname "${uplink}" masquerade`);
  for (const [client, outside] of [
    ["client", "203.0.113.5"],
    ["other", "198.51.100.5"],
  ] as const) {
    expect(await seenFrom(client, outside, 80)).toBe(outside.replace(/5$/, "9"));
    await pingFrom(host, client, "10.1.0.1");
    expect(await pings(host, client, "10.1.0.10")).toBe(false);
  }
});

//  anna ─ clients ─ fw ─ transit ─ edge ─ internet ─ client
//  web ── servers ──┘
test.each<[string, (a: Router, b: Router) => unknown]>([
  ["a LAN without gateways", (...members) => new Lan("transit", { ...TRANSIT, gateways: [], members })],
  ["a link", (a, b) => new Link("transit", { a, b, ...TRANSIT })],
])("clients behind a further router reach a server there by the outside address, over %s", async (_, connect) => {
  const steps = await edit(() => {
    const [edge, fw, provider] = [
      new Router("edge", { nat: true, portForwards: [{ ...WEB, to: "10.0.10.80" }] }),
      new Router("fw"),
      new Router("provider"),
    ];
    connect(edge, fw);
    const servers = [{ name: "web", addresses: ["10.0.10.80"] }];
    new Lan("servers", { networks: ["10.0.10.0/24"], router: fw, hosts: servers });
    new Lan("clients", { networks: ["10.0.20.0/24"], router: fw, hosts: ["anna"] });
    const hosts = [{ name: "client", addresses: ["203.0.113.9"] }];
    const internet = new Lan("internet", { networks: ["203.0.113.0/24"], router: provider, hosts });
    internet.join(edge, { addresses: ["203.0.113.5"] });
    new Route("inside", { namespace: edge.namespace, destination: "10.0.0.0/16", via: fw.addresses[0]! });
    new Route("out", { namespace: fw.namespace, destination: "default", via: edge.addresses[0]! });
  });
  expect(steps).toContain("create NatRule edge-hairpin-tcp-80-transit");
  const [{ addr_info: addresses }] = await host.ip("-n", "edge", "-4", "address", "show", "dev", "transit");
  expect(await seenFrom("anna", "203.0.113.5", 80)).toBe(addresses[0].local);
  expect(await seenFrom("client", "203.0.113.5", 80)).toBe("203.0.113.9");
});

const TRANSIT = { networks: ["10.0.0.0/24"] };

test.each<[string, PortForward[], string]>([
  [
    "an address with a prefix length",
    [{ port: 80, to: "10.1.0.10/24" }],
    'portForwards[0].to: "10.1.0.10/24" is not a host address: it has a prefix length, which is not allowed here',
  ],
  [
    "an address with a port",
    [WEB, { port: 81, to: "10.1.0.10:8080" }],
    'portForwards[1].to: "10.1.0.10:8080" is not a host address: it includes a port; remove ":8080" and set the port in its own argument',
  ],
  [
    "a port with its protocol",
    [{ ...WEB, port: "80/tcp" }],
    'portForwards[0].port: "80/tcp" is not a port from 1 to 65535, or a range of them: the protocol is an argument of its own: write 80, and protocol: "tcp"',
  ],
  [
    "a range of ports that ends before it begins",
    [{ ...WEB, port: "90-80" }],
    'portForwards[0].port: "90-80" is not a port from 1 to 65535, or a range of them: the range ends before it begins',
  ],
  [
    "a server's port that does not exist",
    [{ ...WEB, toPort: 99999 }],
    "portForwards[0].toPort: 99999 is not a port from 1 to 65535, or a range of them: 99999 is greater than 65535",
  ],
  [
    "a port that is forwarded twice",
    [WEB, { ...WEB, to: "10.1.0.11" }],
    "portForwards: port 80 of tcp is forwarded twice: to 10.1.0.10, port 8080 and to 10.1.0.11, port 8080\n  help: remove one of them",
  ],
])("%s is an error of the router", async (_, forwards, message) => {
  await expect(edit(lab(forwards))).rejects.toThrow(message);
});
