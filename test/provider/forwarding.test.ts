import { describe, expect, test } from "vitest";
import { bridgeDropWarning, forwardDropWarning } from "../../provider/forwarding.ts";
import { type Exchange, fails, scripted, tells } from "./script.ts";

const LIST = "nft --json list chains";
const IN_RED = "ip netns exec red nft --json list chains";

/** What Docker has set. */
const EATER = {
  family: "ip",
  table: "filter",
  name: "FORWARD",
  handle: 2,
  type: "filter",
  hook: "forward",
  prio: 0,
  policy: "drop",
};
const without = (...keys: string[]) => Object.fromEntries(Object.entries(EATER).filter(([key]) => !keys.includes(key)));
const chains = (...all: object[]) =>
  tells({ nftables: [{ metainfo: { version: "1.0.6" } }, ...all.map((chain) => ({ chain }))] });

const of = (family: "ip" | "ip6", ...all: object[]) =>
  scripted([[LIST, chains(...all)]], (kernel) => forwardDropWarning(kernel, undefined, family));
const on = (...all: object[]) => of("ip", ...all);

const DOCKERS =
  "forwarding is blocked on the lab host: chain FORWARD of table ip filter has policy drop, as set by Docker and ufw\n" +
  "  help: accept the lab's packets, for example with\n" +
  "    nft insert rule ip filter FORWARD iifname LAB_INTERFACE accept\n" +
  "    nft insert rule ip filter FORWARD oifname LAB_INTERFACE accept";

const ANOTHERS =
  "forwarding is blocked in namespace red: chain fw of table inet lab has policy drop, as set by Docker and ufw\n" +
  "  help: accept the lab's packets, for example with\n" +
  "    nft insert rule inet lab fw iifname LAB_INTERFACE accept\n" +
  "    nft insert rule inet lab fw oifname LAB_INTERFACE accept";

describe("what is forwarded is eaten", () => {
  test("on the lab host, by a chain that drops it", async () => {
    expect(await on(EATER)).toBe(DOCKERS);
  });

  test("in a namespace, by a chain that drops it there", async () => {
    const answer = chains({ ...EATER, family: "inet", table: "lab", name: "fw" });
    expect(await scripted([[IN_RED, answer]], (kernel) => forwardDropWarning(kernel, "red", "ip"))).toBe(ANOTHERS);
  });

  test("by a chain among others", async () => {
    const others = [without("type", "hook", "policy"), { ...EATER, name: "INPUT", hook: "input" }];
    expect(await on(...others, EATER, { ...EATER, policy: "accept" })).toBe(DOCKERS);
  });

  test("by the first of several, which alone is told of", async () => {
    expect(await on(EATER, { ...EATER, family: "inet", table: "lab", name: "fw" })).toBe(DOCKERS);
  });

  test("but not by a chain that a program declares", async () => {
    expect(await on({ ...EATER, family: "inet", table: "pulumi-netns/lab/dev", name: "forward" })).toBe(undefined);
  });

  test("by a chain of any priority", async () => {
    expect(await on({ ...EATER, prio: 150 })).toBe(DOCKERS);
  });
});

describe("what is forwarded is not eaten", () => {
  test.each<[string, object[]]>([
    ["where there is no chain", []],
    ["by a chain that accepts it", [{ ...EATER, policy: "accept" }]],
    ["by a chain without a policy", [without("policy")]],
    ["by a chain that packets do not come through by themselves", [without("type", "hook", "prio", "policy")]],
    ["by a chain of that name alone", [without("hook", "policy")]],
    ["by a chain without a type", [without("type")]],
    ["by what drops what comes in", [{ ...EATER, name: "INPUT", hook: "input" }]],
    ["by what drops what goes out", [{ ...EATER, name: "OUTPUT", hook: "output" }]],
    ["by what drops before the routing", [{ ...EATER, name: "FORWARD", hook: "prerouting" }]],
    ["by a chain of another type", [{ ...EATER, type: "route" }]],
    [
      "by several chains that are each something of it",
      [
        { ...EATER, policy: "accept" },
        { ...EATER, hook: "input" },
        { ...EATER, type: "nat" },
      ],
    ],
  ])("%s", async (_what, all) => {
    expect(await on(...all)).toBeUndefined();
  });

  test("in a namespace that is not there", async () => {
    const gone = fails('Cannot open network namespace "red": No such file or directory', 255);
    expect(await scripted([[IN_RED, gone]], (kernel) => forwardDropWarning(kernel, "red", "ip"))).toBeUndefined();
  });
});

describe.each<["ip" | "ip6", string[], string]>([
  ["ip", ["ip", "inet"], "ip6"],
  ["ip6", ["ip6", "inet"], "ip"],
])("what is forwarded of %s", (wanted, eaters, other) => {
  test.each(["ip", "ip6", "inet", "bridge", "arp", "netdev"])("is eaten by a chain of %s, or not", async (family) => {
    const told = DOCKERS.replaceAll("ip filter", `${family} filter`);
    expect(await of(wanted, { ...EATER, family })).toBe(eaters.includes(family) ? told : undefined);
  });

  test("is eaten by the first that is of it, whatever comes before", async () => {
    const others = ["bridge", "arp", "netdev", other];
    const [first, ...more] = eaters.map((family) => ({ ...EATER, family, name: family }));
    const told = await of(wanted, ...others.map((family) => ({ ...EATER, family })), { ...first }, ...more);
    expect(told?.split("\n")[0]).toContain(`chain ${eaters[0]} of table ${eaters[0]} filter`);
  });
});

describe("what is switched", () => {
  const KEY = "net.bridge.bridge-nf-call-iptables";
  const ASK = `sysctl --values ${KEY}`;
  const says = (stdout: string) => ({ code: 0, stdout, stderr: "" });
  const OR = `\n  or, for traffic that bridges switch, set ${KEY} to 0; otherwise the firewall filters that as well`;
  const at = (namespace: string | undefined, ...script: Exchange[]) =>
    scripted(script, (kernel) => bridgeDropWarning(kernel, namespace));

  test("is eaten on the lab host, where firewalls see it and one drops", async () => {
    expect(await at(undefined, [ASK, says("1\n")], [LIST, chains(EATER)])).toBe(DOCKERS + OR);
  });

  test("is eaten in a namespace, where firewalls see it and one drops there", async () => {
    const answer = chains({ ...EATER, family: "inet", table: "lab", name: "fw" });
    expect(await at("red", [`ip netns exec red ${ASK}`, says("1\n")], [IN_RED, answer])).toBe(ANOTHERS + OR);
  });

  test.each(["ip", "inet"])("is eaten by a chain of %s", async (family) => {
    const told = DOCKERS.replaceAll("ip filter", `${family} filter`) + OR;
    expect(await at(undefined, [ASK, says("1\n")], [LIST, chains({ ...EATER, family })])).toBe(told);
  });

  test.each<[string, object[]]>([
    ["there is no chain", []],
    ["what is forwarded is accepted", [{ ...EATER, policy: "accept" }]],
    ["what comes in is dropped", [{ ...EATER, hook: "input" }]],
    ["chains of other families drop", ["bridge", "arp", "netdev"].map((family) => ({ ...EATER, family }))],
  ])("is not eaten where firewalls see it and %s", async (_what, all) => {
    expect(await at(undefined, [ASK, says("1\n")], [LIST, chains(...all)])).toBeUndefined();
  });

  test.each([
    ["0", says("0\n")],
    ["nothing", says("")],
    ["10", says("10\n")],
    [
      "that there is no such key",
      fails(`sysctl: cannot stat /proc/sys/net/bridge/bridge-nf-call-iptables: No such file or directory`, 255),
    ],
    ["that it may not look", fails(`sysctl: permission denied on key '${KEY}'`, 255)],
    ["that there is no sysctl", fails("spawn sysctl ENOENT", 127)],
  ])("is not eaten, and no chain is looked for, where the answer is %s", async (_what, answer) => {
    expect(await at(undefined, [ASK, answer])).toBeUndefined();
    expect(await at("red", [`ip netns exec red ${ASK}`, answer])).toBeUndefined();
  });

  test("is not known where the chains cannot be listed", async () => {
    const denied = fails("Operation not permitted (you must be root)", 1);
    await expect(at(undefined, [ASK, says("1\n")], [LIST, denied])).rejects.toMatchObject({ reason: "denied" });
  });
});
