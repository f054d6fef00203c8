import { describe, expect, test } from "vitest";
import { ip } from "../../../provider/kernel/tools/ip.ts";
import { address } from "../../../provider/kinds/address.ts";
import { showPlan } from "../../../provider/plan.ts";
import { check, UNKNOWN } from "../../../provider/schema.ts";
import { MARK, ready } from "../samples.ts";
import { type Exchange, fails, scripted, tells } from "../script.ts";

const V4 = { interface: "eth0", address: "192.168.15.1/24" };
const V6 = { interface: "eth0", address: "fd00:15::1/64" };
type Seen = NonNullable<Parameters<typeof address.plan>[0]["seen"]>;
const seen = (args: object, dependants: Seen["dependants"] = []): Seen => ({
  state: ready(address, args),
  mark: MARK,
  dependants,
});

test.each([
  [{ ...V4, peer: "fd00::2" }, "peer", '"fd00::2" and the address "192.168.15.1/24" must be of the same family'],
  [{ ...V6, peer: "10.0.0.2" }, "peer", '"10.0.0.2" and the address "fd00:15::1/64" must be of the same family'],
  [{ ...V4, peer: "10.0.0.2/32" }, "peer", '"10.0.0.2/32" is not a host address'],
  [
    { ...V6, broadcast: "10.0.0.255" },
    "broadcast",
    '"10.0.0.255" cannot be used with "fd00:15::1/64": IPv6 has no broadcast',
  ],
  [
    { ...V6, scope: "link" },
    "scope",
    '"link" cannot be used with "fd00:15::1/64": the scope of an IPv6 address follows from the address',
  ],
  [{ ...V4, scope: "site" }, "scope", '"site" is not one of "global", "link", "host"'],
  [{ ...V4, address: "192.168.15.1" }, "address", '"192.168.15.1" is not an interface address with its prefix length'],
  [{ ...V4, interface: "eth 0" }, "interface", '"eth 0" is not an interface name'],
])("%j is refused at %s: %s", (args, property, reason) => {
  expect(check(address.schema, args)).toEqual({ failures: [{ property, reason: expect.stringContaining(reason) }] });
});

test.each([
  { ...V4, peer: UNKNOWN },
  { interface: "eth0", address: UNKNOWN, peer: "fd00::2", broadcast: "10.0.0.255", scope: "link" },
  { ...V6, broadcast: UNKNOWN, scope: UNKNOWN },
])("no rule over several arguments is applied to %j as long as a value is unknown", (args) => {
  expect(check(address.schema, args)).toEqual({ args });
});

test("a broadcast address of the other family is refused", () => {
  expect(check(address.schema, { ...V4, broadcast: "fd00::1" })).toHaveProperty("failures");
});

test.each([
  [V4, "ip address add 192.168.15.1/24 dev eth0"],
  [{ ...V4, namespace: "red" }, "ip -n red address add 192.168.15.1/24 dev eth0"],
  [{ ...V4, broadcast: "192.168.15.255" }, "ip address add 192.168.15.1/24 dev eth0 broadcast 192.168.15.255"],
  [{ ...V4, scope: "link" }, "ip address add 192.168.15.1/24 dev eth0 scope link"],
  [
    { interface: "tun0", address: "10.0.0.1/32", peer: "10.0.0.2", scope: "global" },
    "ip address add 10.0.0.1 peer 10.0.0.2/32 dev tun0 scope global",
  ],
  [V6, "ip address add fd00:15::1/64 dev eth0 nodad"],
  [
    { ...V6, peer: "fd00:15::2", namespace: "red" },
    "ip -n red address add fd00:15::1 peer fd00:15::2/64 dev eth0 nodad",
  ],
])("the plan to add %j", (args, text) => {
  expect(showPlan(address.plan({ seen: undefined, desired: ready(address, args), mark: MARK }))).toBe(text);
});

test.each<[string, Seen, object, string]>([
  ["to change nothing if nothing differs", seen(V4), V4, ""],
  ["to keep a scope that the kernel chose", seen({ ...V4, scope: "host" }), V4, ""],
  [
    "to correct a broadcast address",
    seen({ ...V4, broadcast: "192.168.15.255" }),
    V4,
    "ip address delete 192.168.15.1/24 dev eth0\nip address add 192.168.15.1/24 dev eth0",
  ],
])("the plan %s", (_what, seen, args, text) => {
  expect(showPlan(address.plan({ seen, desired: ready(address, args), mark: MARK }))).toBe(text);
});

test.each<[string, Seen | undefined, string]>([
  ["an address", seen({ ...V4, namespace: "red" }), "ip -n red address delete 192.168.15.1/24 dev eth0"],
  [
    "an address with a peer",
    seen({ ...V4, peer: "192.168.15.2", broadcast: "192.168.15.255" }),
    "ip address delete 192.168.15.1 peer 192.168.15.2/24 dev eth0",
  ],
  ["a missing address", undefined, ""],
])("the plan to delete %s", (_what, seen, text) => {
  expect(showPlan(address.plan({ seen, desired: undefined, mark: MARK }))).toBe(text);
});

test("addresses that are deleted with a primary one are added again, and it is tolerated that they still exist", () => {
  const plan = address.plan({
    seen: seen(V4, [{ ...V4, address: "192.168.15.7/24", broadcast: "192.168.15.255" }]),
    desired: undefined,
    mark: MARK,
  });
  expect(showPlan(plan).split("\n")[1]).toMatch(
    /^ip address add 192\.168\.15\.7\/24 dev eth0 broadcast 192\.168\.15\.255/,
  );
  expect(plan.map((step) => step.tolerate)).toEqual([["absent"], ["exists"]]);
});

describe("the observed state", () => {
  const first = { family: "inet", local: "192.168.15.1", prefixlen: 24, scope: "global" };
  const second = { ...first, local: "192.168.15.7", secondary: true };
  const elsewhere = { ...second, local: "10.0.0.7" };
  const link = (...addr_info: object[]) =>
    tells([{ ifindex: 2, ifname: "eth0", flags: [], mtu: 1500, ifalias: MARK, addr_info }]);
  const observe = (answer: ReturnType<typeof fails>, args: object = V4, ...more: Exchange[]) =>
    scripted([["ip -json -details address show dev eth0", answer], ...more], (kernel) =>
      address.observe(kernel, ready(address, args), MARK),
    );

  test.each([
    ["an address", link(first), V4, seen({ ...V4, scope: "global" })],
    [
      "an address with its broadcast address",
      link({ ...first, broadcast: "192.168.15.255" }),
      V4,
      seen({ ...V4, scope: "global", broadcast: "192.168.15.255" }),
    ],
    [
      "an address with its peer",
      link({ ...first, address: "192.168.15.2" }),
      { ...V4, peer: "192.168.15.2" },
      seen({ ...V4, peer: "192.168.15.2", scope: "global" }),
    ],
    ["an address without a scope that no argument can describe", link({ ...first, scope: "site" }), V4, seen(V4)],
    ["undefined with another peer", link({ ...first, address: "192.168.15.2" }), V4, undefined],
    ["undefined with another prefix length", link({ ...first, prefixlen: 25 }), V4, undefined],
    ["undefined on a link without addresses", link(), V4, undefined],
    ["undefined without the link", fails('Device "eth0" does not exist.', 1), V4, undefined],
  ])("is %s", async (_what, answer, args, expected) => {
    expect(await observe(answer, args)).toEqual(expected);
  });

  test("has a primary address with the secondary ones of its network", async () => {
    const routes: Exchange = [
      "ip -json -details route show table all protocol 201",
      tells([{ dst: "10.7.0.0/16", gateway: "192.168.15.5", dev: "eth0" }]),
    ];
    const seen = await observe(link(elsewhere, first, second), V4, routes);
    expect(seen).toMatchObject({ dependants: [{ address: "192.168.15.7/24" }] });
    expect(showPlan(seen?.routes ?? [])).toBe("ip -4 route add 10.7.0.0/16 via 192.168.15.5 dev eth0 protocol 201");
    expect(await observe(link(first, second), { ...V4, address: "192.168.15.7/24" })).toMatchObject({ dependants: [] });
  });

  test("has the mark of the link", async () => {
    expect(await observe(link(first))).toMatchObject({ mark: MARK });
  });
});

test("routes that are deleted with a primary address are added again behind the addresses, and it is tolerated that they exist or are rejected", () => {
  const run = ip(undefined, "route", "add", "x");
  const routes = [{ run, tolerate: ["exists", "failed"] as const }];
  const other = { ...V4, address: "192.168.15.7/24" };
  for (const desired of [undefined, ready(address, { ...V4, scope: "link" })]) {
    const was = { ...seen({ ...V4, scope: "global" }, [other]), routes };
    const plan = address.plan({ seen: was, desired, mark: MARK });
    expect(showPlan(plan.slice(-2))).toBe("ip address add 192.168.15.7/24 dev eth0\nip route add x");
    expect(plan.slice(-2).map(({ tolerate }) => tolerate)).toEqual([["exists"], ["exists", "failed"]]);
  }
});

test.each([
  ["on a link of its own stack", "pulumi-netns:lab/dev:sibling@89abcdef", "ip address delete 192.168.15.1/24 dev eth0"],
  ["on a link without a mark", undefined, "ip address delete 192.168.15.1/24 dev eth0"],
  ["but not on a link that another stack has created meanwhile", "pulumi-netns:lab/prod:it@0123abcd", ""],
])("an address is deleted %s", (_where, mark, text) => {
  expect(showPlan(address.plan({ seen: { ...seen(V4), mark }, desired: undefined, mark: MARK }))).toBe(text);
});

describe("with IPv6 disabled", () => {
  const steps = (args: object) => address.plan({ seen: undefined, desired: ready(address, args), mark: MARK });

  test.each([
    ["eth0", "net.ipv6.conf.eth0.disable_ipv6=0"],
    ["eth0.1", "net.ipv6.conf.eth0/1.disable_ipv6=0"],
    ["$&", "net.ipv6.conf.$&.disable_ipv6=0"],
  ])("the step for the interface %s of a namespace enables IPv6 there if it fails", (link, setting) => {
    const [step] = steps({ ...V6, interface: link, namespace: "red" });
    expect(step?.recover).toEqual({
      from: "ipv6-off",
      run: { tool: "sysctl", namespace: "red", args: ["--write", setting], subject: setting.split("=")[0] },
    });
  });

  test.each([
    ["on the lab host", V6],
    ["of IPv4", { ...V4, namespace: "red" }],
  ])("the step for an address %s enables nothing", (_what, args) => {
    expect(steps(args)[0]).not.toHaveProperty("recover");
  });
});
