import { showNeighbor } from "../../provider/kernel/tools/neigh.ts";
import { keyOn, PLACEHOLDER } from "../../provider/sysctl-key.ts";
import type { Interface } from "../interfaces.ts";
import { inParallel } from "../parallel.ts";
import { placeName } from "../place.ts";
import { command } from "./as-typed.ts";
import { forwardingOff } from "./forwarding-off.ts";
import { ownAddress } from "./nat.ts";
import type { Death, TraceContext } from "./packet.ts";
import { forwards } from "./route-decision.ts";
import { lookUpRoute } from "./route-lookup.ts";
import { setsSysctls } from "./sysctl-help.ts";
import type { Advice } from "./types.ts";

/** An interface that is set to answer the question for the MAC address of an address that another place has. */
export interface Proxy {
  readonly link: Interface;
  /** The setting because of which it answers. */
  readonly setting: string;
  /** Why it does not answer all the same; undefined if it does. */
  readonly fault: Advice | undefined;
}

/** Returns an interface among several that is set to answer for the address of another place, if any one that does answer. */
export async function proxyFor(
  context: TraceContext,
  out: Interface,
  address: string,
  among: readonly Interface[],
): Promise<Proxy | undefined> {
  const others = among.filter(({ place }) => place !== out.place);
  const found = (await inParallel(others, (link) => proxyAt(context, out, address, link))).flatMap((one) => one ?? []);
  return found.find(({ fault }) => fault === undefined) ?? found[0];
}

/** Returns why an interface that is set to answer for an address does not answer; undefined if no interface is. */
export async function proxyFault(context: TraceContext, { out, nextHop, segment }: Death): Promise<Advice | undefined> {
  if (out === undefined || nextHop === undefined) return undefined;
  return (await proxyFor(context, out, nextHop, segment?.members ?? []))?.fault;
}

async function proxyAt(
  context: TraceContext,
  out: Interface,
  address: string,
  link: Interface,
): Promise<Proxy | undefined> {
  const { host, family } = context;
  const { place, name } = link;
  const [isSet, entry] = await Promise.all([
    isSetAt(context, link),
    showNeighbor(host.kernel, place, { interface: name, address, proxy: true }),
  ]);
  // In IPv6, the setting lets the entries for single addresses take effect, and does nothing else.
  const isByEntry = entry !== undefined;
  if (!isByEntry && (family === "inet6" || !isSet)) return undefined;
  const setting = isByEntry ? `its proxy entry on ${name}` : `proxy_arp of ${name} is 1`;
  const would = `does not answer for ${address}, in spite of ${isByEntry ? setting : `proxy_arp on ${name}`}`;
  const proxy = (why?: string, hint = ""): Proxy => ({
    ...{ link, setting },
    fault: why === undefined ? undefined : { reason: `${placeName(place)} ${would}: ${why}`, hint },
  });
  if (family === "inet6" && !isSet) {
    const key = keyOn(`net.ipv6.conf.${PLACEHOLDER}.proxy_ndp`, name);
    return proxy(`${key} is 0`, setsSysctls(context, place, [key], 1));
  }
  if (!(await forwards(context, place, link))) {
    const { reason, hint } = await forwardingOff(context, place, link);
    return proxy(reason, hint);
  }
  const source = ownAddress(out, family, address);
  const from = source === undefined ? [] : ["from", source, "iif", name];
  const route = await lookUpRoute(host, place, address, ...from);
  if (family === "inet" && ("refusal" in route || route.dev === name))
    return proxy(
      `it has no route to ${address} by another interface`,
      `its route: ${command(place, `ip route get ${address}`)}`,
    );
  return proxy();
}

async function isSetAt({ host, family }: TraceContext, { place, name }: Interface): Promise<boolean> {
  const setting = family === "inet" ? "proxy_arp" : "proxy_ndp";
  const keys = ["all", name].map((one) => `net/${family === "inet" ? "ipv4" : "ipv6"}/conf/${one}/${setting}`);
  const { stdout } = await host.run(place, "sysctl", "--values", ...keys);
  return stdout.split("\n").includes("1");
}
