import { Argument, type Command, InvalidArgumentError } from "commander";
import { declaredIn } from "../inspect/declared.ts";
import { placeAt } from "../inspect/place.ts";
import { statusOf } from "../inspect/status.ts";
import { resultOf } from "../inspect/trace/multipath.ts";
import { showTrace } from "../inspect/trace/text.ts";
import { trace as follow } from "../inspect/trace/trace.ts";
import type { Probe, Trace } from "../inspect/trace/types.ts";
import { undeclaredObjects } from "../inspect/undeclared-objects.ts";
import { familyOf } from "../provider/cidr.ts";
import { UserError } from "../provider/message.ts";
import { absentProcessesText, differingText, type Loss } from "./differing-text.ts";
import { findTraceTargets, TARGET_HELP } from "./find-targets.ts";
import { findHost, HOST_HELP, requirePlace } from "./namespaces.ts";
import { print, printJson } from "./output.ts";
import { type PacketOptions, withPacketOptions } from "./packet-options.ts";
import { type StackLab, type StackOptions, withStack, withStackOptions } from "./stack-options.ts";
import { reportUnreachable } from "./unreachable.ts";

/** `pulumi-netns trace`: shows the path of a ping or a connection and of its answer, and where it is dropped. */
export function trace(program: Command): void {
  withPacketOptions(withStackOptions(program.command("trace")))
    .summary("show the path of a ping or a connection and of its answer, and where it is lost")
    .description(
      "Follows a ping, or with a protocol and a port a connection, and its answer along the routes that the kernel would use now, " +
        "hop by hop, through bridges, firewalls and NAT. If it is lost, prints where, why and the remedy; of several addresses, first " +
        "those that are not reached. If a ping should be answered, sends one, so that the result is what `ping` shows. " +
        `Exits with 0 if it is answered, and with ${NOT_ANSWERED} if it, or another flow of a multipath route, is lost or leaves the lab.`,
    )
    .argument("<from>", HOST_HELP)
    .argument("<to>", TARGET_HELP)
    .addArgument(new Argument("[protocol]", "that of a connection").choices(["tcp", "udp"]))
    .argument("[port]", "its port", port)
    .option("--json", "print JSON")
    .addHelpText("after", EXAMPLES)
    .action(
      (
        from: string,
        to: string,
        protocol: "tcp" | "udp" | undefined,
        port: number | undefined,
        { json, size, df, ...options }: Options,
      ) =>
        withStack(
          options,
          async (lab) => {
            const { view, hosts } = lab;
            const probe = probeOf(protocol, port, { size, df });
            const host = findHost(view, from);
            await requirePlace(hosts, host);
            const declared = declaredIn(view);
            const { addresses, target } = await findTraceTargets(lab, to);
            const traces = await Promise.all(
              addresses.map((address) => follow(hosts.all, placeAt(host), address, { probe, target, declared })),
            );
            reportUnreachable(hosts);
            traces.sort((one, other) => rank(resultOf(one)) - rank(resultOf(other)));
            const isAnswered = traces.every((one) => resultOf(one) === "answered");
            if (!isAnswered) process.exitCode = NOT_ANSWERED;
            if (json) {
              const told = traces.map((one) => ({ ...one, result: resultOf(one) }));
              printJson({ project: view.project, stack: view.stack, traces: told });
              return;
            }
            const differing = isAnswered
              ? await otherProgramText(lab, traces)
              : differingText(
                  await statusOf(view, hosts),
                  await undeclaredObjects(hosts.all.kernel, view),
                  lossOf(traces),
                );
            print([...traces.map(showTrace), ...(differing === undefined ? [] : [differing])].join("\n\n"));
          },
          REVEALED,
        ),
    );
}

const EXAMPLES = `
Examples:
  $ pulumi-netns trace red blue
  $ pulumi-netns trace red 8.8.8.8 --json
  $ pulumi-netns trace red blue --size 1400 --df
  $ pulumi-netns trace lab1/red lab2/blue
  $ pulumi-netns trace red blue tcp 8080`;

type Options = StackOptions & PacketOptions & { readonly json?: true };

const NOT_ANSWERED = 3;

/** Secrets of the state are compared with the kernel, and are not printed. */
const REVEALED = { reveal: true };

/** The order of the output: those that are lost first. */
const rank = (kind: "died" | "left" | "answered"): number => ["died", "left", "answered"].indexOf(kind);

/** Returns what the traces of packets that are not answered tell of their loss. */
function lossOf(traces: readonly Trace[]): Loss {
  const lost = traces.filter((one) => resultOf(one) !== "answered");
  const ways = lost.flatMap((one) => [one, ...one.others]);
  return {
    places: new Set(ways.flatMap(({ there, back }) => [...there, ...back].map(({ place }) => place))),
    families: new Set(lost.map(({ destination }) => familyOf(destination))),
    isExplained: ways.every(({ outcome }) => outcome.kind !== "died" || outcome.cause !== "unexplained"),
  };
}

/** Returns the text about processes of the stack that do not run where a connection is accepted; undefined if all run. */
async function otherProgramText({ view, hosts }: StackLab, traces: readonly Trace[]): Promise<string | undefined> {
  const accepting = new Set(
    traces.flatMap(({ probe, there }) => (probe.protocol === "icmp" ? [] : [there.at(-1)?.place])),
  );
  return accepting.size === 0 ? undefined : absentProcessesText(await statusOf(view, hosts), accepting);
}

function probeOf(protocol: "tcp" | "udp" | undefined, port: number | undefined, { size, df }: PacketOptions): Probe {
  if (protocol === undefined) return { protocol: "icmp", size, df };
  if (port === undefined)
    throw new UserError("missing argument: port", `for example: pulumi-netns trace red blue ${protocol} 8080`);
  if (size !== undefined || df !== undefined)
    throw new UserError("--size and --df are for pings, not for a connection", "leave out the protocol or the options");
  return { protocol, port };
}

function port(given: string): number {
  const value = Number(given);
  if (Number.isInteger(value) && value > 0 && value < 65_536) return value;
  throw new InvalidArgumentError("Use a port from 1 to 65535.");
}
