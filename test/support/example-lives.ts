import { expect } from "vitest";
import type { Sandbox } from "../../tools/sandbox.ts";
import type { Life } from "./example-life.ts";
import { routingLives } from "./example-lives-routing.ts";
import { pingFrom, pingOnce, pings } from "./ping.ts";
import { serve } from "./server.ts";

/*
 * The examples that tests damage by hand and repair: test/kinds/examples.test.ts with each of these changes, on the in-process
 * engine, and test/engine/examples.test.ts with those that `preview --diff` shows.
 */

export const lives: Record<string, Life> = {
  "seed-yaml": {
    async works(host) {
      for (const address of ["192.168.15.2", "192.168.15.5"]) await pingOnce(host, "red", address);
      const routes = await host.ip("-n", "blue", "route", "show", "default");
      expect(routes).toMatchObject([{ gateway: "192.168.15.5", dev: "veth-blue" }]);
      expect(await host.run("nft", "list", "ruleset")).toContain("ip saddr 192.168.15.0/24");
    },
    drifts: [],
  },
  "seed-components-yaml": {
    async works(host) {
      for (const address of ["192.168.15.2", "192.168.15.5"]) await pingOnce(host, "red", address);
      expect(await host.run("nft", "list", "ruleset")).toContain("ip saddr 192.168.15.0/24");
    },
    drifts: [
      {
        what: "an MTU was changed",
        command: "ip -n red link set dev v-net-0 mtu 1400",
        diff: /~ a: \{\s*~ mtu: 1400 => 1500\s*\}/,
        refresh: ["update Veth v-net-0-red"],
        up: ["update Veth v-net-0-red"],
      },
      {
        what: "an address was deleted, and the kernel dropped the default route with it",
        command: "ip -n blue address delete 192.168.15.2/24 dev v-net-0",
        diff: /\+ gateways *: \[\s*\+ +\[0\]: "192\.168\.15\.5"/,
        refresh: ["update Veth v-net-0-blue"],
        up: ["update Veth v-net-0-blue"],
      },
    ],
  },
  "home-router-yaml": {
    async works(host) {
      const ping = (from: string, to: string) => pingFrom(host, from, to);
      const [server, lamp] = [await firstAddress(host, "server"), await firstAddress(host, "lamp")];
      expect(await ping("mia", server)).toContain("ttl=63");
      expect(await ping("mia", lamp)).toContain("ttl=62");
      // The firewall accepts no connection from outside, and no route leads there.
      expect(await pings(host, "server", lamp)).toBe(false);
    },
    drifts: [
      {
        what: "the route to the second router was deleted",
        command: "ip -n router route delete 10.4.0.0/24",
        diff: /netns:index:Route/,
        refresh: ["delete Route to-workbench"],
        up: ["create Route to-workbench"],
      },
      {
        what: "a veth pair was deleted, and the kernel dropped the routes over it",
        command: "ip -n shed link delete cable",
        diff: /netns:index:Veth/,
        refresh: ["delete Veth cable"],
        up: ["create Veth cable"],
      },
    ],
  },
  "nat-gateway-yaml": {
    works: (host) => lives["nat-gateway"]!.works(host),
    drifts: [],
  },
  "two-namespaces": {
    async works(host) {
      await pingOnce(host, "red", "10.0.0.2");
      await pingOnce(host, "blue", "10.0.0.1");
    },
    drifts: [
      {
        what: "a namespace was deleted",
        command: "ip netns delete red",
        refresh: ["delete Address blue", "delete Address red", "delete Namespace red", "delete Veth cable"],
        up: ["create Address blue", "create Address red", "create Namespace red", "create Veth cable"],
      },
      {
        what: "an MTU was changed",
        command: "ip -n blue link set dev eth0 mtu 1400",
        diff: /~ b: \{[^}]*~ mtu *: 1400 => 1500/,
        refresh: ["update Veth cable"],
        up: ["update Veth cable"],
      },
    ],
  },
  "bridge-lan": {
    async works(host) {
      for (const address of ["10.1.0.2", "fd00:1::3", "10.1.0.254", "fd00:1::fe"]) {
        await pingOnce(host, "host1", address, "-W2");
      }
      await host.run("ping", "-c1", "-W1", "fd00:1::2");
    },
    drifts: [
      {
        what: "an IPv6 address was deleted",
        command: "ip -n host2 address delete fd00:1::2/64 dev eth0",
        refresh: ["delete Address host2-v6"],
        up: ["create Address host2-v6"],
      },
      {
        what: "a port left the bridge",
        command: "ip link set dev lan-port3 nomaster",
        diff: /~ b: \{[^}]*\+ master *: "lan"/,
        refresh: ["update Veth wire3"],
        up: ["update Veth wire3"],
      },
      {
        what: "the bridge was set down and its spanning tree enabled",
        command: "ip link set dev lan down type bridge stp_state 1",
        refresh: ["delete Address lan-v6", "update Bridge lan"],
        up: ["create Address lan-v6", "update Bridge lan"],
      },
    ],
  },
  "nat-gateway": {
    async works(host) {
      await using _server = await serve(host, "web", 8080);
      const page = await host.run("ip", "netns", "exec", "client", "curl", "-s", "-m5", "http://203.0.113.1/");
      expect(page).toBe("hello ::ffff:203.0.113.9");
      await using _outside = await serve(host, "client", 80);
      const seen = await host.run("ip", "netns", "exec", "web", "curl", "-s", "-m5", "http://203.0.113.9/");
      expect(seen).toBe("hello ::ffff:203.0.113.1");
    },
    drifts: [
      {
        what: "the rules were flushed",
        command: "ip netns exec gateway nft flush ruleset",
        refresh: ["delete NatRule hide", "delete NatRule publish"],
        up: ["create NatRule hide", "create NatRule publish"],
      },
      {
        what: "a route was deleted",
        command: "ip -n web route delete default",
        refresh: ["delete Route web-default"],
        up: ["create Route web-default"],
      },
      {
        what: "the gateway of a route was changed",
        command: "ip -n web route replace default via 10.0.0.99",
        diff: /~ via *: "10\.0\.0\.99" => "10\.0\.0\.1"/,
        refresh: ["update Route web-default"],
        up: ["update Route web-default"],
      },
      {
        what: "an address was deleted, and the kernel dropped the route with it",
        command: "ip -n web address delete 10.0.0.80/24 dev eth0",
        refresh: ["delete Address web", "delete Route web-default"],
        up: ["create Address web", "create Route web-default"],
      },
      {
        what: "forwarding was disabled",
        command: "ip netns exec gateway sysctl -qw net.ipv4.ip_forward=0",
        diff: /~ value *: "0" => "1"/,
        refresh: ["update Sysctl forwarding"],
        up: ["update Sysctl forwarding"],
      },
    ],
  },
  ...routingLives,
};

/** Returns the first IPv4 address of a namespace, other than that of its loopback interface. */
async function firstAddress(host: Sandbox, namespace: string): Promise<string> {
  const links = await host.ip("-n", namespace, "-4", "address", "show", "scope", "global");
  return links.flatMap(({ addr_info: all }) => all.map(({ local }: any) => local as string))[0] ?? "";
}
