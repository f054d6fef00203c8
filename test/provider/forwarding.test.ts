import { describe, expect, test } from "vitest";
import { bridgeDropWarning, forwardDropWarning } from "../../provider/forwarding.ts";
import { type Exchange, fails, scripted, tells } from "./script.ts";

const LIST = "nft --json list chains";
const IN_RED = "ip netns exec red nft --json list chains";

/** The chain that Docker sets. */
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
  "chain FORWARD of table ip filter on the lab host has policy drop, as set by Docker and ufw: it drops the packets that its rules do not accept\n" +
  "  help: if it drops the lab's packets, accept them, for example with\n" +
  "    nft insert rule ip filter FORWARD iifname LAB_INTERFACE accept\n" +
  "    nft insert rule ip filter FORWARD oifname LAB_INTERFACE accept";

const ANOTHERS =
  "chain fw of table inet lab in namespace red has policy drop, as set by Docker and ufw: it drops the packets that its rules do not accept\n" +
  "  help: if it drops the lab's packets, accept them, for example with\n" +
  "    ip netns exec red nft insert rule inet lab fw iifname LAB_INTERFACE accept\n" +
  "    ip netns exec red nft insert rule inet lab fw oifname LAB_INTERFACE accept";

describe("a warning that forwarded packets are dropped", () => {
  test("names a chain on the lab host with the policy drop", async () => {
    expect(await on(EATER)).toBe(DOCKERS);
  });

  test("names a chain in the namespace", async () => {
    const answer = chains({ ...EATER, family: "inet", table: "lab", name: "fw" });
    expect(await scripted([[IN_RED, answer]], (kernel) => forwardDropWarning(kernel, "red", "ip"))).toBe(ANOTHERS);
  });

  test("names the chain among others", async () => {
    const others = [without("type", "hook", "policy"), { ...EATER, name: "INPUT", hook: "input" }];
    expect(await on(...others, EATER, { ...EATER, policy: "accept" })).toBe(DOCKERS);
  });

  test("names only the first of several chains", async () => {
    expect(await on(EATER, { ...EATER, family: "inet", table: "lab", name: "fw" })).toBe(DOCKERS);
  });

  test("is not shown for a chain of a program of this package", async () => {
    expect(await on({ ...EATER, family: "inet", table: "pulumi-netns/lab/dev", name: "forward" })).toBe(undefined);
  });

  test("names a chain of any priority", async () => {
    expect(await on({ ...EATER, prio: 150 })).toBe(DOCKERS);
  });
});

describe("no warning that forwarded packets are dropped is shown", () => {
  test.each<[string, object[]]>([
    ["without a chain", []],
    ["for a chain that accepts", [{ ...EATER, policy: "accept" }]],
    ["for a chain without a policy", [without("policy")]],
    ["for a chain that is not a base chain", [without("type", "hook", "prio", "policy")]],
    ["for a chain with that name only", [without("hook", "policy")]],
    ["for a chain without a type", [without("type")]],
    ["for a chain that drops incoming packets", [{ ...EATER, name: "INPUT", hook: "input" }]],
    ["for a chain that drops outgoing packets", [{ ...EATER, name: "OUTPUT", hook: "output" }]],
    ["for a chain that drops before the routing", [{ ...EATER, name: "FORWARD", hook: "prerouting" }]],
    ["for a chain of another type", [{ ...EATER, type: "route" }]],
    [
      "for several chains that each differ in one property",
      [
        { ...EATER, policy: "accept" },
        { ...EATER, hook: "input" },
        { ...EATER, type: "nat" },
      ],
    ],
  ])("%s", async (_what, all) => {
    expect(await on(...all)).toBeUndefined();
  });

  test("in a missing namespace", async () => {
    const gone = fails('Cannot open network namespace "red": No such file or directory', 255);
    expect(await scripted([[IN_RED, gone]], (kernel) => forwardDropWarning(kernel, "red", "ip"))).toBeUndefined();
  });
});

describe.each<["ip" | "ip6", string[], string]>([
  ["ip", ["ip", "inet"], "ip6"],
  ["ip6", ["ip6", "inet"], "ip"],
])("the warning that forwarded packets of %s are dropped", (wanted, eaters, other) => {
  test.each(["ip", "ip6", "inet", "bridge", "arp", "netdev"])(
    "is shown for a chain of %s only if its family applies",
    async (family) => {
      const told = DOCKERS.replaceAll("ip filter", `${family} filter`);
      expect(await of(wanted, { ...EATER, family })).toBe(eaters.includes(family) ? told : undefined);
    },
  );

  test("names the first chain whose family applies", async () => {
    const others = ["bridge", "arp", "netdev", other];
    const [first, ...more] = eaters.map((family) => ({ ...EATER, family, name: family }));
    const told = await of(wanted, ...others.map((family) => ({ ...EATER, family })), { ...first }, ...more);
    expect(told?.split("\n")[0]).toContain(`chain ${eaters[0]} of table ${eaters[0]} filter`);
  });
});

describe("the warning that switched packets are dropped", () => {
  const KEY = "net.bridge.bridge-nf-call-iptables";
  const ASK = `sysctl --values ${KEY}`;
  const says = (stdout: string) => ({ code: 0, stdout, stderr: "" });
  const OR = `\n  or, for traffic that bridges switch, set ${KEY} to 0; otherwise the firewall filters that as well`;
  const at = (namespace: string | undefined, ...script: Exchange[]) =>
    scripted(script, (kernel) => bridgeDropWarning(kernel, namespace));

  test("is shown on the lab host if firewalls filter them and one drops", async () => {
    expect(await at(undefined, [ASK, says("1\n")], [LIST, chains(EATER)])).toBe(DOCKERS + OR);
  });

  test("is shown in a namespace if firewalls filter them and one drops there", async () => {
    const answer = chains({ ...EATER, family: "inet", table: "lab", name: "fw" });
    expect(await at("red", [`ip netns exec red ${ASK}`, says("1\n")], [IN_RED, answer])).toBe(ANOTHERS + OR);
  });

  test.each(["ip", "inet"])("is shown for a chain of %s", async (family) => {
    const told = DOCKERS.replaceAll("ip filter", `${family} filter`) + OR;
    expect(await at(undefined, [ASK, says("1\n")], [LIST, chains({ ...EATER, family })])).toBe(told);
  });

  test.each<[string, object[]]>([
    ["there is no chain", []],
    ["forwarded packets are accepted", [{ ...EATER, policy: "accept" }]],
    ["incoming packets are dropped", [{ ...EATER, hook: "input" }]],
    ["chains of other families drop", ["bridge", "arp", "netdev"].map((family) => ({ ...EATER, family }))],
  ])("is not shown if firewalls filter them and %s", async (_what, all) => {
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
    ["that the query is denied", fails(`sysctl: permission denied on key '${KEY}'`, 255)],
    ["that sysctl is not installed", fails("spawn sysctl ENOENT", 127)],
  ])("is not shown, and no chains are listed, if the answer of sysctl is %s", async (_what, answer) => {
    expect(await at(undefined, [ASK, answer])).toBeUndefined();
    expect(await at("red", [`ip netns exec red ${ASK}`, answer])).toBeUndefined();
  });

  test("is an error if the chains cannot be listed", async () => {
    const denied = fails("Operation not permitted (you must be root)", 1);
    await expect(at(undefined, [ASK, says("1\n")], [LIST, denied])).rejects.toMatchObject({ reason: "denied" });
  });
});
