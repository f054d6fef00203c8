import { addressesOf, listInterfaces } from "../inspect/interfaces.ts";
import { sendPing } from "../inspect/ping.ts";
import { showTrace } from "../inspect/trace/text.ts";
import { trace } from "../inspect/trace/trace.ts";
import { familyOf, parseIp } from "../provider/cidr.ts";
import { MAIN_TABLE, type RouteEntry, showRoutes } from "../provider/kernel/tools/ip.ts";
import { finding, type Matcher, said } from "./finding.ts";
import type { Host } from "./host.ts";
import { mustBeHost } from "./must-be.ts";

/** Matchers for a host of a lab. Each one reads the kernel, so each one must be awaited. */
export interface LabMatchers {
  /**
   * Expects that a ping is answered: by an address, or by every global address of another host. With `.not`, expects no answer. A
   * failure reports where the ping is lost.
   *
   * Equivalent to: `ip netns exec red ping -c 2 192.168.15.2`
   *
   * @example
   * await expect(lab.host("red")).toReach("192.168.15.2");
   * await expect(lab.host("red")).not.toReach(lab.host("guest"));
   */
  toReach(destination: string | Host): Promise<void>;
  /**
   * Expects that a routing table has a route to exactly this destination: a network such as `192.168.1.0/24`, or `default`,
   * which means IPv4 unless `via` is an IPv6 address. One next hop of the route has both `via` and `dev`, if given.
   *
   * Equivalent to: `ip -n red route show exact default table main`
   *
   * @example
   * await expect(lab.host("red")).toHaveRoute("default", { via: "192.168.15.5" });
   * await expect(lab.host("edge")).toHaveRoute("default", { dev: "to-isp", table: 101 });
   */
  toHaveRoute(destination: string, way?: RouteWay): Promise<void>;
  /**
   * Expects that an interface has the address and, if given, the prefix length.
   *
   * Equivalent to: `ip -n red address show`
   *
   * @example
   * await expect(lab.host("red")).toHaveAddress("192.168.15.1/24", { dev: "veth-red" });
   */
  toHaveAddress(address: string, on?: { readonly dev?: string }): Promise<void>;
  /**
   * Expects that programs on the host can resolve the name and, if given, that the address is among the results. A failure reports the
   * configured name servers and where packets to them are lost.
   *
   * Equivalent to: `ip netns exec red getent ahosts web.lab`
   *
   * @example
   * await expect(lab.host("red")).toResolve("web.lab", "192.168.15.2");
   */
  toResolve(name: string, address?: string): Promise<void>;
}

/** What a route is expected to have, besides its destination. */
export interface RouteWay {
  /** The gateway. */
  readonly via?: string;
  /** The outgoing interface. */
  readonly dev?: string;
  /**
   * The number of the routing table.
   *
   * @default 254, the main table
   */
  readonly table?: number;
}

export const matchers: { [Name in keyof LabMatchers]: Matcher<Host, Parameters<LabMatchers[Name]>> } = {
  async toReach(host, destination) {
    await mustBeHost(host);
    if (typeof destination !== "string") await mustBeHost(destination);
    const targets =
      typeof destination === "string"
        ? [destination]
        : addressesOf(await listInterfaces(destination.labHost), destination.place);
    if (targets.length === 0 && typeof destination !== "string")
      return finding(false, `${said(destination)} has no address`);
    const results = await Promise.all(targets.map((to) => sendPing(host.labHost, { from: host.place, to, count: 2 })));
    const answered = results.filter(({ received }) => received > 0);
    const wrong = this.isNot ? answered : results.filter(({ received }) => received === 0);
    const ways = await Promise.all(wrong.map(({ to }) => trace(host.labHost, host.place, to)));
    const pass = this.isNot ? answered.length > 0 : wrong.length === 0;
    const sentences = ways.map((way, index) => {
      const { to, said: answer } = wrong[index] ?? { to: "", said: undefined };
      const heard = answer === undefined ? "" : ` (${answer})`;
      return `${said(host)} ${pass ? "reaches" : "does not reach"} ${to}${heard}\n\n${showTrace(way)}`;
    });
    return finding(pass, sentences.join("\n\n"));
  },

  async toHaveRoute(host, destination, { via, dev, table } = {}) {
    await mustBeHost(host);
    const family = familyOf(`${via ?? ""}${destination}`);
    const from = String(table ?? MAIN_TABLE);
    const routes = (await showRoutes(host.labHost.kernel, host.place, { family, destination, table: from })) ?? [];
    const wanted = via === undefined ? undefined : (parseIp(via) ?? via);
    const pass = routes
      .flatMap((route): readonly Pick<RouteEntry, "gateway" | "via" | "dev">[] => route.nexthops ?? [route])
      .some(
        (hop) =>
          (wanted === undefined || (hop.gateway ?? hop.via?.host) === wanted) && (dev === undefined || hop.dev === dev),
      );
    const route = [destination, ...(via === undefined ? [] : ["via", via]), ...(dev === undefined ? [] : ["dev", dev])];
    const where = table === undefined ? "" : ` in the table ${table}`;
    // There is no such table if it has no routes.
    const all = await host.labHost.run(host.place, "ip", "-family", family, "route", "show", "table", from);
    return finding(
      pass,
      `${said(host)} ${has(pass)} the route ${route.join(" ")}${where}. ${list(`Its routes${where}`, all.stdout)}`,
    );
  },

  async toHaveAddress(host, address, { dev } = {}) {
    await mustBeHost(host);
    const own = (await listInterfaces(host.labHost)).filter(({ place }) => place === host.place);
    const [wanted = "", length] = address.split("/");
    const pass = own.some(
      ({ name, addresses }) =>
        (dev === undefined || name === dev) &&
        addresses.some(
          (one) =>
            one.address === (parseIp(wanted) ?? wanted) && (length === undefined || one.length === Number(length)),
        ),
    );
    const where = dev === undefined ? "" : ` on ${dev}`;
    const all = own.flatMap(({ name, addresses }) => addresses.map((one) => `${one.address}/${one.length} on ${name}`));
    return finding(
      pass,
      `${said(host)} ${has(pass)} the address ${address}${where}. ${list("Its addresses", all.join("\n"))}`,
    );
  },

  async toResolve(host, name, address) {
    await mustBeHost(host);
    const { stdout } = await host.labHost.run(host.place, "getent", "ahosts", name);
    const found = [...new Set(stdout.split("\n").flatMap((line) => line.split(/\s+/)[0] || []))];
    const pass = address === undefined ? found.length > 0 : found.includes(parseIp(address) ?? address);
    const to = address === undefined ? "" : ` to ${address}`;
    const sentence = `${said(host)} ${pass ? "resolves" : "does not resolve"} ${name}${to}`;
    if (found.length > 0) return finding(pass, `${sentence}. ${list("It finds", found.join("\n"))}`);
    return finding(pass, `${sentence}. ${await nameserversOf(host)}`);
  },
};

const has = (pass: boolean): string => (pass ? "has" : "does not have");

const list = (what: string, lines: string): string =>
  lines.trim() === "" ? `${what}: none` : `${what}:\n  ${lines.trim().replaceAll(/\s*\n/g, "\n  ")}`;

/** Returns the name servers of a host and the trace to each. */
async function nameserversOf({ labHost, place }: Host): Promise<string> {
  const { stdout } = await labHost.run(place, "cat", "/etc/resolv.conf");
  const servers = [...stdout.matchAll(/^nameserver\s+(\S+)/gm)].flatMap(([, server]) => parseIp(server ?? "") ?? []);
  if (servers.length === 0) return "Its /etc/resolv.conf names no nameserver";
  const ways = await Promise.all(servers.map((server) => trace(labHost, place, server)));
  return `Its /etc/resolv.conf names ${servers.join(", ")}\n\n${ways.map(showTrace).join("\n\n")}`;
}
