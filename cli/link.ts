import { Argument, type Command } from "commander";
import { dev, ip } from "../provider/kernel/tools/ip.ts";
import { withHelp } from "../provider/message.ts";
import { applyPlan } from "../provider/plan.ts";
import { findHostLink, HEALED, LINK_HELP } from "./host-links.ts";
import { HOST_HELP } from "./namespaces.ts";
import { print } from "./output.ts";
import { type StackOptions, withStack, withStackOptions } from "./stack-options.ts";

/** `pulumi-netns link`: takes an interface down or up for a moment, as if a cable was pulled. */
export function link(program: Command): void {
  withStackOptions(program.command("link"))
    .summary("take an interface down or up, until the next up --refresh")
    .description(
      "Takes an interface of the stack down or up. An interface that goes down loses its routes and its IPv6 addresses, and its " +
        "peer loses its carrier. The change is drift: `pulumi-netns status` shows it, and `pulumi up --refresh` reverts it.",
    )
    .addArgument(new Argument("<state>", "the new state").choices(["down", "up"]))
    .argument("<host>", HOST_HELP)
    .argument("<interface>", LINK_HELP)
    .addHelpText("after", "\nExamples:\n  $ pulumi-netns link down red eth0\n  $ pulumi-netns link up red eth0")
    .action((state: "down" | "up", host: string, name: string, options: StackOptions) =>
      withStack(options, async (lab) => {
        const { host: on, namespace, name: found } = await findHostLink(lab, host, name);
        await applyPlan(lab.hosts.on(on).kernel, [{ run: ip(namespace, "link", "set", dev(found), state) }]);
        print(withHelp(`${host} ${name} is ${state}`, state === "down" ? HEALED : LOST));
      }),
    );
}

const LOST =
  "the kernel deleted its routes and IPv6 addresses when it went down, and `pulumi up --refresh` creates them again";
