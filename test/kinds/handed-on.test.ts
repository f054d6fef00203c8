import { expect, test } from "vitest";
import { Address, Bridge, Lan, Namespace, Route, Sysctl, Veth } from "../../sdk/index.ts";
import { addressesOf, edit, failure, host, ip, labHostForEachTest, sysctl } from "../support/edited.ts";
import { pingOnce } from "../support/ping.ts";

/*
 * Objects that pass from one resource of a stack to another: each then has the properties of the new resource, and none that
 * only the former resource declared.
 */

labHostForEachTest();

const linksOf = async (namespace: string): Promise<string[]> =>
  (await ip("-n", namespace, "link", "show"))
    .map(({ ifname }) => ifname as string)
    .filter((name) => name !== "lo")
    .sort();

test("a bridge that takes the name of another one has only its own addresses", async () => {
  const networks: Record<string, string> = { office: "10.1.0.1/24", guests: "10.2.0.1/24", lab: "10.3.0.1/24" };
  const lans =
    (...names: string[]) =>
    () =>
      names.forEach((name, index) => new Bridge(name, { name: `br${index}`, addresses: [networks[name] ?? ""] }));
  await edit(lans("office", "guests", "lab"));
  for (const names of [["guests", "lab"], ["lab", "office", "guests"], ["office"], ["guests", "office"]]) {
    await edit(lans(...names));
    for (const [index, name] of names.entries())
      expect(await addressesOf(undefined, `br${index}`)).toEqual([networks[name]]);
    expect((await ip("link", "show", "type", "bridge")).length).toBe(names.length);
  }
});

test("two bridges exchange names, and keep their addresses, alternative names and ports", async () => {
  const lab = (office: string, guests: string) => () => {
    const one = new Bridge("office", { name: office, addresses: ["10.1.0.254/24"], altname: "the-office" });
    const two = new Bridge("guests", { name: guests, addresses: ["10.2.0.254/24"], mtu: 1400 });
    new Veth("anna", { a: { name: "anna-up", master: one }, b: { name: "anna" } });
    new Veth("ben", { a: { name: "ben-up", master: two }, b: { name: "ben" } });
  };
  await edit(lab("br0", "br1"));
  for (const [office, guests] of [
    ["br1", "br0"],
    ["br0", "br1"],
    ["br1", "br2"],
  ] as const) {
    await edit(lab(office, guests));
    expect(await addressesOf(undefined, office)).toEqual(["10.1.0.254/24"]);
    expect(await addressesOf(undefined, guests)).toEqual(["10.2.0.254/24"]);
    const [[one], [two]] = [await ip("link", "show", "dev", office), await ip("link", "show", "dev", guests)];
    expect([one.altnames, two.altnames, two.mtu]).toEqual([["the-office"], undefined, 1400]);
    const [[anna], [ben]] = [await ip("link", "show", "dev", "anna-up"), await ip("link", "show", "dev", "ben-up")];
    expect([anna.master, ben.master]).toEqual([office, guests]);
  }
});

test("a host gets another veth pair, with another default route", async () => {
  const lab = (lan: "office" | "guests") => () => {
    const office = new Bridge("office", { addresses: ["10.1.0.1/24"] });
    const guests = new Bridge("guests", { addresses: ["10.2.0.1/24"] });
    const ben = new Namespace("ben");
    const [net, master] = lan === "office" ? ["10.1.0", office] : ["10.2.0", guests];
    new Veth(`ben-${lan}`, {
      a: { name: lan, namespace: ben, addresses: [`${net}.7/24`], gateways: [`${net}.1`] },
      b: { name: `${lan}-ben`, master },
    });
  };
  await edit(lab("office"));
  for (const [lan, gateway] of [
    ["guests", "10.2.0.1"],
    ["office", "10.1.0.1"],
  ] as const) {
    await edit(lab(lan));
    expect(await ip("-n", "ben", "route", "show", "default")).toMatchObject([{ gateway, dev: lan }]);
    expect(await linksOf("ben")).toEqual([lan]);
    await pingOnce(host, "ben", gateway);
  }
});

test("a default route passes from one veth pair to another, and both are updated in place", async () => {
  const lab = (out: "a" | "b") => () => {
    const [h, a, b] = [new Namespace("h"), new Namespace("a"), new Namespace("b")];
    new Veth("wa", {
      a: { name: "eth0", namespace: h, addresses: ["10.1.0.7/24"], gateways: out === "a" ? ["10.1.0.1"] : [] },
      b: { name: "eth0", namespace: a, addresses: ["10.1.0.1/24"] },
    });
    new Veth("wb", {
      a: { name: "eth1", namespace: h, addresses: ["10.2.0.7/24"], gateways: out === "b" ? ["10.2.0.1"] : [] },
      b: { name: "eth0", namespace: b, addresses: ["10.2.0.1/24"] },
    });
  };
  await edit(lab("a"));
  for (const out of ["b", "a", "b"] as const) {
    expect(await edit(lab(out))).toEqual(["update Veth wa", "update Veth wb"]);
    expect(await ip("-n", "h", "route", "show", "default")).toMatchObject([{ dev: out === "a" ? "eth0" : "eth1" }]);
  }
});

test("the interfaces of a router are renumbered when its links are removed or reordered", async () => {
  const lab =
    (...hosts: string[]) =>
    () => {
      const r = new Namespace("r");
      hosts.forEach((name, index) => {
        const net = name.charCodeAt(0) - 96;
        const namespace = new Namespace(name);
        new Veth(`to-${name}`, {
          a: { name: `eth${index}`, namespace: r, addresses: [`10.0.${net}.1/24`, `fd00:${net}::1/64`] },
          b: { name: "eth0", namespace, addresses: [`10.0.${net}.2/24`], gateways: [`10.0.${net}.1`] },
        });
      });
    };
  await edit(lab("a", "b", "c", "d"));
  for (const hosts of [
    ["a", "c", "d"],
    ["d", "c", "b", "a"],
    ["b", "d"],
    ["a", "b", "c", "d"],
  ]) {
    await edit(lab(...hosts));
    expect(await linksOf("r")).toEqual(hosts.map((_, index) => `eth${index}`));
    for (const [index, name] of hosts.entries()) {
      const net = name.charCodeAt(0) - 96;
      expect(await addressesOf("r", `eth${index}`)).toEqual([`10.0.${net}.1/24`, `fd00:${net}::1/64`]);
      await pingOnce(host, name, `10.0.${net}.1`);
    }
  }
});

test("a link whose resource is renamed keeps the objects on it, and loses its undeclared addresses and names", async () => {
  const lab = (suffix: string, more: boolean) => () => {
    const red = new Namespace("red");
    const lan = new Bridge(`lan${suffix}`, { name: "lan", ...(more && { addresses: ["10.9.0.1/24"] }) });
    const wire = new Veth(`wire${suffix}`, {
      a: { name: "eth0", namespace: red, ...(more && { altname: "uplink", addresses: ["10.8.0.1/24"] }) },
      b: { name: "port", master: lan },
    });
    new Address("ip", { interface: wire.a, address: "10.0.0.2/24" });
    new Address("by-name", { interface: "eth0", namespace: red, address: "fd00::2/64" });
    new Address("gateway", { interface: lan, address: "10.0.0.1/24" });
    new Route("out", { namespace: red, destination: "default", via: "10.0.0.1" });
    new Sysctl("rp", { interface: wire.a, key: "net.ipv4.conf.{interface}.rp_filter", value: "1" });
  };
  await edit(lab("", true));
  await edit(lab("-b", false));
  expect(await addressesOf("red", "eth0")).toEqual(["10.0.0.2/24", "fd00::2/64"]);
  expect(await addressesOf(undefined, "lan")).toEqual(["10.0.0.1/24"]);
  const [[eth0], [port]] = [
    await ip("-n", "red", "link", "show", "dev", "eth0"),
    await ip("link", "show", "dev", "port"),
  ];
  expect([eth0.altnames, port.master]).toEqual([undefined, "lan"]);
  expect(await ip("-n", "red", "route", "show", "default")).toMatchObject([{ gateway: "10.0.0.1" }]);
  expect(await sysctl("net.ipv4.conf.eth0.rp_filter", "red")).toBe("1");
});

test("a host moves from one LAN to another", async () => {
  const lab =
    (...hosts: [string[], string[]]) =>
    () => {
      new Lan("office", { networks: ["10.1.0.0/24"], hosts: hosts[0] });
      new Lan("home", { networks: ["10.2.0.0/24"], hosts: hosts[1] });
    };
  await edit(lab(["anna", "ben"], ["carl"]));
  await edit(lab(["anna"], ["carl", "ben"]));
  expect(await linksOf("ben")).toEqual(["home"]);
  expect(await ip("-n", "ben", "route", "show", "default")).toMatchObject([{ gateway: "10.2.0.1", dev: "home" }]);
  await pingOnce(host, "ben", "10.2.0.1");
});

test("an address is not deleted if the kernel would delete a declared route with it", async () => {
  const lab = (address: boolean) => () => {
    const red = new Namespace("red");
    const wire = new Veth("w", { a: { name: "eth0", namespace: red }, b: { name: "port" } });
    if (address) new Address("ip", { interface: wire.a, address: "10.0.0.1/24" });
    new Route("out", { namespace: red, destination: "default", via: "10.0.0.2" });
  };
  await edit(lab(true));
  expect(await failure(lab(false))).toMatch(
    /Address red\/eth0\/10\.0\.0\.1\/24 cannot be deleted: the kernel would also delete the route red\/inet\/default\S* of out/,
  );
  expect(await ip("-n", "red", "route", "show", "default")).toHaveLength(1);
});

test("a replacement of the last IPv4 address of a link keeps the IPv6 routes over the link", async () => {
  const lab = (address: string) => () => {
    const red = new Namespace("red");
    const wire = new Veth("w", { a: { name: "eth0", namespace: red }, b: { name: "port" } });
    new Address("ip", { interface: wire.a, address });
    new Address("six", { interface: wire.a, address: "fd00::1/64" });
    new Route("out", { namespace: red, destination: "default", via: "10.0.0.2" });
    new Route("out-six", { namespace: red, destination: "default", via: "fd00::2" });
  };
  await edit(lab("10.0.0.1/24"));
  expect(await edit(lab("10.0.0.9/24"))).toEqual(["replace Address ip", "replace Route out"]);
  expect(await ip("-n", "red", "-6", "route", "show", "default")).toHaveLength(1);
});

test("a default route passes from a Route to the gateways of its link, and back again", async () => {
  const lab = (isRoute: boolean) => () => {
    const gateways = isRoute ? [] : ["10.0.4.11"];
    const wire = new Veth("w", { a: { name: "p2", addresses: ["10.0.4.5/24"], gateways }, b: { name: "p3" } });
    if (isRoute) new Route("out", { destination: "default", via: "10.0.4.11" }, { dependsOn: wire });
  };
  const notes = async () => (await ip("link", "show", "dev", "lo"))[0].altnames ?? [];
  for (const isRoute of [true, false, true]) {
    await edit(lab(isRoute));
    expect(await ip("route", "show", "default")).toMatchObject([{ gateway: "10.0.4.11", dev: "p2" }]);
    // A Route on the lab host has a note that names its stack; the gateway of a link needs none.
    expect(await notes()).toEqual(isRoute ? [expect.stringContaining("pulumi-netns:route:")] : []);
  }
});
