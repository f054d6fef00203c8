import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sendPing } from "../../inspect/ping.ts";
import { showTrace } from "../../inspect/trace/text.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { type Ground, openGround } from "./ground.ts";

// Ping and trace must not contradict each other: if a ping gets no answer, a trace does not end with "it is answered", and if a
// trace gives a cause, no ping is answered.

let ground: Ground;

beforeAll(async () => {
  ground = await openGround();
  await ground.route();
  await ground.ip("-n", "lan", "address", "add", "10.2.0.3/16", "dev", "eth0");
  await ground.ip("-n", "lan", "route", "add", "10.0.0.0/24", "via", "192.168.1.2");
  await ground.ip("address", "add", "10.2.0.2/16", "dev", "lan0");
});

afterAll(() => ground[Symbol.asyncDispose]());

/** A fault, the commands that cause and end it, a destination that it affects, and the reason that a trace gives. */
type Fault = readonly [name: string, cause: string[], end: string[], destination: string, reason: RegExp];

const RED_IP = ["ip -n red address add 10.0.0.1/24 dev eth0", "ip -n red route add default via 10.0.0.5"];
const NFT = "ip netns exec blue nft";

const FAULTS: readonly Fault[] = [
  [
    "a gateway that no host has",
    ["ip -n red route replace default via 10.0.0.99"],
    ["ip -n red route replace default via 10.0.0.5"],
    "192.168.1.3",
    /^10\.0\.0\.99 does not exist on the segment of eth0 in red: the addresses .*, and no namespace of the lab has 10\.0\.0\.99$/,
  ],
  [
    "a smaller MTU at the other end",
    ["ip -n blue link set dev eth0 mtu 1300"],
    ["ip -n blue link set dev eth0 mtu 1500"],
    "10.0.0.2",
    /^eth0 in blue drops the packet: it is larger than its MTU 1300, .* because eth0 in red has the MTU 1500$/,
  ],
  [
    "a smaller MTU at a port",
    ["ip link set dev blue-br mtu 1300"],
    ["ip link set dev blue-br mtu 1500"],
    "10.0.0.2",
    /^blue-br in the lab host drops the packet: it is larger than its MTU 1300/,
  ],
  [
    "forwarding is off",
    ["sysctl -qw net.ipv4.ip_forward=0"],
    ["sysctl -qw net.ipv4.ip_forward=1"],
    "192.168.1.3",
    /forwarding is off$/,
  ],
  [
    "the far end of the cable is down",
    ["ip link set dev red-br down"],
    ["ip link set dev red-br up"],
    "10.0.0.2",
    /^10\.0\.0\.2 is unreachable from eth0 in red: red-br in the lab host is down$/,
  ],
  [
    "the own end of the cable is down",
    ["ip -n red link set dev eth0 down"],
    ["ip -n red link set dev eth0 up", "ip -n red route add default via 10.0.0.5"],
    "192.168.1.3",
    /^red has no route to 192\.168\.1\.3 \(Network is unreachable\); its routes over eth0 are gone, because that interface is down$/,
  ],
  [
    "a port is not in the bridge",
    ["ip link set dev blue-br nomaster"],
    ["ip link set dev blue-br master v-net-0"],
    "10.0.0.2",
    /blue has it on eth0, whose peer blue-br in the lab host is no port of a bridge$/,
  ],
  [
    "a firewall drops",
    ["nft add table inet f", "nft add chain inet f c { type filter hook forward priority 0 ; policy drop ; }"],
    ["nft delete table inet f"],
    "192.168.1.3",
    /^the firewall of the lab host drops the packet: policy drop of chain c in table inet f$/,
  ],
  [
    "the firewall of a bridge drops",
    [
      "nft add table bridge f",
      "nft add chain bridge f c { type filter hook forward priority 0 ; }",
      "nft add rule bridge f c ip daddr 10.0.0.2 drop",
    ],
    ["nft delete table bridge f"],
    "10.0.0.2",
    /^the firewall of the lab host drops the packet: rule `ip daddr 10\.0\.0\.2 drop` of chain c in table bridge f$/,
  ],
  [
    "the firewall of a bridge drops ARP",
    [
      "ip -n red neighbour flush dev eth0",
      "nft add table bridge f",
      "nft add chain bridge f c { type filter hook prerouting priority 0 ; }",
      "nft add rule bridge f c ether type arp iifname red-br drop",
    ],
    ["nft delete table bridge f"],
    "10.0.0.2",
    /of chain c in table bridge f, which applies to ARP$/,
  ],
  [
    "a prefix that is too long for the gateway",
    ["ip -n red address flush dev eth0 scope global", "ip -n red address add 10.0.0.1/30 dev eth0"],
    ["ip -n red address flush dev eth0 scope global", ...RED_IP],
    "192.168.1.3",
    /^red has no route to 192\.168\.1\.3 .*; 10\.0\.0\.5\/24 is on its segment, but not in the network of 10\.0\.0\.1\/30$/,
  ],
  [
    "a prefix of full length",
    ["ip -n red address flush dev eth0 scope global", "ip -n red address add 10.0.0.1/32 dev eth0"],
    ["ip -n red address flush dev eth0 scope global", ...RED_IP],
    "10.0.0.2",
    /^red has no route to 10\.0\.0\.2 .*is on its segment, but not in the network of 10\.0\.0\.1\/32$/,
  ],
  [
    "a prefix that is too short",
    [
      "ip -n red address flush dev eth0 scope global",
      "ip -n red address add 10.0.0.1/8 dev eth0",
      "ip -n red route add default via 10.0.0.5",
    ],
    ["ip -n red address flush dev eth0 scope global", ...RED_IP],
    "10.2.0.3",
    /lan has it on eth0, whose peer lan0 in the lab host is on another segment\. red expects it there because of the prefix length of 10\.0\.0\.1\/8$/,
  ],
  [
    "no route for the answer",
    ["ip -n lan route delete 10.0.0.0/24"],
    ["ip -n lan route add 10.0.0.0/24 via 192.168.1.2"],
    "192.168.1.3",
    /^the ping arrives, but its answer is dropped: lan has no route to 10\.0\.0\.1/,
  ],
  [
    "a wrong permanent neighbour",
    ["ip -n red neighbour replace 10.0.0.2 lladdr 02:00:00:00:00:99 dev eth0 nud permanent"],
    ["ip -n red neighbour delete 10.0.0.2 dev eth0"],
    "10.0.0.2",
    /^red sends packets for 10\.0\.0\.2 to the MAC address 02:00:00:00:00:99, by its neighbour table, but eth0 in blue has /,
  ],
  [
    "a wrong permanent neighbour at the gateway",
    ["ip neighbour replace 10.0.0.1 lladdr 02:00:00:00:00:99 dev v-net-0 nud permanent"],
    ["ip neighbour delete 10.0.0.1 dev v-net-0"],
    "192.168.1.3",
    /^the ping arrives, but its answer is dropped: the lab host sends packets for 10\.0\.0\.1 to the MAC address/,
  ],
  [
    "pings are ignored",
    ["ip netns exec blue sysctl -qw net.ipv4.icmp_echo_ignore_all=1"],
    ["ip netns exec blue sysctl -qw net.ipv4.icmp_echo_ignore_all=0"],
    "10.0.0.2",
    /^blue receives the ping and does not answer: net\.ipv4\.icmp_echo_ignore_all is 1$/,
  ],
  [
    "a filter that trace does not see",
    [
      `${NFT} add table netdev f`,
      `${NFT} add chain netdev f c { type filter hook ingress device eth0 priority 0 ; policy drop ; }`,
    ],
    [`${NFT} delete table netdev f`],
    "10.0.0.2",
    /^routes, rules and neighbours let the ping to 10\.0\.0\.2 and its answer pass, but a ping that was sent now got no answer$/,
  ],
  [
    "a rule that cannot be evaluated",
    [
      `${NFT} add table inet f`,
      `${NFT} add chain inet f c { type filter hook input priority 0 ; }`,
      `${NFT} add rule inet f c meta mark 0 icmp type echo-request drop`,
    ],
    [`${NFT} delete table inet f`],
    "10.0.0.2",
    /got no answer; it may be dropped by rule `meta mark 0x00000000 icmp type echo-request drop` of chain c in table inet f$/,
  ],
];

const run = async (commands: readonly string[]) => {
  for (const command of commands) {
    const [program = "", ...args] = command.split(" ");
    await ground.box.run(program, ...args);
  }
};

/**
 * Compares the trace and a ping, which is large so that MTUs matter, and returns the reason of a loss. Both are repeated once if they differ,
 * since the kernel may replace a neighbor entry between them.
 */
const agree = (destination: string): Promise<string | undefined> =>
  compare(destination).catch(() => compare(destination));

async function compare(destination: string): Promise<string | undefined> {
  const way = await trace(ground.host, "red", destination, { probe: { protocol: "icmp", size: 1400 } });
  const { received } = await sendPing(ground.host, { from: "red", to: destination, size: 1400, count: 2, wait: 0.5 });
  expect([showTrace(way), received > 0]).toEqual([showTrace(way), way.outcome.kind === "answered"]);
  return way.outcome.kind === "answered" ? undefined : way.outcome.reason;
}

const DESTINATIONS = ["10.0.0.2", "192.168.1.3", "10.2.0.3"];

describe("a trace and a ping agree, and the trace gives the reason:", () => {
  test.each(FAULTS)("%s", async (_name, cause, end, destination, reason) => {
    await run(cause);
    expect(await agree(destination)).toMatch(reason);
    await run(end);
    expect(await agree(destination)).toBeUndefined();
  });
});

test("a trace and a ping agree with several faults at once", async () => {
  // The commands that end one fault would also end others that change the same object.
  const several = fc.shuffledSubarray([0, 1, 3, 6, 8, 13, 14, 16], { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(several, async (chosen) => {
      const faults = chosen.map((index) => FAULTS[index]!);
      for (const [, cause] of faults) await run(cause);
      try {
        for (const destination of DESTINATIONS) await agree(destination);
      } finally {
        for (const [, , end] of faults.toReversed()) await run(end);
      }
    }),
    { numRuns: 5, endOnFailure: true },
  );
});
