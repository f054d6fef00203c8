import { beforeEach, expect, test } from "vitest";
import { resultOf } from "../../inspect/trace/multipath.ts";
import { showTrace } from "../../inspect/trace/text.ts";
import { trace } from "../../inspect/trace/trace.ts";
import type { Probe } from "../../inspect/trace/types.ts";
import { runAll } from "../support/run-all.ts";
import { serve } from "../support/server.ts";
import { traced } from "../support/traced.ts";
import { ground, groundForEachTest } from "./ground.ts";

// A firewall on the way of the answers, which not all packets pass on their way there.

groundForEachTest();

const LAST = [1, 2, 3, 4, 5, 6];

//              ┌─ x ─┐
//   10.0.0.1 red     far 10.9.0.1, 2, …   whose answers return by y, which has a stateful firewall
//              └─ y ─┘
beforeEach(async () => {
  await run("ip netns add far", "ip -n far link set dev lo up");
  for (const place of ["far", "red"])
    await run(...["all", "default"].map((of) => `ip netns exec ${place} sysctl -qw net.ipv4.conf.${of}.rp_filter=0`));
  for (const [index, place] of ["x", "y"].entries()) {
    await run(`ip netns add ${place}`, ...FORWARDS.map((key) => `ip netns exec ${place} sysctl -qw ${key}`));
    for (const [side, end] of ["red", "far"].entries())
      await run(
        `ip -n ${end} link add c${place} type veth peer name ${end} netns ${place}`,
        `ip -n ${end} address add 10.${side + 1}.${index}.1/30 dev c${place}`,
        `ip -n ${place} address add 10.${side + 1}.${index}.2/30 dev ${end}`,
        `ip -n ${end} link set dev c${place} up`,
        `ip -n ${place} link set dev ${end} up`,
      );
    await run(
      `ip -n ${place} route add 10.0.0.1 via 10.1.${index}.1`,
      `ip -n ${place} route add 10.9.0.0/24 via 10.2.${index}.1`,
    );
  }
  await run(
    ...LAST.map((last) => `ip -n far address add 10.9.0.${last}/32 dev lo`),
    "ip -n red route add 10.9.0.0/24 src 10.0.0.1 nexthop via 10.1.0.2 nexthop via 10.1.1.2",
    "ip -n far route add 10.0.0.1 via 10.2.1.2",
  );
  await ground.nft("add table ip f; add chain ip f c { type filter hook forward priority 0; policy drop; }", "y");
  await ground.nft("add rule ip f c ct state established accept; add rule ip f c iifname red ct state new accept", "y");
});

const FORWARDS = ["net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0"];

const run = (...commands: readonly string[]) => runAll(ground.box, commands);

const STATE = "because y has not seen the packet that it answers, which took another way";
const DROPS = "the firewall of y drops the packet: policy drop of chain c in table ip f; its ct state is";

test("an answer by a router with a stateful firewall that has not seen the ping", async () => {
  const all: Awaited<ReturnType<typeof traced>>[] = [];
  for (const last of LAST) all.push(await traced(ground.host, { from: "red", to: `10.9.0.${last}`, wait: 0.5 }));
  const by = (link: string) => all.filter(({ there }) => there[0]?.out === link);
  expect([by("cx").length, by("cy").length]).not.toContain(0);
  for (const { outcome } of by("cx"))
    expect(outcome).toEqual({
      ...{ kind: "died", way: "back", place: "y", cause: "firewall" },
      reason: `the ping arrives, but its answer is dropped: ${DROPS} invalid, ${STATE}`,
      hint: "let both ways pass y, or accept such packets by their addresses: ip netns exec y nft list ruleset",
    });
  for (const one of by("cy")) {
    expect([one.outcome.kind, resultOf(one)]).toEqual(["answered", "died"]);
    expect(showTrace(one).split("\n").at(-1)).toBe(
      "the ping is answered on this path, but flows by cx to 10.1.0.2 of red are lost",
    );
  }
});

test.each([
  ["tcp", "invalid"],
  ["udp", "new"],
] as const)(
  "connections of %s by a router with a stateful firewall that sees only their answers",
  async (protocol, state) => {
    await using _server = await serve(ground.box, "far", 8080);
    const probe: Probe = { protocol, port: 8080 };
    const outcomes = new Set<string | undefined>();
    for (const last of LAST) {
      const to = `10.9.0.${last}`;
      const found = await trace(ground.host, "red", to, { probe });
      const { outcome, there } = found;
      if (protocol === "tcp") {
        const connection = ["timeout", "1", "bash", "-c", `: < /dev/tcp/${to}/8080`];
        const { code } = await ground.box.try("ip", "netns", "exec", "red", ...connection);
        expect([showTrace(found), code === 0]).toEqual([showTrace(found), outcome.kind === "answered"]);
        outcomes.add(there[0]?.out);
        expect(resultOf(found)).toBe("died");
      }
      if (outcome.kind === "died" && outcome.cause === "firewall")
        expect(outcome.reason).toContain(`${DROPS} ${state}, ${STATE}`);
    }
    if (protocol === "tcp") expect([...outcomes].toSorted()).toEqual(["cx", "cy"]);
  },
);
