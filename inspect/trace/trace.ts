import { familyOf, parseIp } from "../../provider/cidr.ts";
import { UserError } from "../../provider/message.ts";
import { listInterfaces } from "../interfaces.ts";
import type { LabHost, Place } from "../lab-host.ts";
import { adviceFor } from "./advice.ts";
import { followPath, type TranslatedAddress } from "./path.ts";
import type { Trace } from "./types.ts";

/**
 * Traces the path of a ping from a place to an address, and of its reply: each kernel on the path is queried for its route, its
 * firewall and its neighbours. No packet is sent.
 *
 * Equivalent to: `ip -n red route get 8.8.8.8`, and the same at each next hop, with `nft list ruleset` and
 * `sysctl net.ipv4.ip_forward` there.
 *
 * @throws Error if the destination is not an address, or the namespace does not exist.
 *
 * @example
 * console.log(showTrace(await trace(labHost(), "blue", "192.168.1.3")));
 */
export async function trace(host: LabHost, from: Place, destination: string): Promise<Trace> {
  const to = parseIp(destination);
  if (to === undefined)
    throw new UserError(`"${destination}" is not an IP address`, "use an address such as 192.168.15.2 or fd00::2");
  const interfaces = await listInterfaces(host);
  if (from !== undefined && !interfaces.some(({ place }) => place === from)) {
    throw new UserError(`namespace ${from} not found`, "`ip netns` lists the existing namespaces");
  }
  const translated: TranslatedAddress[] = [];
  const context = { host, interfaces, family: familyOf(to), translated };
  const there = await followPath(context, from, { destination: to }, "there");
  const known = { from, source: there.source, destination: to, there: there.hops };
  if (there.end.kind !== "arrived") {
    return { ...known, back: [], outcome: await adviceFor(context, known, there, "there") };
  }
  const packet = { source: there.packet.destination, destination: there.packet.source ?? to };
  const back = await followPath(context, there.end.place, packet, "back");
  if (back.end.kind !== "arrived") {
    return { ...known, back: back.hops, outcome: await adviceFor(context, known, back, "back") };
  }
  if (back.end.place === from) return { ...known, back: back.hops, outcome: { kind: "answered" } };
  const outcome = await adviceFor(
    context,
    known,
    { ...back, end: { kind: "died", place: back.end.place, cause: "misdelivered" } },
    "back",
  );
  return { ...known, back: back.hops, outcome };
}
