// @kernel vlan, vlan-filtering
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { openLocalStack } from "../support/local-stack.ts";
import { pingOnce, pings } from "../support/ping.ts";

let host: Sandbox;

beforeEach(async () => {
  host = await sandbox();
});

afterEach(() => host[Symbol.asyncDispose]());

/** Returns the VLANs of the ports of a bridge. */
const vlans = async (...at: string[]) =>
  Object.fromEntries(
    JSON.parse(await host.run("bridge", ...at, "-json", "vlan", "show")).map((port: any) => [
      port.ifname,
      port.vlans.map(({ vlan, flags }: any) => (flags === undefined ? vlan : `${vlan} untagged`)),
    ]),
  );

const switches = (trunk: string, more = "") => `
  import { Bridge, Host, Lan, Link, Namespace, Router, Trunk } from "pulumi-netns";
  const upper = new Bridge("upper", { vlanFiltering: true, vlanDefaultPvid: 0, vlans: [30] });
  const lower = new Bridge("lower", { namespace: new Namespace("sw"), vlanFiltering: true, vlanDefaultPvid: 0 });
  new Trunk("trunk", { a: upper, b: lower, vlans: ${trunk} });
  const router = new Router("router");
  const stick = new Trunk("stick", { a: router, b: lower, vlans: [10, 20], mtu: 1400 });
  const sales = new Lan("sales", {
    networks: ["10.0.10.0/24"], vlan: 10, bridge: upper, router, trunk: stick,
    hosts: [{ name: "anna", addresses: ["10.0.10.11"] }, { name: "carla", addresses: ["10.0.10.12"], bridge: lower }],
  });
  new Lan("lab", {
    networks: ["10.0.20.0/24"], vlan: 20, bridge: sales, router, trunk: stick, mtu: 1400,
    hosts: [{ name: "ben", addresses: ["10.0.20.11"] }],
  });
  // The gateway of this one is the lab host.
  const guests = new Lan("guests", { networks: ["10.0.30.0/24"], vlan: 30, bridge: upper });
  guests.join(new Host("guest"), { addresses: ["10.0.30.7"] });
  ${more}
`;

//   anna 10 ┐                        ┌ 10 carla      router ─ sales, lab on stick
//   ben  20 ┼─ upper ══ trunk ══ lower ══ stick ══ router
//   guest 30 ┘
test("VLANs span two bridges, with hosts, a router on a trunk and a gateway on the bridge, and a trunk changes its VLANs", async () => {
  const before = await traces(host);
  const stack = openLocalStack(host, "vlans");
  stack.program(switches("[10, 20]"));
  const planned = await stack.preview();
  expect(planned).toContain("create Vlan sales-router");
  expect(planned).not.toContain("create Bridge sales");
  expect(await stack.up()).toEqual(planned);
  expect(await vlans()).toMatchObject({ trunk: [10, 20], "sales-anna": ["10 untagged"], "lab-ben": ["20 untagged"] });
  expect(await vlans("-n", "sw")).toEqual({ trunk: [10, 20], stick: [10, 20], "sales-carla": ["10 untagged"] });
  const [link] = await host.ip("-n", "router", "-details", "address", "show", "dev", "lab");
  expect(link).toMatchObject({ link: "stick", mtu: 1400, linkinfo: { info_data: { id: 20 } } });
  await pingOnce(host, "anna", "10.0.10.12", "-W3");
  await pingOnce(host, "anna", "10.0.20.11", "-W3");
  await pingOnce(host, "guest", "10.0.30.1", "-W3");
  // The tag separates the networks: an address of another VLAN on the same bridge has no answer there.
  await host.run("ip", "-n", "guest", "address", "add", "10.0.10.99/24", "dev", "guests");
  expect(await pings(host, "guest", "10.0.10.11", "-W3")).toBe(false);
  await host.run("ip", "-n", "guest", "address", "del", "10.0.10.99/24", "dev", "guests");
  expect(await stack.up()).toEqual([]);
  expect(await stack.refresh()).toEqual([]);

  stack.program(switches('["20 pvid untagged"]'));
  expect(await stack.up()).toEqual(["update Veth trunk"]);
  expect(await pings(host, "anna", "10.0.10.12", "-W3")).toBe(false);
  stack.program(switches('["1-4094"]'));
  expect(await stack.up()).toEqual(["update Veth trunk"]);
  await pingOnce(host, "anna", "10.0.10.12", "-W3");
  expect(await stack.refresh()).toEqual([]);
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test("a LAN with a VLAN can have its own bridge, and links with a VLAN share a trunk or have their own veth pair", async () => {
  const before = await traces(host);
  const stack = openLocalStack(host, "tenants");
  const program = (vids: string) => `
    import { Lan, Link, Router, Trunk } from "pulumi-netns";
    const [one, two] = [new Router("one"), new Router("two")];
    new Lan("home", { networks: ["10.4.0.0/24"], vlan: 40, hosts: [{ name: "mia", addresses: ["10.4.0.2"] }] });
    const trunk = new Trunk("wire", { a: one, b: two, vlans: ["10-30"] });
    for (const vlan of ${vids})
      new Link("tenant" + vlan, { a: two, b: one, networks: ["10.0." + vlan + ".0/31"], vlan, trunk });
    const own = new Link("own", { a: one, b: two, networks: ["10.9.0.0/31"], interfaces: { a: "left", b: "right" }, vlan: 9 });
    export const names = own.a.name;
  `;
  stack.program(program("[10, 20]"));
  await stack.up();
  expect(await vlans()).toMatchObject({ home: ["40 untagged"], "home-mia": ["40 untagged"] });
  await pingOnce(host, "mia", "10.4.0.1", "-W3");
  const shown = async (dev: string) =>
    (await host.ip("-n", "one", "-details", "address", "show", "dev", dev)).map((link: any) => [
      ...[link.link, link.linkinfo.info_data.id, link.addr_info[0].local],
    ]);
  expect(await shown("tenant10")).toEqual([["wire", 10, "10.0.10.1"]]);
  expect(await shown("left")).toEqual([["own-trunk", 9, "10.9.0.0"]]);
  for (const address of ["10.0.10.0", "10.0.20.0", "10.9.0.1"]) await pingOnce(host, "one", address, "-W3");
  stack.program(program("[20, 30]"));
  expect(await stack.up()).toEqual([
    ...["create Vlan tenant30-a", "create Vlan tenant30-b", "delete Vlan tenant10-a", "delete Vlan tenant10-b"],
  ]);
  await pingOnce(host, "one", "10.0.30.0", "-W3");
  expect(await stack.refresh()).toEqual([]);
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test.each([
  [
    "new Lan('x', { networks: ['10.5.0.0/24'], vlan: 30, bridge: upper, router, trunk: stick });",
    /^Lan x: trunk: the trunk stick does not have the VLAN 30[^]*help: add 30 to its vlans/,
  ],
  [
    "guests.join(new Host('x'), { trunk: stick });",
    /^Lan guests: trunk: the trunk stick does not end at x[^]*help: give x as its a or b/,
  ],
  [
    "new Link('x', { a: router, b: new Host('x'), trunk: stick });",
    /^Link x: trunk: the trunk stick does not end at x/,
  ],
  ["new Lan('x', { networks: ['10.5.0.0/24'], router, trunk: stick });", /^Lan x: trunk: a trunk requires a vlan/],
  [
    "new Lan('x', { networks: ['10.5.0.0/24'], bridge: upper });",
    /^Lan x: gateways: a LAN without a vlan has no interface on the bridge/,
  ],
])("%s is refused with advice", async (text, message) => {
  const stack = openLocalStack(host, "vlans");
  stack.program(switches("[10]", text));
  await expect(stack.preview()).rejects.toThrow(message);
});
