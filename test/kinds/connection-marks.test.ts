import { expect, test } from "vitest";
import { labHost } from "../../inspect/lab-host.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { CheckError } from "../support/lab.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { serve } from "../support/server.ts";

/* A server behind a router with two uplinks, whose answers leave by the uplink by which the connection came. */

labForEachTest("office", "web", "alpha", "beta", "client");

const MARKS = { alpha: 1, beta: 2 };
const UPLINKS = { alpha: "198.51.100.1", beta: "203.0.113.1" };
type Uplink = keyof typeof UPLINKS;

const inOffice = (...words: string[]) => lab.run("ip", "netns", "exec", "office", ...words);
const ruleset = () => inOffice("nft", "list", "ruleset");

/** Creates the network by hand: each provider drops the packets of the office that have not the address which it has given to it. */
async function wire() {
  const cable = (a: string, addressA: string, b: string, addressB: string) => [
    `ip -n ${a} link add ${b} type veth peer name ${a} netns ${b}`,
    ...[[a, b, addressA] as const, [b, a, addressB] as const].flatMap(([place, link, address]) => [
      `ip -n ${place} address add ${address} dev ${link}`,
      `ip -n ${place} link set ${link} up`,
    ]),
  ];
  const lines = [
    ...cable("office", "198.51.100.1/30", "alpha", "198.51.100.2/30"),
    ...cable("office", "203.0.113.1/30", "beta", "203.0.113.2/30"),
    ...cable("office", "10.1.0.1/24", "web", "10.1.0.80/24"),
    ...cable("client", "192.0.2.1/30", "alpha", "192.0.2.2/30"),
    ...cable("client", "192.0.2.5/30", "beta", "192.0.2.6/30"),
    "ip -n client link set lo up",
    "ip -n client address add 192.0.2.80/32 dev lo",
    "ip -n client route add 198.51.100.0/30 via 192.0.2.2 src 192.0.2.80",
    "ip -n client route add 203.0.113.0/30 via 192.0.2.6 src 192.0.2.80",
    "ip -n alpha route add 192.0.2.80 via 192.0.2.1",
    "ip -n beta route add 192.0.2.80 via 192.0.2.5",
    "ip -n web route add default via 10.1.0.1",
    "ip -n office route add default via 198.51.100.2",
    "ip -n office route add default via 198.51.100.2 table 101",
    "ip -n office route add default via 203.0.113.2 table 102",
    ...["office", "alpha", "beta"].flatMap((place) => [
      `ip netns exec ${place} sysctl -qw net.ipv4.ip_forward=1`,
      `ip netns exec ${place} sysctl -qw net.ipv4.conf.all.rp_filter=2`,
    ]),
    ...Object.entries(UPLINKS).flatMap(([provider, address]) => [
      `ip netns exec ${provider} nft 'add table ip f; add chain ip f c { type filter hook forward priority 0; }'`,
      `ip netns exec ${provider} nft 'add rule ip f c iifname office ip saddr != ${address} drop'`,
    ]),
  ];
  await lab.run("sh", "-ec", lines.join("\n"));
}

/** Returns whether the server answers the client over an uplink, and checks that a trace predicts the same. */
async function isAnswered(uplink: Uplink): Promise<boolean> {
  const address = UPLINKS[uplink];
  const traced = await trace(labHost(lab.enter), "client", address, { probe: { protocol: "tcp", port: 80 } });
  const page = ["curl", "-s", "-m2", "--noproxy", "*", `http://${address}/`];
  const { stdout } = await lab.try("ip", "netns", "exec", "client", ...page);
  expect([uplink, traced.outcome.kind === "answered"]).toEqual([uplink, stdout === "hello ::ffff:192.0.2.80"]);
  return stdout !== "";
}

const areAnswered = async () => ({ alpha: await isAnswered("alpha"), beta: await isAnswered("beta") });

const remember = (uplink: Uplink) => ({
  ...{ action: "continue", ctState: "new", inInterface: uplink, setCtMark: MARKS[uplink] },
});
const RESTORE = { action: "continue", inInterface: "web", setMark: "ct mark" };
const chain = (args: object = {}) => ({ namespace: "office", chain: "prerouting", priority: -150, ...args });

test("a service on two uplinks answers by the one of the request, as long as its connections are marked", async () => {
  await wire();
  const rulesBefore = await lab.run("ip", "-n", "office", "rule");
  await using _server = await serve(lab, "web", 8080);
  const others = (["alpha", "beta"] as const).flatMap((uplink) => [
    {
      it: lab.resource("RoutingRule", uplink),
      args: { namespace: "office", priority: 1000, fwmark: MARKS[uplink], table: 100 + MARKS[uplink] },
    },
    {
      it: lab.resource("NatRule", uplink),
      args: {
        ...{ namespace: "office", type: "dnat", destination: UPLINKS[uplink], protocol: "tcp", destinationPort: 80 },
        ...{ toAddress: "10.1.0.80", toPort: 8080 },
      },
    },
  ]);
  for (const { it, args } of others) await it.up(args);
  expect(await areAnswered()).toEqual({ alpha: true, beta: false });

  const it = lab.resource("FilterChain", "it");
  const args = chain({ rules: [remember("alpha"), remember("beta"), RESTORE] });
  expect(await it.up(args)).toBe("create");
  expect(it.id).toBe("office/filter/prerouting_at_-150");
  expect(await areAnswered()).toEqual({ alpha: true, beta: true });
  expect(await it.refresh()).toEqual([]);
  expect(await it.up(args)).toBe("same");
  const listed = await ruleset();
  expect(listed).toContain("type filter hook prerouting priority mangle; policy accept;");
  for (const rule of [
    'iifname "beta" ct state new ct mark set 0x00000002 continue',
    'iifname "web" meta mark set ct mark continue',
  ])
    expect(listed).toContain(rule);

  // At the usual priority, the chain is beside that of the NAT rules.
  expect(await it.up({ ...args, priority: 0 })).toBe("replace");
  expect(await areAnswered()).toEqual({ alpha: true, beta: true });
  for (const { it: other } of others) expect(await other.refresh()).toEqual([]);
  expect(await it.up(args)).toBe("replace");
  expect(await it.up(chain({ rules: [remember("alpha"), RESTORE] }))).toBe("update");
  expect(await areAnswered()).toEqual({ alpha: true, beta: false });
  // A rule that matches the connection's mark, in place of one that copies it.
  const chosen = { action: "continue", inInterface: "web", ctMark: 2, setMark: 2 };
  expect(await it.up(chain({ rules: [remember("beta"), chosen] }))).toBe("update");
  expect(await areAnswered()).toEqual({ alpha: true, beta: true });
  expect(await it.refresh()).toEqual([]);

  // The mark of the packet, which is then that of its connection.
  const marked = { action: "continue", inInterface: "beta", setMark: 2 };
  const saved = { action: "continue", inInterface: "beta", mark: 2, setCtMark: "meta mark" };
  const forgotten = { action: "continue", inInterface: "beta", setMark: 0 };
  expect(await it.up(chain({ rules: [marked, saved, forgotten, RESTORE] }))).toBe("update");
  expect(await areAnswered()).toEqual({ alpha: true, beta: true });
  expect(await it.refresh()).toEqual([]);

  for (const one of [it, ...others.map((other) => other.it)]) await one.destroy();
  expect(await ruleset()).toBe("");
  expect(await lab.run("ip", "-n", "office", "rule")).toBe(rulesBefore);
});

test.each([
  ["ct mark set 2", "ct mark set 1", "setCtMark", 1],
  ["ct mark set 2", "meta mark set 2", "setMark", 2],
  ["meta mark set ct mark", "meta mark set 7", "setMark", 7],
  ["meta mark set ct mark", "ct mark 2 meta mark set ct mark", "ctMark", 2],
])("a rule `%s` that was changed to `%s` by hand is seen, and restored", async (from, to, argument, value) => {
  const it = lab.resource("FilterChain", "it");
  const args = chain({
    rules: [
      { action: "continue", setCtMark: 2 },
      { action: "continue", setMark: "ct mark" },
    ],
  });
  await it.up(args);
  const before = await ruleset();
  const shown = from.replace(/\d$/, (digit) => `0x0000000${digit}`);
  const table = "inet pulumi-netns/test/dev filter_prerouting_at_-150";
  const listed = await inOffice("nft", "--handle", "list", "chain", ...table.split(" "));
  const [, handle] = new RegExp(`${shown} continue # handle (\\d+)`).exec(listed) ?? [];
  await inOffice("nft", `replace rule ${table} handle ${handle} ${to}`);
  expect(await it.refresh()).toEqual(["rules"]);
  expect(it.outputs["rules"]).toContainEqual(expect.objectContaining({ action: "continue", [argument]: value }));
  expect(await it.up(args)).toBe("update");
  expect(await ruleset()).toBe(before);
  await it.destroy();
  expect(await ruleset()).toBe("");
});

test.each([
  [
    { rules: [{ action: "accept", outInterface: "eth0" }] },
    "rules.0.outInterface: packets of the chain prerouting have no route yet; use inInterface",
  ],
  [
    { rules: [{ action: "continue", setMark: "meta mark" }] },
    'rules.0.setMark: "meta mark" is not a packet mark: a whole number from 0 to 4294967295, e.g. 16, or "ct mark"',
  ],
  [{ rules: [{ action: "continue", setCtMark: "ct mark" }] }, 'e.g. 16, or "meta mark"'],
  [{ rules: [{ action: "accept", ctMark: -1 }] }, "rules.0.ctMark: -1 is not a connection mark"],
  [
    { rules: [{ action: "continue", setMark: "ct mark", setCtMark: 1 }] },
    "rules.0.setMark: copies a mark that the same rule sets; declare a rule for each, in their order",
  ],
  [{ rules: [{ action: "continue", setMark: 1, setCtMark: "meta mark" }] }, "rules.0.setCtMark: copies a mark"],
])("%j is refused before anything is done", async (args, why) => {
  const refused = lab.resource("FilterChain", "it").up(chain(args));
  await expect(refused).rejects.toThrow(CheckError);
  await expect(refused).rejects.toThrow(why);
});
