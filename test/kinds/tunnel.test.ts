// @kernel tunnel
import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { pingOnce } from "../support/ping.ts";

labForEachTest("red", "blue");

const show = async (namespace = "red") => (await lab.ip("-n", namespace, "-details", "link", "show", "dev", "tun1"))[0];
const underlay = () =>
  lab.resource("Veth", "wire").up({
    a: { name: "eth0", namespace: "red", addresses: ["10.0.0.1/24", "fd00::1/64"] },
    b: { name: "eth0", namespace: "blue", addresses: ["10.0.0.2/24", "fd00::2/64"] },
  });
const FOUR = { local: "10.0.0.1", remote: "10.0.0.2" };
const SIX = { local: "fd00::1", remote: "fd00::2" };
const INNER = { addresses: ["192.168.42.1/24"] };

//   red ─ tun1 192.168.42.1 ┄┄ tunnel ┄┄ 192.168.42.2 tun1 ─ blue
//          └ eth0 10.0.0.1 ══════════════ 10.0.0.2 eth0 ┘
test.each([
  ["gre", { ...FOUR, ...INNER, key: 7, csum: true }, "192.168.42.2/24"],
  ["gretap", { ...FOUR, ...INNER, key: 4_294_967_295 }, "192.168.42.2/24"],
  ["ipip", { ...FOUR, ...INNER }, "192.168.42.2/24"],
  ["sit", { ...FOUR, addresses: ["fd42::1/64"] }, "fd42::2/64"],
  ["ip6gre", { ...SIX, ...INNER, seq: true }, "192.168.42.2/24"],
  ["ip6gretap", { ...SIX, ...INNER }, "192.168.42.2/24"],
  ["ip6tnl", { ...SIX, ...INNER }, "192.168.42.2/24"],
])("a tunnel of mode %s carries packets, and is deleted", async (mode, args, far) => {
  await underlay();
  const [left, right] = [lab.resource("Tunnel", "left"), lab.resource("Tunnel", "right")];
  const wanted = { name: "tun1", namespace: "red", mode, ...args };
  expect(await left.up(wanted)).toBe("create");
  await right.up({ ...wanted, namespace: "blue", local: args.remote, remote: args.local, addresses: [far] });
  expect(await show()).toMatchObject({
    group: "default",
    ifalias: expect.stringMatching(/^pulumi-netns:test\/dev:left@/),
    linkinfo: { info_kind: mode, info_data: { local: args.local, remote: args.remote, ttl: 64 } },
  });
  if (mode === "ip6tnl") expect((await show()).mtu).toBe(1460);
  const [address = ""] = far.split("/");
  await pingOnce(lab, "red", address, "-W3");
  expect(await left.up(wanted)).toBe("same");
  expect(await left.refresh()).toEqual([]);
  await left.destroy();
  await left.destroy();
  await right.destroy();
  await lab.resource("Veth", "wire").destroy();
});

test("ends and TTL change in place and keep the MTU, other arguments replace the tunnel, and drift is repaired", async () => {
  await underlay();
  const left = lab.resource("Tunnel", "left");
  const args = { name: "tun1", namespace: "red", mode: "gre", ...FOUR, ...INNER, mtu: 1300 };
  await left.up(args);
  const { ifindex } = await show();
  const changed = { ...args, remote: "10.0.0.3", ttl: 32 };
  expect(await left.up(changed)).toBe("update");
  expect(await show()).toMatchObject({ ifindex, mtu: 1300, linkinfo: { info_data: { remote: "10.0.0.3", ttl: 32 } } });
  await lab.run("ip", "-n", "red", ..."link set dev tun1 type gre remote 10.0.0.9 local 10.0.0.1 ttl 9".split(" "));
  expect(await left.refresh()).toEqual(expect.arrayContaining(["remote", "ttl"]));
  expect(await left.up(changed)).toBe("update");
  expect(await left.refresh()).toEqual([]);
  expect(await left.up({ ...changed, key: 5 })).toBe("replace");
  expect(await show()).toMatchObject({ linkinfo: { info_data: { ikey: "0.0.0.5" } } });
  expect(await left.up({ ...args, mode: "ipip" })).toBe("replace");
  expect(await show()).toMatchObject({ linkinfo: { info_kind: "ipip" } });
  expect(await left.refresh()).toEqual([]);
  await left.destroy();
});

test("the traffic class, fragmentation and an inherited TTL change in place, over IPv4", async () => {
  await underlay();
  const left = lab.resource("Tunnel", "left");
  const args = { name: "tun1", namespace: "red", mode: "gre", ...FOUR, ...INNER };
  await left.up({ ...args, ttl: "inherit", tos: "inherit", pmtudisc: false });
  const { ifindex, linkinfo } = await show();
  expect(linkinfo.info_data).toMatchObject({ ttl: 0, tos: "0x1", pmtudisc: false });
  expect(await left.refresh()).toEqual([]);
  expect(await left.up({ ...args, tos: 16 })).toBe("update");
  expect(await show()).toMatchObject({ ifindex, linkinfo: { info_data: { ttl: 64, tos: "0x10", pmtudisc: true } } });
  expect(await left.refresh()).toEqual([]);
  await lab.run("ip", "-n", "red", ..."link set dev tun1 type gre tos 0x8 nopmtudisc".split(" "));
  expect(await left.refresh()).toEqual(expect.arrayContaining(["tos", "pmtudisc"]));
  expect(await left.up(args)).toBe("update");
  expect(await left.refresh()).toEqual([]);
  expect((await show()).linkinfo.info_data).not.toHaveProperty("tos");
  await left.destroy();
});

test("the traffic class, the encapsulation limit and an inherited hop limit change in place, over IPv6", async () => {
  await underlay();
  const left = lab.resource("Tunnel", "left");
  const args = { name: "tun1", namespace: "red", mode: "ip6tnl", ...SIX, ...INNER };
  await left.up({ ...args, ttl: "inherit", tos: "inherit", encaplimit: 4 });
  const { ifindex, linkinfo, mtu } = await show();
  expect([mtu, linkinfo.info_data.encap_limit]).toEqual([1452, 4]);
  expect(linkinfo.info_data).toMatchObject({ ip6_tnl_f_use_orig_tclass: true });
  expect(await left.refresh()).toEqual([]);
  expect(await left.up({ ...args, tos: 16, ttl: 9 })).toBe("update");
  expect(await show()).toMatchObject({
    ...{ ifindex, mtu: 1460 },
    linkinfo: { info_data: { ttl: 9, tclass: "0x10", ip6_tnl_f_ign_encap_limit: true } },
  });
  expect(await left.refresh()).toEqual([]);
  expect(await left.up({ ...args, ttl: 10 })).toBe("update");
  expect((await show()).linkinfo.info_data).toMatchObject({ ttl: 10, ip6_tnl_f_ign_encap_limit: true });
  expect(await left.refresh()).toEqual([]);
  await lab.run("ip", "-n", "red", ..."link set dev tun1 type ip6tnl tclass inherit encaplimit 2".split(" "));
  expect(await left.refresh()).toEqual(expect.arrayContaining(["tos", "encaplimit"]));
  expect(await left.up(args)).toBe("update");
  expect(await left.refresh()).toEqual([]);
  await left.destroy();
});

test("the error about a tunnel with the ends and the key of another one gives advice", async () => {
  await lab.run("ip", "-n", "red", ..."link add tun9 type gre local 10.0.0.1 remote 10.0.0.2".split(" "));
  const left = lab.resource("Tunnel", "left").up({ name: "tun1", namespace: "red", mode: "gre", ...FOUR });
  await expect(left).rejects.toThrow(
    /File exists\n {2}help: another tunnel of this mode has the same local, remote and key/,
  );
});

test("a tunnel with another key for each direction carries packets", async () => {
  await underlay();
  const [left, right] = [lab.resource("Tunnel", "left"), lab.resource("Tunnel", "right")];
  const args = { name: "tun1", namespace: "red", mode: "gre", ...FOUR, ...INNER, ikey: 7, okey: 8 };
  await left.up(args);
  const far = { namespace: "blue", local: FOUR.remote, remote: FOUR.local, addresses: ["192.168.42.2/24"] };
  await right.up({ ...args, ...far, ikey: 8, okey: 7 });
  expect((await show()).linkinfo.info_data).toMatchObject({ ikey: "0.0.0.7", okey: "0.0.0.8" });
  await pingOnce(lab, "red", "192.168.42.2", "-W3");
  expect(await left.up(args)).toBe("same");
  expect(await left.refresh()).toEqual([]);
  const { okey: _okey, ...oneWay } = args;
  expect(await left.up(oneWay)).toBe("replace");
  expect(await left.refresh()).toEqual([]);
  await left.destroy();
  await right.destroy();
});

//   inner ─ tun1 192.168.42.1 ┄┄┄┄┄┄┄┄┄┄┄┄┄ 192.168.42.2 tun1 ─ blue
//            ┊ underlay: red, eth0 10.0.0.1 ══════ 10.0.0.2 eth0
test.each([
  ["gre", { ...FOUR, key: 7 }],
  ["gretap", FOUR],
  ["ipip", FOUR],
  ["ip6tnl", SIX],
])(
  "a tunnel of mode %s whose underlay is another namespace is created, repaired after drift, and deleted",
  async (mode, ends) => {
    await lab.run("ip", "netns", "add", "inner");
    await underlay();
    // A link of the same name may exist in the underlay.
    await lab.run("ip", "-n", "red", "link", "add", "name", "tun1", "type", "bridge");
    const [left, right] = [lab.resource("Tunnel", "left"), lab.resource("Tunnel", "right")];
    const far = { local: ends.remote, remote: ends.local, addresses: ["192.168.42.2/24"] };
    const args = { name: "tun1", namespace: "inner", underlay: "red", dev: "eth0", mode, ...ends, ...INNER };
    await right.up({ name: "tun1", namespace: "blue", mode, ...ends, ...far, ...("key" in ends && { key: ends.key }) });
    expect(await left.up(args)).toBe("create");
    const created = await show("inner");
    expect(created).toMatchObject({ group: "default", ifalias: expect.stringContaining("left"), link_netnsid: 0 });
    await pingOnce(lab, "inner", "192.168.42.2", "-W3");
    expect(await left.up(args)).toBe("same");
    expect(await left.refresh()).toEqual([]);
    expect(await left.up({ ...args, ttl: 32 })).toBe("update");
    expect(await show("inner")).toMatchObject({ ifindex: created.ifindex, linkinfo: { info_data: { ttl: 32 } } });
    expect(await left.refresh()).toEqual([]);

    // The same link, with its underlay in its own namespace.
    await lab.run("ip", "-n", "inner", "link", "delete", "dev", "tun1");
    const words = ["link", "add", "tun1", "type", mode, "local", ends.local, "remote", ends.remote];
    await lab.run("ip", "-n", "inner", ...words);
    await lab.run("ip", "-n", "inner", "link", "set", "dev", "tun1", "alias", created.ifalias);
    expect(await left.refresh()).toEqual(expect.arrayContaining(["underlay", "dev"]));
    expect(await left.up(args)).toBe("replace");
    expect(await left.refresh()).toEqual([]);

    await lab.run("ip", "netns", "delete", "red");
    await expect.poll(() => left.refresh(), { timeout: 60_000 }).toBe("gone");
    await right.destroy();
    expect((await lab.ip("-n", "inner", "link", "show")).map(({ ifname }) => ifname)).toEqual(["lo"]);
  },
);

test.each([
  [{ mode: "gre", ...SIX }, /^local: "fd00::1" is not an address of IPv4, which carries a tunnel of mode "gre"/],
  [{ mode: "ip6tnl", ...FOUR }, /^local: "10.0.0.1" is not an address of IPv6/],
  [{ mode: "ipip", ...FOUR, key: 7 }, /^key: a tunnel of mode "ipip" has no key/],
  [{ mode: "ip6tnl", ...SIX, pmtudisc: false }, /^pmtudisc: a tunnel of mode "ip6tnl" runs over IPv6/],
  [{ mode: "gre", ...FOUR, encaplimit: 4 }, /^encaplimit: a tunnel of mode "gre" runs over IPv4/],
  [{ mode: "gre", ...FOUR, ikey: 7, okey: 7 }, /^okey: 7 is also ikey; set key/],
  [{ mode: "gre", ...FOUR, key: 7, ikey: 8 }, /^key: cannot be used with ikey and okey/],
  [{ mode: "gre", ...FOUR, tos: 1 }, /^tos: 1 stands for the traffic class of the inner packet/],
  [{ mode: "gre", ...FOUR, mac: "02:00:00:00:00:01" }, /^mac: a tunnel of mode "gre" has no MAC address/],
])("%j is refused before anything is done", async (args, why) => {
  await expect(lab.resource("Tunnel", "left").up({ name: "tun1", ...args })).rejects.toThrow(why);
  expect((await lab.ip("link", "show")).some(({ ifname }) => ifname === "tun1")).toBe(false);
});
