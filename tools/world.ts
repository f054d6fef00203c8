import type { Sandbox } from "../testing/sandbox.ts";

/** The networks around a lab host. */
export interface World {
  /** The lab host's own address in the LAN. */
  readonly hostInLan: string;
  /** Returns the number of echo requests from a source that the LAN host has received, as counted there. */
  pingsSeenInLan(source: string): Promise<number>;
}

/**
 * Connects a lab host to a LAN with one more host, and to an internet with one host. They are namespaces of the sandbox, so
 * no packet reaches the real owners of their addresses. Neither has a route to the networks inside the lab.
 *
 *   lan 192.168.1.3 ── 192.168.1.2 (lab host) 203.0.113.2 ── 203.0.113.1 internet 8.8.8.8
 */
export async function world({ run }: Sandbox): Promise<World> {
  const ip = (...args: string[]) => run("ip", ...args);
  for (const place of ["lan", "internet"]) {
    await ip("netns", "add", place);
    await ip("-n", place, "link", "set", "dev", "lo", "up");
  }
  await ip("link", "add", "name", "lan0", "type", "veth", "peer", "name", "eth0", "netns", "lan");
  await ip("link", "add", "name", "wan0", "type", "veth", "peer", "name", "eth0", "netns", "internet");
  // Link-local addresses would appear asynchronously and disturb comparisons.
  for (const link of ["lan0", "wan0"]) await ip("link", "set", "dev", link, "up", "addrgenmode", "none");
  for (const place of ["lan", "internet"]) await ip("-n", place, "link", "set", "dev", "eth0", "up");
  await ip("address", "add", "192.168.1.2/24", "dev", "lan0");
  await ip("-n", "lan", "address", "add", "192.168.1.3/24", "dev", "eth0");
  await ip("address", "add", "203.0.113.2/24", "dev", "wan0");
  await ip("-n", "internet", "address", "add", "203.0.113.1/24", "dev", "eth0");
  await ip("-n", "internet", "address", "add", "8.8.8.8/32", "dev", "lo");
  await ip("route", "add", "default", "via", "203.0.113.1");

  await run("ip", "netns", "exec", "lan", "nft", COUNTERS);
  return {
    hostInLan: "192.168.1.2",
    async pingsSeenInLan(source) {
      const set = await run("ip", "netns", "exec", "lan", "nft", "list", "set", "inet", "seen", "sources");
      return Number(new RegExp(`\\b${source.replaceAll(".", "\\.")} counter packets (\\d+)`).exec(set)?.[1] ?? 0);
    },
  };
}

const COUNTERS = `table inet seen {
  set sources { type ipv4_addr; flags dynamic; counter; }
  chain arrivals {
    type filter hook input priority 0;
    icmp type echo-request add @sources { ip saddr }
  }
}`;
