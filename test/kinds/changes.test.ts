import { expect, test } from "vitest";
import { Address, Bridge, FilterChain, Namespace, NatRule, Route, Sysctl, Veth } from "../../sdk/index.ts";
import { SOON } from "../../tools/sandbox.ts";
import { edit, host, ip, labHostForEachTest } from "../support/edited.ts";
import { pingOnce } from "../support/ping.ts";

/*
 * The steps that one change of a lab causes. Each preview shows the steps of the up, and a second up has none.
 * test/engine/changes.test.ts has the changes whose order Pulumi's own engine determines.
 */

labHostForEachTest();

interface Lab {
  readonly namespace?: string;
  readonly link?: string;
  readonly bridge?: object;
  readonly address?: string;
  readonly more?: boolean;
  readonly layer?: number | undefined;
  /** The suffix of every resource's name in the program. */
  readonly suffix?: string;
}

//  red ─ link ══ port ─ lan (the lab host)
const lab =
  ({
    namespace = "red",
    link = "eth0",
    bridge = {},
    address = "10.0.0.2/24",
    more = false,
    layer,
    suffix = "",
  }: Lab = {}) =>
  () => {
    const named = (name: string) => name + suffix;
    const red = new Namespace(named("red"), { name: namespace, ...(layer !== undefined && { layer }) });
    const lan = new Bridge(named("lan"), { name: "lan", ...bridge });
    const wire = new Veth(named("wire"), { a: { name: link, namespace: red }, b: { name: "port", master: lan } });
    new Address(named("ip"), { interface: wire.a, address });
    new Address(named("ip6"), { interface: wire.a, address: "fd00::2/64" });
    new Address(named("gateway"), { interface: lan, address: "10.0.0.1/24" });
    new Route(named("default"), { namespace: red, destination: "default", via: "10.0.0.1" });
    new Route(named("six"), { namespace: red, destination: "default", via: "fd00::1" });
    new Route(named("local"), { destination: "10.7.0.0/16", interface: wire.a });
    new Sysctl(named("forwarding"), { namespace: red, key: "net.ipv4.ip_forward", value: "1" });
    new NatRule(named("nat"), { type: "masquerade", source: "10.0.0.0/24" });
    new FilterChain(named("filter"), {
      namespace: red,
      chain: "forward",
      rules: [{ action: "drop", inInterface: wire.a }],
    });
    if (more) new Address("second", { interface: wire.a, address: "10.9.0.1/24" });
  };

const redPings = () => pingOnce(host, "red", "10.0.0.1");

const onWire = ["Address ip", "Address ip6", "Route default", "Route local", "Route six", "Veth wire"];
const replaced = (resources: string[]) => resources.map((resource) => `replace ${resource}`).sort();

test("a changed address is replaced with the routes that depend on it", async () => {
  expect(await edit(lab())).toHaveLength(12);
  expect(await edit(lab({ address: "10.0.0.3/24" }))).toEqual(replaced(["Address ip", "Route default", "Route local"]));
  await redPings();
});

test("a link whose name changes is replaced with all that is on it", async () => {
  await edit(lab());
  expect(await edit(lab({ link: "eth1" }))).toEqual([...replaced(onWire), "update FilterChain filter"]);
  await redPings();
});

test("a namespace whose name changes is replaced with all that is in it", async () => {
  await edit(lab());
  expect(await edit(lab({ namespace: "crimson" }))).toEqual(
    replaced(["FilterChain filter", "Namespace red", "Sysctl forwarding", ...onWire]),
  );
  expect((await ip("netns", "list")).map(({ name }) => name as string)).toEqual(["crimson"]);
});

test("an update in place changes no other resource", async () => {
  const bridge = { mtu: 1400, stp: true, mac: "02:00:00:00:00:01" };
  await edit(lab());
  expect(await edit(lab({ bridge }))).toEqual(["update Bridge lan"]);
  expect(await edit(lab({ link: "eth1", namespace: "crimson" }))).toHaveLength(10);
});

test("a changed layer updates the state of its namespace, and changes nothing in the kernel", async () => {
  await edit(lab());
  const kernel = async () => [
    await ip("-n", "red", "-details", "address", "show"),
    await ip("-n", "red", "route", "show", "table", "all"),
    (await host.run("stat", "--format=%i", "/run/netns/red")).trim(),
  ];
  // An IPv6 address that the kernel still tests for duplicates becomes another one by itself.
  const tentative = async () =>
    (await ip("-n", "red", "address", "show", "tentative")).flatMap((link) => link.addr_info);
  await expect.poll(tentative, SOON).toEqual([]);
  const before = await kernel();
  for (const layer of [2, 0, undefined]) {
    expect(await edit(lab({ layer }))).toEqual(["update Namespace red"]);
    expect(await kernel()).toEqual(before);
  }
  await redPings();
});

test("a resource that is added or removed is the only step", async () => {
  await edit(lab());
  expect(await edit(lab({ more: true }))).toEqual(["create Address second"]);
  expect(await edit(lab())).toEqual(["delete Address second"]);
});

test("the lab works after all resources are renamed in the program", async () => {
  await edit(lab());
  const done = await edit(lab({ suffix: "-renamed" }));
  expect(done.filter((step) => step.startsWith("create"))).toHaveLength(12);
  expect(done.filter((step) => step.startsWith("delete"))).toHaveLength(12);
  await redPings();
});
