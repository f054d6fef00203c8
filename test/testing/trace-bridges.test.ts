import { afterEach, beforeEach, expect, test } from "vitest";
import { type LabHost, labHost } from "../../inspect/lab-host.ts";
import { showTrace } from "../../inspect/trace/text.ts";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";
import { traced } from "../support/traced.ts";

const KEY = "net.bridge.bridge-nf-call-iptables";
const OFF = `keep the rules for IP off bridges:\n  new Sysctl("…", { key: "${KEY}", value: "0" })`;

let box: Sandbox;
let host: LabHost;
/** Whether rules for IP apply to the frames of bridges: not on a kernel that has not loaded br_netfilter. */
let isFiltered: boolean;

/**
 *   pc1 10.70.1.1 ─┐
 *                  ├─ sw-a 10.70.0.1 (lab host) ── sw-b, without an address ── pc2 10.70.1.2
 *   pc3 10.70.1.3 ─┘
 */
beforeEach(async () => {
  box = await sandbox();
  host = labHost(box.enter);
  for (const name of ["sw-a", "sw-b"]) await ip(`link add ${name} up type bridge`);
  await ip("address add 10.70.0.1/16 dev sw-a");
  await ip("link add trunk-a type veth peer name trunk-b");
  for (const side of ["a", "b"]) await ip(`link set dev trunk-${side} up master sw-${side}`);
  for (const [name, bridge, last] of [
    ["pc1", "sw-a", 1],
    ["pc2", "sw-b", 2],
    ["pc3", "sw-a", 3],
  ] as const) {
    await ip(`netns add ${name}`);
    await ip(`link add to-${name} type veth peer name eth0 netns ${name}`);
    await ip(`link set dev to-${name} up master ${bridge}`);
    await ip(`-n ${name} link set dev eth0 up`);
    await ip(`-n ${name} address add 10.70.1.${last}/16 dev eth0`);
  }
  await box.run("sysctl", "-qw", "net.ipv4.ip_forward=1");
  isFiltered = (await box.try("sysctl", "-qw", `${KEY}=1`)).code === 0;
});

afterEach(() => box[Symbol.asyncDispose]());

/** Runs `ip` with the words of a text. */
const ip = (words: string) => box.run("ip", ...words.split(" "));

/** Traces a ping from pc1, after a real one has confirmed whether it is answered, and returns the text and the outcome. */
async function follow(destination: string) {
  const way = await traced(host, { from: "pc1", to: destination });
  const text = showTrace(way);
  expect(text).not.toMatch(/becomes(,|$)|Error:|""/m);
  return { text, outcome: way.outcome };
}

test("a masquerade that applies to the frames of two bridges: the answer does not find back", async () => {
  await box.run("nft", "add table ip t; add chain ip t out { type nat hook postrouting priority srcnat; }");
  await box.run("nft", "add rule ip t out ip saddr 10.70.0.0/16 masquerade");
  // One bridge translates the answer back.
  expect((await follow("10.70.1.3")).outcome).toEqual({ kind: "answered" });
  const { text, outcome } = await follow("10.70.1.2");
  if (isFiltered) {
    expect(text).toContain("masquerade on the bridge sw-a of the lab host: source 10.70.1.1 becomes 10.70.0.1");
    expect(text).toContain("masquerade on the bridge sw-b of the lab host: source 10.70.0.1 stays");
    expect(outcome).toEqual({
      kind: "died",
      way: "back",
      place: undefined,
      cause: "misdelivered",
      reason:
        "the ping arrives, but its answer is dropped: the NAT of the lab host, which applies to the frames of the bridge sw-a, " +
        `because ${KEY} is 1, changes the source 10.70.1.1 to 10.70.0.1`,
      hint: `${OFF}, or limit the NAT rule by its outInterface`,
    });
  } else expect(outcome).toEqual({ kind: "answered" });

  // Both remedies.
  await box.run("nft", "flush chain ip t out");
  await box.run("nft", "add rule ip t out ip saddr 10.70.0.0/16 oifname lan0 masquerade");
  expect((await follow("10.70.1.2")).outcome).toEqual({ kind: "answered" });
  await box.run("nft", "add rule ip t out ip saddr 10.70.0.0/16 masquerade");
  await box.try("sysctl", "-qw", `${KEY}=0`);
  expect((await follow("10.70.1.2")).outcome).toEqual({ kind: "answered" });
});

test("a masquerade that finds no address on the lab host drops the packet", async () => {
  await ip("address flush dev sw-a");
  await box.run("nft", "add table ip t; add chain ip t out { type nat hook postrouting priority srcnat; }");
  await box.run("nft", "add rule ip t out ip saddr 10.70.0.0/16 masquerade");
  expect((await follow("10.70.1.3")).outcome).toMatchObject(
    isFiltered
      ? {
          cause: "firewall",
          reason:
            "the firewall of the lab host drops the packet: rule `ip saddr 10.70.0.0/16 masquerade` of chain out in table ip t, which finds no address",
          hint: expect.stringContaining(OFF),
        }
      : { kind: "answered" },
  );
});

test.each([
  ["policy drop", "policy drop of chain f in table ip t"],
  ["policy accept", "rule `ip saddr 10.70.0.0/16 drop` of chain f in table ip t"],
])("a firewall with %s cuts two hosts of one bridge", async (policy, rule) => {
  await box.run("nft", `add table ip t; add chain ip t f { type filter hook forward priority 0; ${policy}; }`);
  if (policy === "policy accept") await box.run("nft", "add rule ip t f ip saddr 10.70.0.0/16 drop");
  expect((await follow("10.70.1.3")).outcome).toMatchObject(
    isFiltered
      ? {
          cause: "firewall",
          place: undefined,
          reason: `the firewall of the lab host drops the packet: ${rule}, which applies to the frames of the bridge sw-a, because ${KEY} is 1`,
          hint: `${OFF}, or accept before what has the inInterface and the outInterface sw-a`,
        }
      : { kind: "answered" },
  );
  await box.try("sysctl", "-qw", `${KEY}=0`);
  expect((await follow("10.70.1.3")).outcome).toEqual({ kind: "answered" });
  await box.try("sysctl", "-qw", `${KEY}=1`);
  await box.run("nft", "insert rule ip t f iifname sw-a oifname sw-a accept");
  expect((await follow("10.70.1.3")).outcome).toEqual({ kind: "answered" });
});

test("a host without an address sends no ping", async () => {
  await ip("-n pc1 address flush dev eth0");
  await ip("-n pc1 route add 10.70.0.0/16 dev eth0");
  expect((await follow("10.70.1.3")).outcome).toMatchObject({
    place: "pc1",
    cause: "no-source",
    reason: "pc1 has no source address for packets to 10.70.1.3: none of its interfaces has an IPv4 address",
  });
});
