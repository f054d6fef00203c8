import { describe, expect, test, vi } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { timed } from "./clock.ts";
import { bridgeArgs, bridgeCommands, MARK } from "./samples.ts";
import { besides, type Exchange, fails, scripted, tells } from "./script.ts";

vi.mock("node:timers/promises", () => import("./clock.ts"));

const says = (stdout: string) => ({ code: 0, stdout, stderr: "" });
const LIST = "nft --json list chains";
const drop = (family: string) =>
  tells({
    nftables: [
      { chain: { family, table: "filter", name: "FORWARD", type: "filter", hook: "forward", policy: "drop" } },
    ],
  });

const enter = (where: string) => (where.startsWith("in") ? "ip netns exec red " : "");

const warning = (where: string, family: string) =>
  `chain FORWARD of table ${family} filter ${where} has policy drop, as set by Docker and ufw: it drops the packets that its rules do not accept\n` +
  "  help: if it drops the lab's packets, accept them, for example with\n" +
  `    ${enter(where)}nft insert rule ${family} filter FORWARD iifname LAB_INTERFACE accept\n` +
  `    ${enter(where)}nft insert rule ${family} filter FORWARD oifname LAB_INTERFACE accept`;

const FILTERS = "net.bridge.bridge-nf-call-iptables";
const switching = (where: string, family: string) =>
  `${warning(where, family)}\n  or, for traffic that bridges switch, set ${FILTERS} to 0; otherwise the firewall filters that as well`;

/** Returns the warnings of an operation on a resource, its result and its duration. */
async function life(type: string, script: readonly Exchange[], act: (life: Lifecycle) => Promise<unknown>) {
  const said: string[] = [];
  const ended = await timed(() =>
    scripted(script, (kernel) => act(lifecycles(kernel, { warn: (text) => said.push(text) }).get(type) as Lifecycle)),
  );
  return { ...ended, said };
}

/** Failures of nft, and answers that cannot be parsed. */
const UNREADABLE = [
  ["is denied", fails("Operation not permitted (you must be root)", 1)],
  ["is not installed", fails("spawn nft ENOENT", 127)],
  ["is busy", fails("Resource temporarily unavailable", 1)],
  ["answers no JSON", says("table ip filter")],
  ["answers other JSON", says("[]")],
] as const;

describe.each([
  ["net.ipv4.ip_forward", "net.ipv4.ip_forward", ["ip", "inet"]],
  ["net.ipv4.conf.all.forwarding", "net.ipv4.ip_forward", ["ip", "inet"]],
  ["net.ipv6.conf.all.forwarding", "net.ipv6.conf.all.forwarding", ["ip6", "inet"]],
])("a create of the sysctl %s", (key, noted, eaters) => {
  const inputs = { key, value: "1", __mark: MARK };
  const made = { id: key, outs: { ...inputs, previous: "0" } };
  const making: Exchange[] = [
    [`sysctl --values ${key}`, says("0\n")],
    ["ip -json -details address show dev lo", tells([{ ifindex: 1, ifname: "lo", flags: [], mtu: 65_536 }])],
    ...besides(key),
    [`ip link property add dev lo altname ${noted}=0:6d3d18b0`],
    [`sysctl --write ${key}=1`],
  ];

  test.each(["ip", "ip6", "inet", "bridge", "arp"])(
    "warns of a chain of the family %s if that can drop forwarded packets",
    async (family) => {
      expect(await life("Sysctl", [...making, [LIST, drop(family)]], (it) => it.create(inputs))).toEqual({
        value: made,
        took: 0,
        said: eaters.includes(family) ? [warning("on the lab host", family)] : [],
      });
    },
  );

  test.each(UNREADABLE)("succeeds without a retry if nft %s", async (_what, answer) => {
    const ended = await life("Sysctl", [...making, [LIST, answer]], (it) => it.create(inputs));
    expect(ended).toEqual({ value: made, took: 0, said: [] });
  });
});

describe.each([
  [undefined, "br0", "on the lab host"],
  ["red", "red/br0", "in namespace red"],
])("a create of a bridge in the place %j", (namespace, id, where) => {
  const inputs = { ...bridgeArgs(namespace === undefined ? {} : { namespace }), __mark: MARK };
  const made = { id, outs: inputs };
  const [ip, run] = namespace === undefined ? ["ip", ""] : [`ip -n ${namespace}`, `ip netns exec ${namespace} `];
  const SHOW = `${ip} -json -details address show dev br0`;
  const seen = (flags: string[]) => {
    const linkinfo = { info_kind: "bridge", info_data: { stp_state: 0, vlan_filtering: 0 } };
    return tells([{ ifindex: 3, ifname: "br0", flags, mtu: 1500, address: inputs.mac, ifalias: MARK, linkinfo }]);
  };
  const making: Exchange[] = [
    [SHOW, fails('Device "br0" does not exist.')],
    [bridgeCommands({ namespace }).add],
    [bridgeCommands({ namespace }).set],
  ];
  const ASK = `${run}sysctl --values ${FILTERS}`;
  const on: Exchange = [ASK, says("1\n")];
  const create = (...script: Exchange[]) => life("Bridge", script, (it) => it.create(inputs));

  test.each(["ip", "inet"])(
    "warns once, at the end, that a chain of the family %s drops switched packets",
    async (family) => {
      const ended = await create(...making, on, [`${run}${LIST}`, drop(family)]);
      expect(ended).toEqual({ value: made, took: 0, said: [switching(where, family)] });
    },
  );

  test("warns also if the bridge already exists", async () => {
    const ended = await create([SHOW, seen(["UP"])], on, [`${run}${LIST}`, drop("ip")]);
    expect(ended).toEqual({ value: made, took: 0, said: [switching(where, "ip")] });
  });

  test.each(["bridge", "arp"])("does not warn of a chain of the family %s", async (family) => {
    const ended = await create(...making, on, [`${run}${LIST}`, drop(family)]);
    expect(ended).toEqual({ value: made, took: 0, said: [] });
  });

  test.each([
    ["do not filter switched packets", says("0\n")],
    [
      "have no module that filters switched packets",
      fails("sysctl: cannot stat /proc/sys/net/bridge: No such file or directory", 255),
    ],
    ["cannot be queried", fails(`sysctl: permission denied on key '${FILTERS}'`, 255)],
    ["are busy", fails(`sysctl: reading key "${FILTERS}": Device or resource busy`, 255)],
  ])("does not warn and lists no chains if the firewalls %s", async (_what, answer) => {
    expect(await create(...making, [ASK, answer])).toEqual({ value: made, took: 0, said: [] });
  });

  test.each(UNREADABLE)("succeeds without a retry if nft %s", async (_what, answer) => {
    const ended = await create(...making, on, [`${run}${LIST}`, answer]);
    expect(ended).toEqual({ value: made, took: 0, said: [] });
  });

  test("does not warn and queries no firewall if it fails", async () => {
    const ended = await create([SHOW, fails("RTNETLINK answers: Operation not permitted")]);
    expect(ended).toMatchObject({ error: { reason: "denied" }, took: 0, said: [] });
  });

  // A read takes a snapshot of the whole namespace, which all reads share.
  const reading: Exchange[] =
    namespace === undefined
      ? [[SHOW, seen(["UP"])]]
      : [
          [`${ip} -json -details address show`, seen(["UP"])],
          [`${ip} -json -details -4 route show exact default table 254`, tells([])],
        ];

  test.each<[string, Exchange[], (it: Lifecycle) => Promise<unknown>]>([
    ["updated", [[SHOW, seen([])], [`${ip} link set dev br0 up`]], (it) => it.update(id, inputs, inputs)],
    ["read", reading, (it) => it.read(id, inputs)],
    ["deleted", [[SHOW, seen(["UP"])], [`${ip} link delete dev br0`]], (it) => it.delete(id, inputs)],
    ["checked", [], async (it) => it.check({}, inputs)],
    ["compared", [], async (it) => it.diff(id, { ...inputs, up: false }, inputs)],
  ])("does not warn and queries no firewall if the bridge is %s", async (_what, script, act) => {
    const ended = await life("Bridge", script, act);
    expect(ended).toMatchObject({ took: 0, said: [] });
    expect(ended).not.toHaveProperty("error");
  });
});
