import { describe, expect, test } from "vitest";
import { otherAnswers } from "../../inspect/other-answers.ts";
import { sendPing } from "../../inspect/ping.ts";
import type { Place } from "../../inspect/place.ts";
import { ground, groundForEachTest } from "./ground.ts";

groundForEachTest();

/** Runs `ip` with the words of a text. */
const ip = (words: string) => ground.ip(...words.split(" "));

/** Pings an address of places from red, and returns which other places answer each ping. */
async function answerersOf(address: string, ...targets: Place[]) {
  const { ms } = await sendPing(ground.host, { from: "red", to: address });
  const pings = targets.map((to) => ({ from: "red", to, address, ms }));
  const others = await otherAnswers(ground.host, pings);
  return { isAnswered: ms !== undefined, others: pings.map((ping) => others.get(ping)) };
}

describe("a ping to an address of several places is answered by", () => {
  test.each(["10.0.0.77", "fd00::77"])("the one on the segment of the sender: %s", async (address) => {
    const given = address.includes(":") ? "64 nodad" : "24";
    await ip(`-n blue address add ${address}/${given} dev eth0`);
    await ip(`-n lan address add ${address}/${given} dev eth0`);
    expect(await answerersOf(address, "blue", "lan")).toEqual({
      isAnswered: true,
      others: [undefined, { places: ["blue"], isCertain: true }],
    });
  });

  test("the one whose MAC address the neighbor table has, if both are on the segment", async () => {
    await ip("-n blue address add 10.0.0.77/24 dev eth0");
    await ip("address add 10.0.0.77/24 dev v-net-0");
    const [{ address: mac }] = await ground.box.ip("-n", "blue", "link", "show", "dev", "eth0");
    await ip(`-n red neighbour replace 10.0.0.77 lladdr ${mac} dev eth0 nud permanent`);
    expect((await answerersOf("10.0.0.77", "blue", undefined)).others).toEqual([
      undefined,
      { places: ["blue"], isCertain: true },
    ]);
  });

  test("either, if the flows of a multipath route end in both", async () => {
    await ip("-n blue address add 10.9.9.9/32 dev lo");
    await ip("address add 10.9.9.9/32 dev lo");
    await ip("-n red route add 10.9.9.9 nexthop via 10.0.0.2 nexthop via 10.0.0.5");
    expect(await answerersOf("10.9.9.9", "blue", undefined, "lan")).toEqual({
      isAnswered: true,
      others: [
        { places: [undefined], isCertain: false },
        { places: ["blue"], isCertain: false },
        { places: expect.arrayContaining(["blue", undefined]), isCertain: true },
      ],
    });
  });

  test("either, if the ping does not arrive as far as the tables tell", async () => {
    await ip("-n blue address add 10.0.0.77/24 dev eth0");
    await ip("-n lan address add 10.0.0.77/24 dev eth0");
    const ping = { from: "red", to: "lan", address: "10.0.0.77", ms: 0.1 };
    await ip("-n blue link set dev eth0 down");
    expect((await otherAnswers(ground.host, [ping])).get(ping)).toEqual({ places: ["blue"], isCertain: false });
  });
});

test("a ping whose address a router translates on purpose, or that is not answered, is answered by no other place", async () => {
  await ground.route();
  await ground.masquerade();
  await ip("-n blue address add 198.51.100.7/32 dev lo");
  await ground.nft("add table inet t; add chain inet t in { type nat hook prerouting priority dstnat; }");
  await ground.nft("add rule inet t in ip daddr 198.51.100.7 dnat ip to 192.168.1.3");
  expect(await answerersOf("198.51.100.7", "lan")).toEqual({ isAnswered: true, others: [undefined] });
  await ip("-n blue address add 172.16.0.1/32 dev lo");
  expect(await answerersOf("172.16.0.1", "lan")).toEqual({ isAnswered: false, others: [undefined] });
});
