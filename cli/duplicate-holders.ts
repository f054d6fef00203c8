import { placeName } from "../inspect/place.ts";
import { hostsOf } from "../inspect/stack-hosts.ts";
import { addressesIn } from "../inspect/stack-links.ts";
import { command } from "../inspect/trace/as-typed.ts";
import { undeclaredAddresses } from "../inspect/undeclared.ts";
import { withHelp } from "../provider/message.ts";
import type { NamedPing } from "./named-ping.ts";
import { warn } from "./output.ts";
import type { StackLab } from "./stack-options.ts";

/**
 * Warns of declared addresses that answered a ping and that another interface of the stack has, too, although no resource declares them there:
 * its place may have sent the answer.
 */
export async function warnOfDuplicates({ view, hosts }: StackLab, pings: readonly NamedPing[]): Promise<void> {
  const answered = new Set(pings.filter(({ ms }) => ms !== undefined).map(({ address }) => address));
  const declared = new Set(hostsOf(view).flatMap((host) => addressesIn(view, host)));
  for (const { place, link, address } of await undeclaredAddresses(hosts.all.kernel, view)) {
    const [ip = ""] = address.split("/");
    if (!answered.has(ip) || !declared.has(ip)) continue;
    const name = placeName(place);
    warn(
      withHelp(
        `${ip} is also an address of ${link} in ${name}, which no resource declares: ${name} may have answered`,
        `delete it there: ${command(place, `ip address delete ${address} dev ${link}`)}`,
      ),
    );
  }
}
