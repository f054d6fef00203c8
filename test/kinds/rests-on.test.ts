import { expect, test } from "vitest";
import { Address, Bridge, Namespace, Route, Sysctl, Veth } from "../../sdk/index.ts";
import { addressesOf, edit, engineOf, failure, host, ip, labHostForEachTest, sysctl } from "../support/edited.ts";
import { pingOnce } from "../support/ping.ts";

/* Objects are created after those that they need. Objects that the kernel deletes with a change are created again in the same up. */

labHostForEachTest();

test("settings of an interface are applied after it and replaced with it, whether the key or an argument names it", async () => {
  const lab =
    (far: string, up = true) =>
    () => {
      const [r, h] = [new Namespace("r"), new Namespace("h")];
      const w = new Veth("w", { a: { name: "eth0.1", namespace: r, up }, b: { name: far, namespace: h } });
      new Sysctl("by-name", { namespace: r, key: "net/ipv4/conf/eth0.1/rp_filter", value: "1" });
      new Sysctl("by-object", { interface: w.a, key: "net.ipv4.conf.{interface}.proxy_arp", value: "1" });
      new Sysctl("by-both", { interface: w.b, key: `net.ipv4.conf.${far}.proxy_arp`, value: "1" });
    };
  const values = () =>
    Promise.all(["rp_filter", "proxy_arp"].map((name) => sysctl(`net/ipv4/conf/eth0.1/${name}`, "r")));
  await edit(lab("x"));
  expect(await values()).toEqual(["1", "1"]);
  // The pair is replaced.
  expect(await edit(lab("y"))).toEqual([
    "replace Sysctl by-both",
    "replace Sysctl by-name",
    "replace Sysctl by-object",
    "replace Veth w",
  ]);
  expect(await values()).toEqual(["1", "1"]);
  expect(await edit(lab("y", false))).toEqual(["update Veth w"]);
});

test("the argument interface requires a key of an interface, and {interface} in a key requires the argument", async () => {
  expect(await failure(() => new Sysctl("s", { interface: "eth0", key: "net.ipv4.ip_forward", value: "1" }))).toMatch(
    /"net\.ipv4\.ip_forward" is not a setting of the interface eth0; an example of such a key is/,
  );
  expect(await failure(() => new Sysctl("s", { key: "net.ipv4.conf.{interface}.rp_filter", value: "1" }))).toMatch(
    /contains {interface}, so the argument interface is required/,
  );
});

test("settings of all interfaces do not override the declared settings of single interfaces", async () => {
  const lab = (all: string) => () => {
    const r = new Namespace("r");
    new Veth("w", { a: { name: "eth0", namespace: r }, b: { name: "eth1", namespace: r } });
    new Sysctl("one", { namespace: r, key: "net.ipv4.conf.eth0.forwarding", value: "0" });
    new Sysctl("six", { namespace: r, key: "net.ipv6.conf.eth1.forwarding", value: "1" });
    new Sysctl("all", { namespace: r, key: "net.ipv4.ip_forward", value: all });
    new Sysctl("all-six", { namespace: r, key: "net.ipv6.conf.all.forwarding", value: all });
  };
  for (const all of ["1", "0", "1"]) {
    await edit(lab(all));
    expect(await sysctl("net.ipv4.conf.eth0.forwarding", "r")).toBe("0");
    expect(await sysctl("net.ipv4.conf.eth1.forwarding", "r")).toBe(all);
    expect(await sysctl("net.ipv6.conf.eth1.forwarding", "r")).toBe("1");
  }
});

test("new links have the default settings that are declared before them", async () => {
  for (const _run of [1, 2, 3]) {
    await edit(() => {
      const r = new Namespace("r");
      new Sysctl("rp", { namespace: r, key: "net.ipv4.conf.default.rp_filter", value: "2" });
      new Sysctl("dad", { namespace: r, key: "net.ipv6.conf.default.accept_dad", value: "0" });
      new Veth("w", {
        a: { name: "eth0", namespace: r, addresses: ["10.9.0.1/24"] },
        b: { name: "far", namespace: r },
      });
      new Bridge("lan", { namespace: r });
    });
    for (const name of ["eth0", "lan"]) {
      expect(await sysctl(`net.ipv4.conf.${name}.rp_filter`, "r")).toBe("2");
      expect(await sysctl(`net.ipv6.conf.${name}.accept_dad`, "r")).toBe("0");
    }
    await engineOf().destroy();
  }
});

test("two names of one switch are one setting, which is restored with the delete of the last one", async () => {
  await host.run("sysctl", "-qw", "net.ipv4.ip_forward=0");
  const lab =
    (...names: ("ip_forward" | "conf.all.forwarding")[]) =>
    () =>
      names.forEach((name) => new Sysctl(name, { key: `net.ipv4.${name}`, value: "1" }));
  for (const names of [["ip_forward"], ["ip_forward", "conf.all.forwarding"], ["conf.all.forwarding"]] as const) {
    await edit(lab(...names));
    expect(await sysctl("net.ipv4.ip_forward")).toBe("1");
  }
  await engineOf().destroy();
  expect(await sysctl("net.ipv4.ip_forward")).toBe("0");
  expect(
    await failure(() => {
      new Sysctl("on", { key: "net.ipv4.ip_forward", value: "1" });
      new Sysctl("off", { key: "net.ipv4.conf.all.forwarding", value: "0" });
    }),
  ).toMatch(/declare the same sysctl net\.ipv4\.ip_forward/);
});

test("the delete of a switch also restores the settings that the kernel wrote with it", async () => {
  await host.run("ip", "link", "add", "name", "theirs", "type", "bridge");
  const set = (...settings: string[]) => host.run("sysctl", "-qw", ...settings);
  await set("net.ipv4.ip_forward=0", "net.ipv4.conf.all.accept_redirects=0", "net.ipv4.conf.theirs.forwarding=1");
  await edit(() => new Sysctl("forwarding", { key: "net.ipv4.ip_forward", value: "1" }));
  await engineOf().destroy();
  expect([
    await sysctl("net.ipv4.ip_forward"),
    await sysctl("net.ipv4.conf.all.accept_redirects"),
    await sysctl("net.ipv4.conf.theirs.forwarding"),
  ]).toEqual(["0", "0", "1"]);
  await set("net.ipv4.conf.all.accept_redirects=1", "net.ipv4.conf.theirs.forwarding=0");
  await host.run("ip", "link", "delete", "dev", "theirs");
});

test("a route depends on its source address, and on the routes to its gateway", async () => {
  const lab = (length: number, mtu: number | undefined) => () => {
    const [vm, gw] = [new Namespace("vm"), new Namespace("gw")];
    const w = new Veth("w", {
      a: { name: "eth0", namespace: vm, addresses: ["203.0.113.7/32"] },
      b: { name: "tovm", namespace: gw, addresses: ["172.31.1.1/32"] },
    });
    const own = new Address("own", { namespace: vm, interface: "lo", address: `10.255.0.1/${length}` });
    new Route("hop", { interface: w.a, destination: "172.31.1.1/32", ...(mtu !== undefined && { mtu }) });
    new Route("out", { interface: w.a, destination: "default", via: "172.31.1.1", source: own.ip });
    new Route("direct", { interface: w.a, destination: "10.8.0.0/16", via: "172.31.9.9", onlink: true });
    new Route("back", { interface: w.b, destination: "203.0.113.7/32" });
  };
  for (const [length, mtu] of [
    [32, undefined],
    [24, undefined],
    [24, 1400],
    [32, undefined],
  ] as const) {
    await edit(lab(length, mtu));
    expect(await ip("-n", "vm", "route", "show", "default")).toMatchObject([
      { gateway: "172.31.1.1", prefsrc: "10.255.0.1" },
    ]);
    expect(await ip("-n", "vm", "route", "show", "10.8.0.0/16")).toMatchObject([
      { gateway: "172.31.9.9", flags: ["onlink"] },
    ]);
    await pingOnce(host, "vm", "172.31.1.1");
  }
});

test.each([
  ["10.0.0.1/24", "10.7.0.0/16", "10.0.0.2"],
  ["fd00::1/64", "fd07::/64", "fd00::2"],
])("a route over a link with up: false is refused at preview: %s", async (own, to, via) => {
  const lab =
    (up: boolean, routed = up) =>
    () => {
      const [a, b] = [new Namespace("a"), new Namespace("b")];
      const w = new Veth("w", { a: { name: "eth0", namespace: a, up }, b: { name: "eth0", namespace: b } });
      new Address("own", { interface: w.a, address: own });
      if (routed) new Route("out", { namespace: a, destination: to, via });
      if (routed) new Route("other", { interface: w.a, destination: to, metric: 7 });
    };
  const family = to.includes(":") ? "-6" : "-4";
  const routes = () => ip("-n", "a", family, "route", "show", to);
  await edit(lab(true));
  expect(await routes()).toHaveLength(2);
  const { failure: said } = await engineOf().preview(lab(false, true));
  expect(String(said)).toMatch(/a\/eth0 is declared with up: false[^]*help: remove the route/);
  expect(await routes()).toHaveLength(2);
  await edit(lab(false));
  expect(await routes()).toHaveLength(0);
  await edit(lab(true));
  expect(await routes()).toHaveLength(2);
});

const dual =
  ({ up = true, mtu = 1500, off }: { up?: boolean; mtu?: number; off?: string } = {}) =>
  () => {
    const [a, b] = [new Namespace("a"), new Namespace("b")];
    if (off !== undefined) new Sysctl("off", { namespace: a, key: "net.ipv6.conf.all.disable_ipv6", value: off });
    const w = new Veth("w", {
      a: { name: "eth0", namespace: a, mtu, up, addresses: ["10.0.0.1/24"] },
      b: { name: "eth0", namespace: b, addresses: ["10.0.0.2/24", "fd00::2/64"] },
    });
    new Address("six", { interface: w.a, address: "fd00::1/64" });
    if (up) new Route("out", { namespace: a, destination: "fd01::/64", via: "fd00::2" });
  };

test("a link that is set down and up again has its IPv6 addresses and routes", async () => {
  await edit(dual());
  await edit(dual({ up: false }));
  expect(await addressesOf("a", "eth0")).toContain("fd00::1/64");
  await edit(dual());
  await pingOnce(host, "a", "fd00::2");
  expect(await ip("-n", "a", "-6", "route", "show", "fd01::/64")).toHaveLength(1);
});

test("a larger MTU restores the IPv6 addresses that a small MTU has deleted", async () => {
  await edit(dual());
  const { failure: said } = await engineOf().up(dual({ mtu: 1200 }));
  expect(String(said)).toMatch(/IPv6 is not available on eth0, for example because its MTU is below 1280/);
  await edit(dual({ mtu: 1400 }));
  await pingOnce(host, "a", "fd00::2");
  await edit(dual());
});

test("an interface with a declared IPv6 address has IPv6 enabled, also if it is disabled for all interfaces", async () => {
  await edit(dual({ off: "0" }));
  await edit(dual({ off: "1" }));
  await pingOnce(host, "a", "fd00::2");
  await edit(dual({ off: "0" }));
  await engineOf().destroy();
  await edit(dual({ off: "1" }));
  await pingOnce(host, "a", "fd00::2");
});

test("IPv6 that is disabled on the lab host is not enabled, and the error says so", async () => {
  await host.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
  expect(await failure(() => new Bridge("br0", { addresses: ["fd00::1/64"] }))).toMatch(/IPv6 is disabled on br0/);
  await host.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0", "net.ipv6.conf.default.disable_ipv6=0");
});
