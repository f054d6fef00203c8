import { beforeEach, expect, test } from "vitest";
import { pageTrace } from "../../cli/serve/page-trace.ts";
import { sendPing } from "../../inspect/ping.ts";
import type { Place } from "../../inspect/place.ts";
import { resultOf } from "../../inspect/trace/multipath.ts";
import { showTrace } from "../../inspect/trace/text.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { runAll } from "../support/run-all.ts";
import { ground, groundForEachTest } from "./ground.ts";

// Multipath routes of which each next hop leads to one half of the addresses, so that an answer tells the next hop.

groundForEachTest();

const LAST = [1, 2, 3, 4, 5];

//        ┌─ cx 10.0.1.2 x ─ 10.9.0.2, 4
//   red ─┤
//        └─ cy 10.0.2.2 y ─ 10.9.0.1, 3, 5
beforeEach(async () => {
  for (const [index, place] of ["x", "y"].entries()) {
    const link = `c${place}`;
    await run(
      `ip netns add ${place}`,
      `ip -n red link add ${link} type veth peer name ${link} netns ${place}`,
      ...["red", place].flatMap((end, side) => [
        `ip -n ${end} address add 10.0.${index + 1}.${side + 1}/30 dev ${link}`,
        `ip -n ${end} address add fd0${index + 1}::${side + 1}/64 dev ${link} nodad`,
        `ip -n ${end} link set dev ${link} up`,
      ]),
      `ip -n ${place} link set dev lo up`,
      `ip -n ${place} route add default via 10.0.${index + 1}.1`,
      `ip -n ${place} route add default via fd0${index + 1}::1`,
      ...LAST.filter((last) => last % 2 === index).flatMap((last) => [
        `ip -n ${place} address add 10.9.0.${last}/32 dev lo`,
        `ip -n ${place} address add fd09::${last}/128 dev lo nodad`,
      ]),
    );
  }
  await run(
    "ip -n red route add 10.9.0.0/24 nexthop via 10.0.1.2 nexthop via 10.0.2.2",
    "ip -n red route add fd09::/64 nexthop via fd01::2 nexthop via fd02::2",
  );
});

const run = (...commands: readonly string[]) => runAll(ground.box, commands);

/** Lets red select next hops by the protocol and the ports of a packet, too. */
const selectByPorts = () =>
  run(...["ipv4", "ipv6"].map((family) => `ip netns exec red sysctl -qw net.${family}.fib_multipath_hash_policy=1`));

/** Traces a ping to addresses of a network, and compares each trace with a ping that is sent in the same way. */
async function follow(from: Place, network: string, isBound = false) {
  const found = [];
  for (const last of LAST) {
    const destination = `${network}${last}`;
    const traced = await trace(ground.host, from, destination);
    const source = isBound ? traced.source : undefined;
    const { received } = await sendPing(ground.host, { from, to: destination, source, wait: 0.5 });
    expect([showTrace(traced), traced.outcome.kind === "answered"]).toEqual([showTrace(traced), received > 0]);
    found.push(traced);
  }
  return found;
}

test("a trace follows the next hop of a ping at a multipath route of its sender", async () => {
  for (const { there } of await follow("red", "10.9.0.")) expect(there[0]?.notes).toHaveLength(1);
  await follow("red", "fd09::");
  await selectByPorts();
  await follow("red", "fd09::");
  for (const { source, there } of await follow("red", "10.9.0.", true))
    expect(there[0]?.notes[1]).toBe(
      `a ping without \`-I ${source}\` may take another, because net.ipv4.fib_multipath_hash_policy is 1`,
    );
});

test("a ping that is answered on its path, while flows by another next hop are lost", async () => {
  const traces = await follow("red", "10.9.0.");
  const answered = traces.filter(({ outcome }) => outcome.kind === "answered");
  const [first] = answered;
  if (first === undefined) throw new Error("no ping is answered");
  for (const one of answered) expect(resultOf(one)).toBe("died");
  for (const one of traces)
    expect(pageTrace(one)).toMatchObject({
      isAnswered: one.outcome.kind === "answered",
      areOthersLost: one.outcome.kind === "answered",
    });
  const other = first.there[0]?.out === "cx" ? "cy to 10.0.2.2" : "cx to 10.0.1.2";
  expect(showTrace(first).split("\n").at(-1)).toBe(
    `the ping is answered on this path, but flows by ${other} of red are lost`,
  );

  const destination = first.destination;
  const place = other.startsWith("cx") ? "x" : "y";
  await run(`ip -n ${place} address add ${destination}/32 dev lo`);
  const both = await trace(ground.host, "red", destination);
  expect([resultOf(both), showTrace(both).split("\n").at(-1)]).toEqual([
    "answered",
    "routes, rules and neighbours let them pass",
  ]);
  expect(pageTrace(both)).toMatchObject({ isAnswered: true, areOthersLost: false });
  const outcome = { kind: "left", way: "there", place, reason: "" } as const;
  const left = { ...first, others: first.others.map((way) => ({ ...way, outcome })) };
  expect([resultOf(left), showTrace(left).split("\n").at(-1)]).toEqual([
    "left",
    `the ping is answered on this path, but flows by ${other} of red leave the lab`,
  ]);
});

test("a trace follows the next hops that a router, and the sender of an answer, select by the protocol", async () => {
  await selectByPorts();
  await run(
    "ip netns exec red sysctl -qw net.ipv4.ip_forward=1",
    "ip -n blue route add 10.0.0.0/14 via 10.0.0.1",
    "ip -n blue route add 10.9.0.0/24 via 10.0.0.1",
  );
  await follow("blue", "10.9.0.");

  await run(
    ...LAST.map((last) => `ip -n red address add 10.7.0.${last}/32 dev lo`),
    "ip route add 10.7.0.0/24 via 10.0.0.1",
    "ip -n red route add 10.0.0.5/32 nexthop via 10.0.0.5 dev eth0 onlink nexthop via 10.0.0.2 dev eth0 onlink",
  );
  await follow(undefined, "10.7.0.");
});

test("a ping without an answer may have taken another next hop than its trace", async () => {
  await selectByPorts();
  const unexplained = async () => {
    // Without an address in the network of a next hop, the source does not decide about it.
    for (const last of Array.from({ length: 64 }, (_, index) => index + 1)) {
      await run(
        `ip -n red address add 10.7.0.${last}/32 dev lo`,
        `ip -n red route replace 10.9.0.0/24 src 10.7.0.${last} nexthop via 10.0.1.2 nexthop via 10.0.2.2`,
      );
      const { outcome, there } = await trace(ground.host, "red", "10.9.0.1");
      if (outcome.kind === "died" && outcome.cause === "unexplained") return { ...outcome, by: there[0]?.out };
    }
    return undefined;
  };
  expect(await unexplained()).toMatchObject({
    by: "cy",
    reason:
      "routes, rules and neighbours let the ping to 10.9.0.1 and its answer pass, but a ping that was sent now got no answer; " +
      "it or its answer may have gone out by cx to 10.0.1.2 of red, and is lost there",
    hint: "correct that way, which is shown below",
  });
});
