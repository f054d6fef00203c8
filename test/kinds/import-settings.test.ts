import { expect, test } from "vitest";
import { findLab } from "../../inspect/import/find.ts";
import { labHost } from "../../inspect/lab-host.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

/* The settings of a lab that was typed by hand beside its links, as an import finds them. */

labForEachTest("red");

const run = async (...lines: readonly string[]) => {
  for (const line of lines) await lab.run(...(line.split(" ") as [string]));
};

const LINK = [
  "ip link add br0 netns red type bridge",
  "ip link add eth0 netns red address 02:00:00:00:00:01 type veth peer name far",
  "ip -n red link set dev br0 up",
  "ip -n red link set dev eth0 up",
  "ip link set dev far up",
];

/** Returns the arguments of the found objects of a kind, and the objects that are left alone. */
async function imported(kind: string) {
  const { found, left } = await findLab(labHost(lab.enter), { namespaces: ["red"] });
  return { inputs: found.filter((one) => one.kind === kind).map(({ inputs }) => inputs), left };
}

test("addresses of lo, and those with a peer or the scope of a link, are resources of their own", async () => {
  await run(...LINK);
  for (const address of ["10.255.0.1/32 dev lo", "fd00:255::1/128 dev lo", "10.0.0.1 peer 10.0.0.2/32 dev eth0"])
    await run(`ip -n red address add ${address}`);
  await run("ip -n red address add fd00::1 peer fd00::2/128 dev eth0 nodad");
  await run("ip -n red address add 169.254.1.1/16 dev eth0 scope link", "ip -n red address add 10.1.0.1/24 dev eth0");
  const { inputs, left } = await imported("Address");
  const [on, own] = [
    { namespace: "red", interface: "eth0" },
    { namespace: "red", interface: "lo" },
  ];
  expect(inputs).toHaveLength(5);
  expect(inputs).toEqual(
    expect.arrayContaining([
      { ...own, address: "10.255.0.1/32" },
      { ...own, address: "fd00:255::1/128" },
      { ...on, address: "10.0.0.1/32", peer: "10.0.0.2" },
      { ...on, address: "fd00::1/128", peer: "fd00::2" },
      { ...on, address: "169.254.1.1/16", scope: "link" },
    ]),
  );
  expect(left).toEqual([]);
});

test("an address that expires is left alone", async () => {
  await run(...LINK, "ip -n red address add 10.1.0.1/24 dev eth0 valid_lft 600 preferred_lft 600");
  expect((await imported("Address")).left).toEqual([
    { what: "address 10.1.0.1/24 of red/eth0", why: "it expires, so a protocol such as DHCP has added it" },
  ]);
});

test("permanent neighbours, proxied addresses, and static entries of a bridge are resources", async () => {
  await run(...LINK, "ip -n red link set dev eth0 master br0", "ip -n red address add 10.0.0.1/24 dev br0");
  await run("ip -n red neigh add 10.0.0.7 lladdr 02:00:00:00:00:07 dev br0 nud permanent");
  await run("ip -n red neigh add 10.0.0.8 lladdr 02:00:00:00:00:08 dev br0 nud reachable");
  await run("ip -n red neigh add proxy 10.0.0.9 dev br0");
  await run("bridge -n red fdb add 02:00:00:00:00:17 dev eth0 master static");
  await run(
    "bridge -n red fdb add 02:00:00:00:00:18 dev eth0 self",
    "bridge -n red fdb add 02:00:00:00:00:19 dev eth0 master",
  );
  const on = { namespace: "red", interface: "br0" };
  const { inputs, left } = await imported("Neighbor");
  expect(inputs).toEqual([
    { ...on, address: "10.0.0.7", lladdr: "02:00:00:00:00:07" },
    { ...on, address: "10.0.0.9", proxy: true },
  ]);
  expect((await imported("FdbEntry")).inputs).toEqual([
    { namespace: "red", interface: "eth0", lladdr: "02:00:00:00:00:17" },
  ]);
  expect(left).toHaveLength(2);
  expect(left).toEqual(
    expect.arrayContaining([
      {
        what: "forwarding entry 02:00:00:00:00:18 of red/eth0",
        why: "FdbEntry cannot express an entry of the interface itself",
      },
      {
        what: "forwarding entry 02:00:00:00:00:19 of red/eth0",
        why: "FdbEntry cannot express permanent: it adds static entries",
      },
    ]),
  );
});

test("a bridge port has its cost and priority if they are not those of a new port", async () => {
  await run(...LINK, "ip -n red link set dev eth0 master br0");
  const end = async () => (await imported("Veth")).inputs[0]?.["a"] as { port?: object };
  expect((await end()).port).toBeUndefined();
  await run("ip -n red link set dev eth0 type bridge_slave cost 4 priority 8");
  expect((await end()).port).toEqual({ cost: 4, priority: 8 });
  await run("ip -n red link set dev eth0 type bridge_slave hairpin on");
  expect((await end()).port).toEqual({ cost: 4, priority: 8, hairpin: true });
});

test.each([
  ["Bridge", "link set dev br0 mtu 1400", 1400],
  ["Macvlan", "link add link eth0 name m0 mtu 1400 type macvlan mode bridge", 1400],
  ["Macvlan", "link add link eth0 name m0 type macvlan mode bridge", undefined],
  ["Vxlan", "link add vx0 mtu 1400 type vxlan id 7 remote 10.0.0.9 dstport 4789", 1400],
  ["Tun", "tuntap add dev m0 mode tun", undefined],
])("a %s has its MTU after `ip %s`: %s", async (kind, line, mtu) => {
  await run(...LINK, `ip -n red ${line}`);
  const { inputs } = await imported(kind);
  expect(inputs).toHaveLength(1);
  expect(inputs[0]?.["mtu"]).toBe(mtu);
});

test("routing rules of a namespace are taken over, and those of the lab host are left alone", async () => {
  await run(
    ...LINK,
    "ip -n red rule add from 10.0.0.0/8 iif eth0 lookup 100 priority 50",
    "ip rule add from 10.0.0.0/8 lookup 100 priority 50",
    "ip -n red rule add tos 0x10 lookup 100 priority 55",
  );
  await run("ip -n red -6 rule add to fd00::/8 priority 60 blackhole");
  await run("ip -n red -6 rule add iif eth0 lookup 7 priority 61");
  const { inputs, left } = await imported("RoutingRule");
  expect(left).toEqual([
    { what: "routing rule priority 55 lookup 100 tos 0x10 in red", why: "RoutingRule cannot express it" },
  ]);
  expect((await findLab(labHost(lab.enter))).left).toContainEqual({
    what: "routing rule priority 50 from 10.0.0.0/8 lookup 100 in the lab host",
    why: "to take it over, declare it with adopt: true",
  });
  const rules = [
    { namespace: "red", priority: 50, from: "10.0.0.0/8", iif: "eth0", table: 100 },
    { namespace: "red", priority: 60, to: "fd00::/8", type: "blackhole" },
    { namespace: "red", priority: 61, iif: "eth0", table: 7, family: "inet6" },
  ];
  expect(inputs).toEqual(rules);

  const listed = () => Promise.all(["-4", "-6"].map((family) => lab.ip("-n", "red", family, "rule")));
  const before = await listed();
  for (const [index, args] of rules.entries()) {
    const rule = lab.resource("RoutingRule", `rule-${index}`);
    expect(await rule.up(args, { adopt: true })).toBe("create");
    expect(await rule.refresh()).toEqual([]);
  }
  const after = await listed();
  expect(after.map((all) => all.length)).toEqual(before.map((all) => all.length));
});

test("sysctls of a namespace and of its links with other values than in a new one are resources", async () => {
  await run(...LINK, "ip -n red link add link eth0 name eth0.7 type macvlan mode bridge");
  expect((await imported("Sysctl")).inputs).toEqual([]);
  const values = [
    ...["net.ipv4.ip_forward=1", "net.ipv4.conf.all.arp_ignore=1", "net.ipv4.ip_default_ttl=63"],
    ...["net.ipv4.conf.eth0/7.proxy_arp=1", "net.ipv6.conf.eth0.disable_ipv6=1"],
  ];
  for (const value of values) await run(`ip netns exec red sysctl -qw ${value}`);
  const { inputs, left } = await imported("Sysctl");
  expect(
    inputs.map(({ namespace, key, value }) => `${String(namespace)} ${String(key)}=${String(value)}`).sort(),
  ).toEqual(values.map((value) => `red ${value}`).sort());
  expect(left).toEqual([]);
});

test("a sysctl of a namespace with the value of the lab host may be inherited, so that it is none of the lab", async () => {
  await run(...LINK, "sysctl -qw net.ipv4.conf.all.arp_ignore=2");
  await run("ip netns exec red sysctl -qw net.ipv4.conf.all.arp_ignore=2");
  expect((await imported("Sysctl")).inputs).toEqual([]);
});

test("a queueing discipline of a link is a resource, and one of another kind is left alone", async () => {
  await run(...LINK);
  expect((await imported("Tbf")).left).toEqual([]);
  await run("tc -n red qdisc add dev eth0 root tbf rate 1mbit burst 10kb latency 50ms");
  await run("tc -n red qdisc add dev br0 root pfifo limit 10");
  const { inputs, left } = await imported("Tbf");
  expect(inputs).toEqual([{ namespace: "red", interface: "eth0", rate: "1mbit", burst: "10kb" }]);
  expect(left).toEqual([{ what: "qdisc pfifo of red/br0", why: "no resource describes it" }]);
});
