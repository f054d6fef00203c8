import { type Command, InvalidArgumentError } from "commander";
import { type PlacePing, pingAll, sendPing, withLoss } from "../inspect/ping.ts";
import { placeAt, placeParts } from "../inspect/place.ts";
import { hostsOf, type StackHost } from "../inspect/stack-hosts.ts";
import { addressesIn } from "../inspect/stack-links.ts";
import { UserError } from "../provider/message.ts";
import { findTargets, TARGET_HELP } from "./find-targets.ts";
import { findHost, HOST_HELP, hostsInKernel, missingPlaceMessage, requirePlace } from "./namespaces.ts";
import { columns, paint, print, printJson } from "./output.ts";
import { type PacketOptions, withPacketOptions } from "./packet-options.ts";
import { advice, type NamedPing, NO_ANSWER, pingMatrix, timeText } from "./ping-text.ts";
import { progress } from "./progress.ts";
import { type StackLab, type StackOptions, withStack, withStackOptions } from "./stack-options.ts";
import { reportUnreachable } from "./unreachable.ts";

/** `pulumi-netns ping`: tests which hosts reach each other, and how long a ping takes. */
export function ping(program: Command): void {
  withPacketOptions(withStackOptions(program.command("ping")))
    .summary("ping all hosts, or one pair of hosts")
    .description(
      "Pings each address of each namespace of the stack, also one that it has lost, from all other namespaces that have an address of its family, or one host or address from one host. " +
        `Exits with 0 if every ping is answered, and with ${NOT_REACHED} otherwise.`,
    )
    .argument("[from]", HOST_HELP)
    .argument("[to]", TARGET_HELP)
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
      (from: string | undefined, to: string | undefined, { wait, count, json, size, df, ...options }: Options) => {
        if (from !== undefined && to === undefined) throw new UserError("missing argument: to", FOR_EXAMPLE);
        return withStack(options, async (lab) => {
          const { project, stack } = lab.view;
          const packet = { count, size, df };
          const { pings, missing, text } =
            from === undefined || to === undefined
              ? await all(lab, wait, packet)
              : await one(lab, from, to, wait, packet);
          reportUnreachable(lab.hosts);
          if (json)
            printJson({ project, stack, missing, pings: pings.map((ping) => ({ ...ping, ms: ping.ms ?? null })) });
          else print(text);
          if (missing.length > 0 || pings.some(({ ms }) => ms === undefined)) process.exitCode = NOT_REACHED;
        });
      },
    );
}

const NOT_REACHED = 3;

const FOR_EXAMPLE = "for example: pulumi-netns ping red blue, pulumi-netns ping red 192.168.15.2";

const EXAMPLES = `
Examples:
  $ pulumi-netns ping
  $ pulumi-netns ping red blue
  $ pulumi-netns ping red 8.8.8.8 --wait 3
  $ pulumi-netns ping lab1/red lab2/red
  $ pulumi-netns ping red blue --count 20
  $ pulumi-netns ping --size 1472 --df`;

interface Options extends StackOptions, PacketOptions {
  readonly wait: number;
  readonly count: number;
  readonly json?: true;
}

/** The number of pings to an address, and their packets. */
type Pings = PacketOptions & Pick<Options, "count">;

interface Report {
  readonly pings: readonly NamedPing[];
  /** The hosts that are in the state, and not in the kernel or on a lab host that cannot be reached. */
  readonly missing: readonly string[];
  readonly text: string;
}

async function one(lab: StackLab, from: string, to: string, wait: number, packet: Pings): Promise<Report> {
  const { view, hosts } = lab;
  const host = findHost(view, from);
  await requirePlace(hosts, host);
  const targets = await findTargets(lab, host, to);
  const answers = await Promise.all(
    targets.map((address) => sendPing(hosts.all, { ...packet, from: placeAt(host), to: address, wait }).then(withLoss)),
  );
  return {
    pings: answers.map(({ to: address, ms, loss, unsent }) => ({
      from,
      to,
      address,
      ms,
      loss,
      ...(unsent !== undefined && { unsent }),
    })),
    missing: [],
    text: [
      columns(answers.map((answer) => [`${from} → ${to}`, ...(answer.to === to ? [] : [answer.to]), heard(answer)])),
      ...(answers.every(({ ms }) => ms !== undefined) ? [] : [advice({ from, to }, packet)]),
    ].join("\n"),
  };
}

const heard = ({ ms, loss, said, unsent }: ReturnType<typeof withLoss>): string =>
  ms === undefined ? paint("red", said ?? unsent ?? NO_ANSWER) : timeText(ms, loss, " ms");

async function all({ view, hosts }: StackLab, wait: number, packet: Pings): Promise<Report> {
  const { present, absent, unreachable } = await hostsInKernel(view, hosts);
  const missing = [...absent, ...unreachable];
  const nameOf = new Map(present.map((host) => [placeAt(host), host.name]));
  const declared = (place: PlacePing["from"]) => addressesIn(view, placeParts(place));
  const { step, end } = progress("pings");
  const reaches = await pingAll(hosts.all, [...nameOf.keys()], wait, step, { ...packet, declared }).finally(end);
  if (reaches.length === 0 && missing.length === 0) {
    throw new UserError(
      "nothing to ping: at least two namespaces are required, and an address in one of them of a family, IPv4 or IPv6, that another one has",
    );
  }
  const named = (place: PlacePing["from"]): string => nameOf.get(place) ?? "";
  const pings = reaches.map(({ from, to, ...rest }) => ({ from: named(from), to: named(to), ...rest }));
  const matrix = pingMatrix(view, hostsOf(view).map(nameIn), pings, {
    missing: missing.map(nameIn),
    width: process.stdout.columns,
    packet,
  });
  return {
    pings,
    missing: missing.map(nameIn),
    text: [matrix, ...absent.map(missingPlaceMessage)].join("\n"),
  };
}

const nameIn = ({ name }: StackHost): string => name;

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
