import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { undeclaredIn } from "../../inspect/undeclared.ts";
import { svg } from "../../picture/svg.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { overlayUndeclared } from "../../picture/undeclared-overlay.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { drawn } from "../picture/samples.ts";
import { openLocalStack } from "../support/local-stack.ts";
import { pingFrom } from "../support/ping.ts";

let host: Sandbox;

beforeEach(async () => {
  host = await sandbox();
});

afterEach(() => host[Symbol.asyncDispose]());

/** A router with a DHCP server, which is declared after its client, and another host. */
const program = (phone: string) => `
  import { Hosts, Lan, Process, Router } from "pulumi-netns";
  const router = new Router("router");
  const wan = new Lan("wan", { networks: ["203.0.113.0/24"], router, hosts: ["site"] });
  const lan = new Lan("lan", {
    networks: ["10.4.0.0/24", "fd00:4::/64"], router, hosts: [{ name: "phone", interface: "wlan0", ${phone} }, "nas"],
  });
  new Process("dnsmasq", {
    namespace: router,
    files: {
      "dnsmasq.conf": "log-facility=-\\nno-resolv\\nno-hosts\\ndhcp-range=10.4.0.100,10.4.0.150,1h\\ndhcp-authoritative\\nleasefile-ro\\n",
    },
    command: ["dnsmasq", "--no-daemon", "--conf-file=dnsmasq.conf"],
    ready: { log: "DHCP, IP range" },
  });
  export const site = wan.hosts.site.address;
  export const address = lan.hosts.phone.address;
`;

const NAMESPACES = ["phone", "nas"].map((name) => drawn("Namespace", name, { name }, { outputs: { name } }));
const WIRE = drawn("Veth", "lan-phone", { a: { name: "wlan0", namespace: "phone" }, b: { name: "lan-phone" } });
/** Returns the leases and the routes that no resource declares. */
const found = async () => {
  const view = { project: "dhcp", stack: "dev", resources: NAMESPACES };
  const { addresses, routes } = await undeclaredIn(linux(host.enter, host.root), view);
  return { addresses: addresses.filter(({ seconds }) => seconds !== undefined), routes };
};

test("a host of a Lan gets its address and its default route by DHCP, which are no drift", async () => {
  const before = await traces(host);
  const stack = openLocalStack(host, "dhcp");
  stack.program(program("dhcp: true"));
  const planned = await stack.preview();
  expect(planned).toContain("create Process lan-phone-dhcp");
  expect(await stack.up()).toEqual(planned);
  // The program knows its IPv6 address.
  expect(stack.output("address")).toMatch(/^fd00:4::/);

  await expect
    .poll(async () => (await found()).routes, { timeout: 60_000 })
    .toEqual([{ place: "phone", protocol: "dhcp", family: "inet", text: "default via 10.4.0.1" }]);
  const { addresses } = await found();
  expect(addresses).toEqual([
    {
      ...{ place: "phone", link: "wlan0", address: expect.stringMatching(/^10\.4\.0\.1[0-5]\d\/24$/) },
      seconds: expect.any(Number),
    },
  ]);
  const [{ address = "", seconds = 0 } = {}] = addresses;
  expect(seconds).toBeGreaterThan(3000);
  expect(seconds).toBeLessThanOrEqual(3600);
  await pingFrom(host, "phone", String(stack.output("site")));
  await pingFrom(host, "nas", address.replace("/24", ""));
  // The server resolves the name of its client.
  const asked = await host.try("ip", "netns", "exec", "nas", "busybox", "nslookup", "phone", "10.4.0.1");
  expect(asked.stdout).toContain(address.replace("/24", ""));

  expect(await stack.refresh()).toEqual([]);
  expect(await stack.up()).toEqual([]);
  const picture = await svg(overlayUndeclared(topologyOf([...NAMESPACES, WIRE]), await found()), "lab");
  for (const text of [`• ${address}<`, "• default via 10.4.0.1<", "• 2 not declared<"]) expect(picture).toContain(text);

  stack.program(program(""));
  expect(await stack.up()).toEqual(["delete Process lan-phone-dhcp", "update Veth lan-phone"]);
  await expect.poll(found, SOON).toEqual({ addresses: [], routes: [] });
  await pingFrom(host, "phone", String(stack.output("site")));
  expect(await stack.refresh()).toEqual([]);
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test("a host keeps the address of its lease when the program declares it", async () => {
  const stack = openLocalStack(host, "dhcp");
  stack.program(program("dhcp: true"));
  await stack.up();
  await expect.poll(async () => (await found()).addresses, { timeout: 60_000 }).toHaveLength(1);
  const [{ address = "" } = {}] = (await found()).addresses;
  stack.program(program(`addresses: ["${address.replace("/24", "")}"]`));
  await stack.up();
  const [link] = await host.ip("-n", "phone", "-4", "address", "show", "dev", "wlan0");
  expect(link.addr_info).toMatchObject([{ local: address.replace("/24", ""), valid_life_time: 2 ** 32 - 1 }]);
  expect(await stack.refresh()).toEqual([]);
  await stack.destroy();
});

test("the kernel prefers a declared default route to that of a lease", async () => {
  const stack = openLocalStack(host, "dhcp");
  stack.program(`${program("dhcp: true")}
    const uplink = new Lan("uplink", { networks: ["198.51.100.0/24"] });
    uplink.join(lan.hosts.phone);
  `);
  await stack.up();
  await expect.poll(async () => (await found()).routes, { timeout: 60_000 }).toHaveLength(1);
  const [first, second] = await host.ip("-n", "phone", "route", "show", "default");
  expect([first.gateway, second.gateway]).toEqual(["198.51.100.1", "10.4.0.1"]);
  expect(await stack.refresh()).toEqual([]);
  await stack.destroy();
});

/** Returns the configuration and the command of a DHCP server for a network. */
const servers = {
  dnsmasq: (net: string) => ({
    text: `log-facility=-\nport=0\ndhcp-range=${net}.100,${net}.150,1h\ndhcp-authoritative\nleasefile-ro\n`,
    command: ["dnsmasq", "--no-daemon", "--conf-file=server.conf"],
  }),
  // udhcpd answers with addresses of its range, whatever the address of its interface is.
  udhcpd: (net: string) => ({
    text: `start ${net}.100\nend ${net}.150\ninterface lan\nlease_file leases\noption subnet 255.255.255.0\noption router ${net}.1\n`,
    command: ["busybox", "udhcpd", "-f", "server.conf"],
  }),
};

const renumbered = ({ text, command }: ReturnType<typeof servers.udhcpd>, net: string) => `
  import { Lan, Process, Router } from "pulumi-netns";
  const router = new Router("router");
  new Lan("lan", { networks: ["${net}.0/24"], router, hosts: [{ name: "phone", interface: "wlan0", dhcp: true }] });
  const files = { "server.conf": ${JSON.stringify(text)} };
  new Process("server", { namespace: router, files, command: ${JSON.stringify(command)} });
`;

test.each(Object.entries(servers))("a client of %s has a new lease after its Lan is renumbered", async (_, server) => {
  const before = await traces(host);
  const stack = openLocalStack(host, "dhcp");
  const lease = async () => (await found()).addresses.map(({ address }) => address);
  stack.program(renumbered(server("10.4.0"), "10.4.0"));
  await stack.up();
  await expect.poll(lease, { timeout: 60_000 }).toEqual([expect.stringMatching(/^10\.4\.0\.1[0-5]\d\/24$/)]);

  stack.program(renumbered(server("10.6.0"), "10.6.0"));
  expect(await stack.up()).toEqual([
    "update Process lan-phone-dhcp",
    "update Process server",
    "update Veth lan-router",
  ]);
  await expect.poll(lease, SOON).toEqual([expect.stringMatching(/^10\.6\.0\.1[0-5]\d\/24$/)]);
  const routes = [{ place: "phone", protocol: "dhcp", family: "inet", text: "default via 10.6.0.1" }];
  await expect.poll(async () => (await found()).routes, SOON).toEqual(routes);
  expect(await stack.refresh()).toEqual([]);
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test("a client gives back a lease of another network, and asks until the server is the right one", async () => {
  const stack = openLocalStack(host, "dhcp");
  const lease = async () => (await found()).addresses.map(({ address }) => address);
  stack.program(renumbered(servers.udhcpd("10.4.0"), "10.6.0"));
  await stack.up();
  await expect.poll(lease, { timeout: 60_000 }).toEqual([expect.stringMatching(/^10\.4\.0\.1[0-5]\d\/24$/)]);
  stack.program(renumbered(servers.udhcpd("10.6.0"), "10.6.0"));
  expect(await stack.up()).toEqual(["update Process server"]);
  await expect.poll(lease, SOON).toEqual([expect.stringMatching(/^10\.6\.0\.1[0-5]\d\/24$/)]);
  await stack.destroy();
});

test("a Lan without a server gives a warning", async () => {
  using warned = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  const stack = openLocalStack(host, "dhcp");
  stack.program(`
    import { Lan } from "pulumi-netns";
    new Lan("lan", { networks: ["10.4.0.0/24"], hosts: [{ name: "phone", dhcp: true }] });
  `);
  await stack.preview();
  expect(warned.mock.calls.map(([text]) => text)).toEqual([
    expect.stringMatching(/^no-dhcp-server: phone\/lan gets no address: Process lan-phone-dhcp /),
  ]);
});

test.each([
  [`dhcp: true, addresses: ["10.4.0.9"]`, "", /hosts: phone has dhcp: true and the IPv4 address 10\.4\.0\.9/],
  [
    "",
    `lan.join(new Router("inner", { portForwards: [{ port: 80, to: "10.9.0.2" }] }), { dhcp: true });`,
    /portForwards: .* lan has dhcp: true\. Give the router an address there/,
  ],
])("%s%s is an error", async (phone, more, message) => {
  const stack = openLocalStack(host, "dhcp");
  stack.program(program(phone) + more);
  await expect(stack.preview()).rejects.toThrow(message);
});
