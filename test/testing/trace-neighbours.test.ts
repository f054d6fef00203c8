import { describe, expect, test } from "vitest";
import { sendPing } from "../../inspect/ping.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { ground, groundForEachTest } from "./ground.ts";

groundForEachTest();

/** Runs `ip` with the words of a text. */
const ip = (words: string) => ground.ip(...words.split(" "));

/** Traces a ping from red, after a real one has confirmed whether it is answered. */
async function follow(destination: string) {
  const { received } = await sendPing(ground.host, { from: "red", to: destination });
  const { there, outcome } = await trace(ground.host, "red", destination);
  expect([outcome, received > 0]).toEqual([outcome, outcome.kind === "answered"]);
  return { outcome, notes: there.flatMap(({ notes }) => notes) };
}

const macOf = async (place: string | undefined, link: string): Promise<string> =>
  (await ground.box.ip(...(place === undefined ? [] : ["-n", place]), "link", "show", "dev", link))[0].address;

/** The help that names the command. It works: after it, a ping is answered. */
const removes = (hint: string | undefined) => /^remove the entry: (.*)$/m.exec(hint ?? "")?.[1]?.split(" ") ?? [];

describe("a neighbour entry with a MAC address", () => {
  test("of the interface that was there before", async () => {
    const old = await macOf("blue", "eth0");
    expect((await follow("10.0.0.2")).outcome).toEqual({ kind: "answered" });
    await ip("-n blue link set dev eth0 address 02:00:00:00:00:77");
    const { outcome } = await follow("10.0.0.2");
    expect(outcome).toEqual({
      ...{ kind: "died", way: "there", place: "red", cause: "wrong-neighbour" },
      reason: `red sends packets for 10.0.0.2 to the MAC address ${old}, by its neighbour table, but eth0 in blue has 02:00:00:00:00:77; no interface of the lab has ${old}`,
      hint: "remove the entry: ip netns exec red ip neighbour delete 10.0.0.2 dev eth0\n  or wait a minute: the kernel asks for the address again by itself",
    });
    await ground.box.run(...(removes("hint" in outcome ? outcome.hint : undefined) as [string, ...string[]]));
    expect((await follow("10.0.0.2")).outcome).toEqual({ kind: "answered" });
  });

  test.each([
    ["10.0.0.2", "net.ipv4.ip_forward"],
    ["fd00::2", "net.ipv6.conf.all.forwarding"],
  ])("of another interface on the segment: the packet for %s goes there", async (address, forwarding) => {
    await ground.box.run("sysctl", "-qw", `${forwarding}=0`);
    const mac = await macOf(undefined, "v-net-0");
    await ip(`-n red neighbour replace ${address} lladdr ${mac} dev eth0 nud permanent`);
    const { outcome, notes } = await follow(address);
    expect(notes).toEqual([
      `to the MAC address of v-net-0 in the lab host, by the neighbour table, though ${address} is at eth0 in blue`,
    ]);
    expect(outcome).toEqual({
      ...{ kind: "died", way: "there", place: undefined, cause: "wrong-neighbour" },
      reason: `red sends packets for ${address} to the MAC address ${mac} of v-net-0 in the lab host, by its neighbour table, but eth0 in blue has ${address}: the lab host drops the packet: it is not its destination, and forwarding is off`,
      hint: `remove the entry: ip netns exec red ip neighbour delete ${address} dev eth0`,
    });
    // A router passes the packet on. In IPv6, red sends its answer to the question for its own MAC address there as well, where it is lost.
    if (address === "fd00::2") return;
    await ground.box.run("sysctl", "-qw", `${forwarding}=1`);
    await ip(`-n red neighbour replace ${address} lladdr ${mac} dev eth0 nud permanent`);
    const passed = await follow(address);
    expect(passed.outcome).toEqual({ kind: "answered" });
    expect(passed.notes).toEqual(notes);
  });

  test("of an interface on another segment", async () => {
    const mac = await macOf("lan", "eth0");
    await ip(`-n red neighbour replace 10.0.0.2 lladdr ${mac} dev eth0 nud permanent`);
    expect((await follow("10.0.0.2")).outcome).toMatchObject({
      cause: "wrong-neighbour",
      reason: expect.stringMatching(/; eth0 in lan, on another segment, has \S+$/),
    });
  });

  test("of a host, for an address that has moved away from it", async () => {
    const mac = await macOf("blue", "eth0");
    await ip(`-n red neighbour replace 10.0.0.99 lladdr ${mac} dev eth0 nud permanent`);
    expect((await follow("10.0.0.99")).outcome).toMatchObject({
      place: "red",
      cause: "no-neighbour",
      reason: expect.stringMatching(
        new RegExp(
          `^10\\.0\\.0\\.99 does not exist on the segment of eth0 in red: .*; red sends packets for 10\\.0\\.0\\.99 to the MAC address ${mac} of eth0 in blue, by its neighbour table$`,
        ),
      ),
    });
  });
});

test("a gateway that does not exist: the addresses on the segment are those of its family", async () => {
  for (const [destination, gateway, found] of [
    ["8.8.8.8", "10.0.0.99", "blue 10.0.0.2, the lab host 10.0.0.5"],
    ["fd08::8", "fd00::99", "blue fd00::2, the lab host fd00::5"],
  ] as const) {
    await ip(`-n red route add ${destination} via ${gateway}`);
    const { outcome } = await follow(destination);
    const reason = "reason" in outcome ? outcome.reason : "";
    const listed = /: the addresses on that segment are (.*), and no namespace of the lab has \S+$/.exec(reason)?.[1];
    expect([reason, listed?.split(", ").sort().join(", ")]).toEqual([reason, found]);
  }
  await ip("address flush dev v-net-0 scope global");
  await ip("-n blue address flush dev eth0 scope global");
  expect((await follow("8.8.8.8")).outcome).toMatchObject({
    cause: "no-neighbour",
    reason:
      "10.0.0.99 does not exist on the segment of eth0 in red: no interface on that segment has an IPv4 address, and no namespace of the lab has 10.0.0.99",
  });
});

test("a gateway whose address another host has as well", async () => {
  await ground.route();
  await ground.masquerade();
  await ip("-n blue address add 10.0.0.5/24 dev eth0");
  await ip(`-n red neighbour replace 10.0.0.5 lladdr ${await macOf("blue", "eth0")} dev eth0 nud reachable`);
  expect((await follow("192.168.1.3")).outcome).toEqual({
    ...{ kind: "died", way: "there", place: "blue", cause: "misdelivered" },
    reason:
      "blue drops the packet: it is not its destination, and forwarding is off; 10.0.0.5 is the address of eth0 in blue and also of v-net-0 in the lab host (duplicate address)",
    hint: "assign 10.0.0.5 to one namespace only, then ip netns exec red ip neighbour flush to 10.0.0.5 dev eth0",
  });
});

test("an answer of another namespace than the one that was meant", async () => {
  await ip("-n blue address add 10.0.0.77/24 dev eth0");
  const traced = async (place: string | undefined) =>
    (await trace(ground.host, "red", "10.0.0.77", { target: { place } })).outcome;
  expect(await traced("blue")).toEqual({ kind: "answered" });
  const answered = { kind: "died", way: "there", place: "blue", cause: "misdelivered" };
  const hint = "remove it there: ip netns exec blue ip address delete 10.0.0.77/24 dev eth0";
  expect(await traced("lan")).toEqual({
    ...answered,
    reason: "the ping is answered by blue, and not by lan: eth0 in blue has 10.0.0.77, and no interface of lan has it",
    hint,
  });
  await ip(`-n red neighbour replace 10.0.0.77 lladdr ${await macOf("blue", "eth0")} dev eth0 nud permanent`);
  await ip("address add 10.0.0.77/24 dev v-net-0");
  expect(await traced(undefined)).toEqual({
    ...answered,
    reason:
      "the ping is answered by blue, and not by the lab host: eth0 in blue has 10.0.0.77, and v-net-0 in the lab host has it too",
    hint: "give one of them another address; if both are intended, the lab host cannot be reached by this one from here",
  });
  // The port forward of a router leads to another place on purpose.
  await ground.nft("add table inet t; add chain inet t in { type nat hook prerouting priority dstnat; }");
  await ground.nft("add rule inet t in ip daddr 10.0.0.5 dnat ip to 10.0.0.2");
  await ground.masquerade();
  await ground.box.run("sysctl", "-qw", "net.ipv4.ip_forward=1");
  const forwarded = await trace(ground.host, "red", "10.0.0.5", { target: { place: undefined } });
  expect(forwarded.outcome).toEqual({ kind: "answered" });
});
