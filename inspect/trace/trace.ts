import { familyOf, parseIp } from "../../provider/cidr.ts";
import { UserError } from "../../provider/message.ts";
import { type Declared, NOTHING_DECLARED } from "../declared.ts";
import { listInterfaces } from "../interfaces.ts";
import type { LabHost } from "../lab-host.ts";
import { sendPing } from "../ping.ts";
import type { Place } from "../place.ts";
import { adviceFor } from "./advice.ts";
import { contextFor, rulesReader } from "./context.ts";
import { everyWay } from "./every-way.ts";
import { withDetails } from "./link-details.ts";
import { lostByOther } from "./multipath.ts";
import { answeredByOther } from "./other-answer.ts";
import type { Path, TraceContext } from "./packet.ts";
import { sizeOf } from "./packet-size.ts";
import { followPath } from "./path.ts";
import type { Probe, Trace, TraceOutcome } from "./types.ts";

/**
 * Traces the path of a ping or a connection from a place to an address, and of its answer: each kernel on the path is queried for its
 * route, its firewall and its neighbours. If a ping should be answered by that, one is sent, so that the outcome is what a ping shows.
 *
 * Equivalent to: `ip -n red route get 8.8.8.8`, and the same at each next hop, with `nft list ruleset` and
 * `sysctl net.ipv4.ip_forward` there.
 *
 * @throws Error if the destination is not an address, or the namespace does not exist.
 *
 * @example
 * console.log(showTrace(await trace(labHost(), "blue", "192.168.1.3")));
 */
export async function trace(
  host: LabHost,
  from: Place,
  destination: string,
  { probe = { protocol: "icmp" }, target, declared = NOTHING_DECLARED }: TraceOptions = {},
): Promise<Trace> {
  const to = parseIp(destination);
  if (to === undefined)
    throw new UserError(`"${destination}" is not an IP address`, "use an address such as 192.168.15.2 or fd00::2");
  const interfaces = await withDetails(host, await listInterfaces(host));
  if (from !== undefined && !interfaces.some(({ place }) => place === from)) {
    throw new UserError(`namespace ${from} not found`, "`ip netns` lists the existing namespaces");
  }
  const context = contextFor({
    ...{ host, interfaces, rulesOf: rulesReader(host), declared, family: familyOf(to), protocol: probe.protocol },
    targets: { there: target, back: { place: from } },
  });
  const { first, others } = await everyWay((choices) =>
    followBoth(
      context(choices),
      { from, destination: to, probe },
      choices.length === 0 ? "confirmed" : "predicted",
      target,
    ),
  );
  const { nextHops: _nextHops, ...selected } = first;
  const otherWays = others.map(({ by, way: { source, there, back, outcome } }) => ({
    ...{ by, source, there, back, outcome },
  }));
  return { ...selected, outcome: lostByOther(selected.outcome, otherWays), others: otherWays };
}

/** What is sent, and what is known of the lab. */
export interface TraceOptions {
  /**
   * What is sent.
   *
   * @default a ping of the usual size
   */
  readonly probe?: Probe;
  /** The place that should have the destination. If another one answers, the packet counts as misdelivered. */
  readonly target?: { readonly place: Place } | undefined;
  /** The resources that the help names. */
  readonly declared?: Declared;
}

/** Whether the outcome is that of a ping that is sent now, or the one that follows from routes, rules and neighbours. */
type Mode = "confirmed" | "predicted";

type Question = Pick<Trace, "probe" | "from" | "destination">;

/** Follows a packet and its answer. */
async function followBoth(
  context: TraceContext,
  question: Question,
  mode: Mode,
  target?: { readonly place: Place },
): Promise<Omit<Trace, "others"> & Pick<Path, "nextHops">> {
  const { from, destination, probe } = question;
  const port = probe.protocol === "icmp" ? undefined : probe.port;
  const sent = { destination, port, size: sizeOf(probe, context.family), df: probe.protocol === "icmp" && !!probe.df };
  const there = await followPath(context, from, sent, "there");
  const known = { ...question, source: there.source, there: there.hops };
  if (there.end.kind !== "arrived") {
    const outcome = await adviceFor(context, known, there, "there");
    return { ...known, back: [], outcome, nextHops: there.nextHops };
  }
  const { packet, end } = there;
  const answer = {
    ...sent,
    source: packet.destination,
    destination: packet.source ?? destination,
    port: packet.port,
    df: false,
  };
  const back = await followPath(context, end.place, answer, "back", there.hops.at(-1)?.in);
  const answered = await outcomeOf(context, known, back, mode, there.isBound);
  // A translation of the destination may lead to another place on purpose.
  const isElsewhere = target !== undefined && packet.destination === destination && end.place !== target.place;
  const outcome =
    isElsewhere && answered.kind === "answered" ? answeredByOther(context, known, end.place, target.place) : answered;
  return { ...known, back: back.hops, outcome, nextHops: [...there.nextHops, ...back.nextHops] };
}

async function outcomeOf(
  context: TraceContext,
  known: Omit<Trace, "back" | "outcome" | "others">,
  back: Path,
  mode: Mode,
  isBound: boolean,
): Promise<TraceOutcome> {
  const { end, packet } = back;
  const failed = (cause: "misdelivered" | "wrong-answer" | "unexplained") =>
    adviceFor(context, known, { ...back, end: { kind: "died", place: end.place, cause } }, "back");
  if (end.kind !== "arrived") return adviceFor(context, known, back, "back");
  if (end.place !== known.from) return failed("misdelivered");
  const { probe, destination } = known;
  const { source, port } = packet;
  if (source !== destination || (probe.protocol !== "icmp" && port !== probe.port)) return failed("wrong-answer");
  if (probe.protocol !== "icmp" || mode === "predicted") return { kind: "answered" };
  // A router may report its MTU for the first packet. The kernel asks for the address of a neighbour once per second, and the last time may
  // have been before a fault ended.
  const ping = { ...probe, from: known.from, to: destination, count: 3, deadline: 3 };
  const { received, unsent } = await sendPing(context.host, isBound ? { ...ping, source: known.source } : ping);
  return received > 0 || unsent !== undefined ? { kind: "answered" } : failed("unexplained");
}
