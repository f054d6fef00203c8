import { type Command, InvalidArgumentError } from "commander";
import { inParallel } from "../inspect/parallel.ts";
import { isIn, pingAll, sendPing, withLoss } from "../inspect/ping.ts";
import { type Place, placeAt, placeParts } from "../inspect/place.ts";
import type { StackHost } from "../inspect/stack-hosts.ts";
import { addressesIn } from "../inspect/stack-links.ts";
import { cidr, parseIp } from "../provider/cidr.ts";
import { UserError } from "../provider/message.ts";
import { warnOfDuplicates } from "./duplicate-holders.ts";
import { findTargetHost, findTargets, TARGET_HELP } from "./find-targets.ts";
import { hostsNamed, isPattern } from "./hosts-named.ts";
import type { NamedPing } from "./named-ping.ts";
import { findHost, HOST_HELP, hostsInKernel, missingPlaceMessage, requirePlace } from "./namespaces.ts";
import { answerersOf, isReached, telling } from "./other-answers.ts";
import { answererText, otherAnswerLines } from "./other-answers-text.ts";
import { columns, paint, print, printJson } from "./output.ts";
import { type PacketOptions, withPacketOptions } from "./packet-options.ts";
import { advice, NO_ANSWER, pingMatrix, timeText } from "./ping-text.ts";
import { progress } from "./progress.ts";
import { type StackLab, type StackOptions, withStack, withStackOptions } from "./stack-options.ts";
import { reportUnreachable } from "./unreachable.ts";

/** `pulumi-netns ping`: tests which hosts reach each other, and how long a ping takes. */
export function ping(program: Command): void {
  withPacketOptions(withStackOptions(program.command("ping")))
    .summary("ping all hosts, some of them, or one pair of hosts")
    .description(
      "Pings each address of each namespace of the stack, also one that it has lost, from all other namespaces that have an address of its family, or one host or address from one host. " +
        'A name with *, such as "spine*", means all namespaces of such names; a missing TO means all. ' +
        `Exits with 0 if every ping is answered by its host, and with ${NOT_REACHED} otherwise. A firewall may drop a ping and pass ` +
        "connections: `pulumi-netns trace FROM TO tcp PORT` follows one.",
    )
    .argument("[from]", HOST_HELP)
    .argument("[to]", TARGET_HELP)
    .option("-n, --network <network>", "ping only the addresses in a network, such as those of loopbacks", networkOf)
    .option("-w, --wait <seconds>", "the timeout of an answer", seconds, 1)
    .option(
      "-c, --count <pings>",
      "the number of pings to each address; with more than one, their loss is shown",
      times,
      1,
    )
    .option("--json", "print JSON")
    .addHelpText("after", EXAMPLES)
    .action(
      (
        from: string | undefined,
        to: string | undefined,
        { wait, count, json, size, df, network, ...options }: Options,
      ) =>
        withStack(options, async (lab) => {
          const { project, stack } = lab.view;
          const packet = { count, size, df };
          const { pings, missing, text } =
            from !== undefined && to !== undefined && (parseIp(to) !== undefined || ![from, to].some(isPattern))
              ? await pairs(lab, { from, to, network, wait }, packet)
              : await several(lab, { from, to, network, wait }, packet);
          reportUnreachable(lab.hosts);
          await warnOfDuplicates(lab, pings);
          if (json)
            printJson({ project, stack, missing, pings: pings.map((ping) => ({ ...ping, ms: ping.ms ?? null })) });
          else print(text);
          if (missing.length > 0 || !telling(pings).every(isReached)) process.exitCode = NOT_REACHED;
        }),
    );
}

const NOT_REACHED = 3;

const EXAMPLES = `
Examples:
  $ pulumi-netns ping
  $ pulumi-netns ping red blue
  $ pulumi-netns ping red 8.8.8.8 --wait 3
  $ pulumi-netns ping "h*" 8.8.8.8
  $ pulumi-netns ping lab1/red lab2/red
  $ pulumi-netns ping red
  $ pulumi-netns ping "leaf*" "spine*" --network 10.255.0.0/16
  $ pulumi-netns ping red blue --count 20
  $ pulumi-netns ping --size 1472 --df`;

interface Options extends StackOptions, PacketOptions {
  readonly wait: number;
  readonly count: number;
  readonly json?: true;
  readonly network?: string;
}

/** Which hosts ping which others. */
interface Selection {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly network: string | undefined;
  readonly wait: number;
}

/** Which hosts ping one host or one address. */
type Pair = Selection & { readonly from: string; readonly to: string };

/** The number of pings to an address, and their packets. */
type Pings = PacketOptions & Pick<Options, "count">;

interface Report {
  readonly pings: readonly NamedPing[];
  /** The hosts that are in the state, and not in the kernel or on a lab host that cannot be reached. */
  readonly missing: readonly string[];
  readonly text: string;
}

/** Pings a host or an address from hosts, with a line for each address. */
async function pairs(lab: StackLab, { from, to, network, wait }: Pair, packet: Pings): Promise<Report> {
  const { view, hosts } = lab;
  const senders = isPattern(from) ? hostsNamed(view, from) : [{ ...findHost(view, from), name: from }];
  const each = await inParallel(senders, async (host) => {
    await requirePlace(hosts, host);
    const targets = (await findTargets(lab, host, to)).filter((address) => isIn(network, address));
    if (network !== undefined && targets.length === 0) throw noneIn(network);
    const replies = targets.map(async (address) => {
      const sent = { ...packet, from: placeAt(host), to: address, wait };
      return { ...withLoss(await sendPing(hosts.all, sent)), sender: host.name };
    });
    return Promise.all(replies);
  });
  const replies = each.flat();
  // The user means no host by an address.
  const target = parseIp(to) === undefined ? findTargetHost(view, to) : undefined;
  const sent = replies.map(({ from: place, to: address, ms }) => ({
    from: place,
    to: target && placeAt(target),
    address,
    ms,
  }));
  const answerers = target === undefined ? [] : await answerersOf(lab, sent);
  const pings = replies.map(({ sender, to: address, ms, loss, unsent }, index) => ({
    ...{ from: sender, to, address, ms, loss, ...answerers[index] },
    ...(unsent !== undefined && { unsent }),
  }));
  const lost = pings.find(({ ms }) => ms === undefined);
  return {
    pings,
    missing: [],
    text: [
      columns(
        pings.map((ping, index) => [
          `${ping.from} → ${to}`,
          ...(ping.address === to ? [] : [ping.address]),
          heard(replies[index]?.said, ping),
        ]),
      ),
      ...otherAnswerLines(pings),
      ...(lost === undefined ? [] : [advice(lost, packet)]),
    ].join("\n"),
  };
}

const noneIn = (network: string): UserError =>
  new UserError(
    `nothing to ping: no address is in ${network}`,
    "the addresses: pulumi-netns exec --all -- ip -brief address",
  );

function heard(said: string | undefined, ping: NamedPing): string {
  const { ms, loss, unsent, answeredBy } = ping;
  if (ms === undefined) return paint("red", said ?? unsent ?? NO_ANSWER);
  const other = answererText(ping);
  const text = timeText(ms, loss, " ms");
  return other === undefined ? text : `${text}, ${paint(answeredBy === undefined ? "yellow" : "red", other)}`;
}

async function several(lab: StackLab, { wait, network, ...given }: Selection, packet: Pings): Promise<Report> {
  const { view, hosts } = lab;
  const [senders, receivers] = [hostsNamed(view, given.from), hostsNamed(view, given.to, findTargetHost)];
  const { present, absent, unreachable } = await hostsInKernel(view, hosts);
  const [from, to] = [new Set(senders.map(placeAt)), new Set(receivers.map(placeAt))];
  const isMeant = (host: StackHost) => from.has(placeAt(host)) || to.has(placeAt(host));
  const missing = [...absent, ...unreachable].filter(isMeant);
  const machines = [...senders, ...receivers].filter(({ namespace }) => namespace === undefined);
  const nameOf = new Map([...present.filter(isMeant), ...machines].map((host) => [placeAt(host), host.name]));
  const isWanted = (sender: Place, receiver: Place) => from.has(sender) && to.has(receiver);
  const declared = (place: Place) => addressesIn(view, placeParts(place));
  const { step, end } = progress("pings");
  const how = { ...packet, declared, network, isWanted };
  const reaches = await pingAll(hosts.all, [...nameOf.keys()], wait, step, how).finally(end);
  if (reaches.length === 0 && missing.length === 0) {
    if (network !== undefined) throw noneIn(network);
    throw new UserError(
      "nothing to ping: at least two namespaces are required, and an address in one of them of a family, IPv4 or IPv6, that another one has",
    );
  }
  const named = (place: Place): string => nameOf.get(place) ?? "";
  const answerers = await answerersOf(lab, reaches);
  const pings = reaches.map((one, index) => ({
    ...{ ...one, from: named(one.from), to: named(one.to) },
    ...answerers[index],
  }));
  const matrix = pingMatrix(view, senders.map(nameIn), pings, {
    to: receivers.map(nameIn),
    missing: missing.map(nameIn),
    width: process.stdout.columns,
    packet,
  });
  return {
    pings,
    missing: missing.map(nameIn),
    text: [matrix, ...absent.filter(isMeant).map(missingPlaceMessage)].join("\n"),
  };
}

const nameIn = ({ name }: StackHost): string => name;

function networkOf(given: string): string {
  const parsed = cidr(given);
  if (parsed !== undefined && parsed.address === parsed.network) return given;
  throw new InvalidArgumentError("Use a network, e.g. 10.255.0.0/16 or fd00::/64.");
}

function seconds(given: string): number {
  const value = Number(given);
  if (value > 0 && value <= MOST_PATIENT) return value;
  throw new InvalidArgumentError(`Use a number of seconds up to ${MOST_PATIENT}, e.g. 0.5 or 3.`);
}

function times(given: string): number {
  const value = Number(given);
  if (Number.isInteger(value) && value >= 1 && value <= MOST_PINGS) return value;
  throw new InvalidArgumentError(`Use a number of pings up to ${MOST_PINGS}, e.g. 20.`);
}

/** The largest number of pings, which are five a second: a command that takes longer than a minute is ended. */
const MOST_PINGS = 100;

/** The longest timeout, in seconds: a command that takes longer is ended; see `labHost`. */
const MOST_PATIENT = 30;
