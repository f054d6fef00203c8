import { type Command, InvalidArgumentError } from "commander";
import * as v from "valibot";
import { atLabHost } from "../inspect/at-lab-host.ts";
import { impair as impairLink } from "../inspect/impair.ts";
import { impairmentText } from "../lab/impairment-text.ts";
import { type NetemOptions, netem, netemFields } from "../provider/kinds/netem-options.ts";
import { UserError, withHelp } from "../provider/message.ts";
import { args, check } from "../provider/schema.ts";
import { findHostLink, HEALED, LINK_HELP } from "./host-links.ts";
import { HOST_HELP } from "./namespaces.ts";
import { print } from "./output.ts";
import { type StackOptions, withStack, withStackOptions } from "./stack-options.ts";

/** `pulumi-netns impair`: gives the packets that leave through an interface a delay, a loss and a rate for a moment. */
export function impair(program: Command): void {
  withStackOptions(program.command("impair"))
    .summary("delay, drop or slow down the packets of an interface, until the next up --refresh")
    .description(
      "Changes the delay, the loss and the rate of the packets that leave through an interface of the stack (netem). An option " +
        "that is not given is off. The change is drift: `pulumi-netns status` shows it, and `pulumi up --refresh` reverts it.",
    )
    .argument("<host>", HOST_HELP)
    .argument("<interface>", LINK_HELP)
    .option("--delay <time>", "the delay of each packet, e.g. 80ms")
    .option("--jitter <time>", "the largest deviation from the delay, e.g. 10ms")
    .option("--loss <share>", "the share of packets that are dropped, e.g. 5%")
    .option("--duplicate <share>", "the share of packets that are sent twice")
    .option("--corrupt <share>", "the share of packets with an inverted bit")
    .option("--reorder <share>", "the share of packets that are sent without the delay")
    .option("--rate <rate>", "the rate, e.g. 1mbit")
    .option("--off", "remove all of it")
    .addHelpText("after", EXAMPLES)
    .action((host: string, name: string, { off, cwd, stack, ...given }: Options) => {
      if ((off === true) === Object.keys(given).length > 0) throw new UserError(...EITHER);
      const options = off ? undefined : optionsOf(given);
      return withStack({ cwd, ...(stack !== undefined && { stack }) }, async (lab) => {
        const link = await findHostLink(lab, host, name);
        const isChanged = await atLabHost(link.host, () => impairLink(lab.hosts.on(link.host).kernel, link, options));
        const [text, help] = options
          ? [impairmentText({ ...options }), HEALED]
          : isChanged
            ? ["not impaired", IF_GIVEN]
            : ["nothing was set"];
        print(withHelp(`${host} ${name}: ${text}`, help));
      });
    });
}

const EXAMPLES = `
Examples:
  $ pulumi-netns impair red eth0 --delay 80ms --loss 1%
  $ pulumi-netns impair red eth0 --off`;

/** The help after the end of an impairment, which may be that of the program. */
const IF_GIVEN = `if the program gives it a netem, ${HEALED}`;

interface Options extends StackOptions, Omit<NetemOptions, "gap" | "limit"> {
  readonly off?: true;
}

const EITHER = ["impair takes settings, or --off", "for example: pulumi-netns impair red eth0 --delay 80ms"] as const;

/** Returns the settings in normal form. */
function optionsOf(given: object): NetemOptions {
  const checked = check(SCHEMA, given);
  if ("args" in checked) return checked.args;
  throw new InvalidArgumentError(checked.failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
}

const SCHEMA = v.pipe(args(netemFields), ...(netem.rules as unknown as []));
