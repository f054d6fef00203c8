import { expect, test } from "vitest";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";
import { ground, groundForEachTest } from "./ground.ts";

// Settings by which a host does not answer ARP requests for its own addresses.

groundForEachTest();

const run = (...commands: readonly string[]) => runAll(ground.box, commands);

/** Traces a ping from red, which knows no neighbour, after a real one, and returns the outcome. */
async function follow(to: string) {
  await run("ip -n red neighbour flush all", "ip -n blue neighbour flush all");
  return (await traced(ground.host, { from: "red", to, count: 2, wait: 0.5 })).outcome;
}

const set = (...words: string[]) => run(`ip netns exec blue sysctl -qw ${words.join(" ")}`);

/** The outcome of a ping to an address of blue that blue does not answer for. */
const silent = (address: string, key: string, why: string) => ({
  ...{ kind: "died", way: "there", place: "red", cause: "no-neighbour" },
  reason: `${address} is unreachable from eth0 in red: blue does not answer ARP requests for ${address} on eth0: ${key} is ${why}`,
  hint: `set it to 0: ip netns exec blue sysctl -w ${key}=0`,
});

const ANSWERED = { kind: "answered" };

test("arp_ignore of the target", async () => {
  await run("ip -n blue address add 10.0.0.9/32 dev lo", "ip -n red address add 10.6.0.1/32 dev eth0");
  const key = "net.ipv4.conf.eth0.arp_ignore";
  expect(await follow("10.0.0.9")).toEqual(ANSWERED);
  await set(`${key}=1`);
  expect(await follow("10.0.0.2")).toEqual(ANSWERED);
  expect(await follow("10.0.0.9")).toEqual(silent("10.0.0.9", key, "1, and eth0 does not have that address"));
  await set(`${key}=8`);
  expect(await follow("10.0.0.2")).toEqual(silent("10.0.0.2", key, "8"));
  await set(`${key}=2`);
  expect(await follow("10.0.0.2")).toEqual(ANSWERED);
  await run("ip -n blue route add 10.6.0.1 dev eth0", "ip -n red route add 10.0.0.2 dev eth0 src 10.6.0.1");
  expect(await follow("10.0.0.2")).toEqual(silent("10.0.0.2", key, "2, and the sender 10.6.0.1 is not in its network"));
  await set(`${key}=0`);
  expect(await follow("10.0.0.2")).toEqual(ANSWERED);
});

test("arp_ignore of a gateway, for all interfaces", async () => {
  await ground.route();
  await ground.masquerade();
  expect(await follow("192.168.1.3")).toEqual(ANSWERED);
  await run("sysctl -qw net.ipv4.conf.all.arp_ignore=8");
  expect(await follow("192.168.1.3")).toMatchObject({
    ...{ place: "red", cause: "no-neighbour" },
    reason:
      "10.0.0.5 is unreachable from eth0 in red: the lab host does not answer ARP requests for 10.0.0.5 on v-net-0: net.ipv4.conf.all.arp_ignore is 8",
    hint: "set it to 0: sysctl -w net.ipv4.conf.all.arp_ignore=0",
  });
});

test("arp_filter of a target whose route to the sender uses another interface", async () => {
  await run(
    "ip -n blue link add other type veth peer name other-peer",
    ...["other", "other-peer"].map((link) => `ip -n blue link set dev ${link} up`),
    "ip -n blue route add 10.0.0.1 dev other",
  );
  const key = "net.ipv4.conf.eth0.arp_filter";
  await set(`${key}=1`, "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.eth0.rp_filter=0");
  expect(await follow("10.0.0.2")).toEqual(silent("10.0.0.2", key, "1, and its route to 10.0.0.1 uses other"));
  await run("ip -n blue route delete 10.0.0.1");
  expect(await follow("10.0.0.2")).toEqual(ANSWERED);
});

test("a host with two interfaces on the segment, one of which answers", async () => {
  await run(
    "ip link add blue-br2 type veth peer name eth1 netns blue",
    "ip link set dev blue-br2 up master v-net-0",
    "ip -n blue link set dev eth1 up",
    "ip -n blue address add 10.0.0.8/24 dev eth1",
  );
  await set("net.ipv4.conf.all.arp_ignore=1", "net.ipv4.conf.all.rp_filter=0");
  for (const to of ["10.0.0.2", "10.0.0.8"]) expect(await follow(to)).toEqual(ANSWERED);
});
