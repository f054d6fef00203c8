import { beforeEach, expect, test } from "vitest";
import { sendPing } from "../../inspect/ping.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { ground, groundForEachTest } from "./ground.ts";

groundForEachTest();

beforeEach(async () => {
  await ground.route();
});

/** Runs `ip` with the words of a text. */
const ip = (words: string) => ground.ip(...words.split(" "));

/** Traces a ping from red, after a real one has confirmed whether it is answered. */
async function outcomeOf(destination: string) {
  const { outcome } = await trace(ground.host, "red", destination);
  const { received } = await sendPing(ground.host, { from: "red", to: destination });
  expect([outcome, received > 0]).toEqual([outcome, outcome.kind === "answered"]);
  return outcome;
}

test.each([
  ["prohibit", "rejects"],
  ["unreachable", "rejects"],
  ["blackhole", "drops"],
])("a routing rule of a router of type %s, with routes that are good", async (type, verb) => {
  await ground.masquerade();
  await ip(`rule add ${type} from 10.0.0.0/24 priority 5`);
  expect(await outcomeOf("192.168.1.3")).toEqual({
    kind: "died",
    way: "there",
    place: undefined,
    cause: "routing-rule",
    reason: `the routing rule 5 of the lab host (from 10.0.0.0/24 ${type}) ${verb} packets to 192.168.1.3`,
    hint: "check ip rule show",
  });
  await ip("rule delete priority 5");
  expect(await outcomeOf("192.168.1.3")).toEqual({ kind: "answered" });
});

test("a routing rule of the sender, and of the place that answers", async () => {
  await ground.masquerade();
  await ip("-n red rule add unreachable to 192.168.0.0/16 iif lo priority 5");
  expect(await outcomeOf("192.168.1.3")).toMatchObject({
    place: "red",
    reason: "the routing rule 5 of red (from all to 192.168.0.0/16 iif lo unreachable) rejects packets to 192.168.1.3",
    hint: "check ip netns exec red ip rule show",
  });
  await ip("-n red rule delete priority 5");
  await ip("-n lan rule add blackhole to 192.168.1.2 priority 7");
  expect(await outcomeOf("192.168.1.3")).toMatchObject({
    way: "back",
    place: "lan",
    reason:
      "the ping arrives, but its answer is dropped: the routing rule 7 of lan (from all to 192.168.1.2 blackhole) drops packets to 192.168.1.2",
  });
});

test("a routing rule for IPv6", async () => {
  await ip("-n red -6 rule add prohibit to fd01::/64 priority 5");
  expect(await outcomeOf("fd01::3")).toMatchObject({
    reason: "the routing rule 5 of red (from all to fd01::/64 prohibit) rejects packets to fd01::3",
    hint: "check ip netns exec red ip -6 rule show",
  });
});

test("of several routing rules, the first that applies: not those of others, nor those behind a table with a route", async () => {
  await ground.masquerade();
  // None of these applies to the packet.
  await ip("rule add prohibit from 10.0.9.0/24 priority 10");
  await ip("rule add prohibit to 8.8.8.8 priority 11");
  await ip("rule add prohibit iif lan0 to 192.168.1.3 priority 12");
  await ip("rule add prohibit fwmark 7 priority 13");
  await ip("rule add prohibit not from all priority 14");
  await ip("rule add lookup 100 priority 15");
  await ip("route add 8.8.8.8 dev lan0 table 100");
  await ip("rule add lookup main suppress_prefixlength 24 priority 16");
  await ip("rule add priority 17 goto 20");
  await ip("rule add prohibit from 10.0.0.0/24 iif v-net-0 priority 18");
  await ip("rule add from 10.0.0.1 iif v-net-0 lookup main priority 20");
  await ip("rule add prohibit iif v-net-0 priority 21");
  expect(await outcomeOf("192.168.1.3")).toEqual({ kind: "answered" });

  // The table has an answer, and it is a route that refuses.
  await ip("route add prohibit 192.168.1.3");
  expect(await outcomeOf("192.168.1.3")).toMatchObject({
    cause: "refused",
    reason:
      "a route of the lab host rejects packets to 192.168.1.3: its type is prohibit. It is in the table main, which the " +
      "routing rule 16 selects (from all lookup main suppress_prefixlength 24)",
  });
  await ip("route delete prohibit 192.168.1.3");
  // It leaves the packet to the next rule.
  await ip("route add throw 192.168.1.3");
  expect(await outcomeOf("192.168.1.3")).toMatchObject({
    cause: "routing-rule",
    reason: "the routing rule 21 of the lab host (from all iif v-net-0 prohibit) rejects packets to 192.168.1.3",
  });
  await ip("rule delete priority 17");
  expect(await outcomeOf("192.168.1.3")).toMatchObject({
    reason: expect.stringMatching(/^the routing rule 18 of the lab host \(from 10\.0\.0\.0\/24 iif v-net-0 prohibit\)/),
  });
});

test.each([
  ["blackhole", "drops"],
  ["prohibit", "rejects"],
])("a route of type %s in the table of a routing rule for the source", async (type, verb) => {
  await ground.masquerade();
  await ip("rule add from 10.0.0.1 lookup 99 priority 50");
  await ip(`route add ${type} default table 99`);
  expect(await outcomeOf("192.168.1.3")).toMatchObject({
    cause: "refused",
    reason: `a route of the lab host ${verb} packets to 192.168.1.3: its type is ${type}. It is in the table 99, which the routing rule 50 selects (from 10.0.0.1 lookup 99)`,
    hint: "check ip route show table 99 match 192.168.1.3",
  });
});

test.each([
  ["table ip", "table inet"],
  ["table inet", "table ip"],
  ["table ip", "table ip"],
])("of two NAT chains with the same priority, in a %s and then a %s, the newer one decides", async (older, newer) => {
  const chain = (to: string, family: string) =>
    `type nat hook prerouting priority dstnat; ip daddr 10.9.9.9 counter dnat ${family.endsWith("inet") ? "ip " : ""}to ${to};`;
  await ground.nft(`${older} both { chain first { ${chain("10.0.0.2", older)} }; }`);
  await ground.nft(`${newer} both { chain second { ${chain("192.168.1.3", newer)} }; }`);
  await ground.masquerade();
  const { there, outcome } = await trace(ground.host, "red", "10.9.9.9");
  expect([there.at(-1)?.place, outcome]).toEqual(["lan", { kind: "answered" }]);
  await sendPing(ground.host, { from: "red", to: "10.9.9.9" });
  const rules = await ground.nft("list ruleset");
  expect(rules).toMatch(/counter packets 0 bytes 0 dnat (ip )?to 10\.0\.0\.2/);
  expect(rules).toMatch(/counter packets [1-9]\d* bytes \d+ dnat (ip )?to 192\.168\.1\.3/);
});
