import { expect } from "vitest";
import type { Life } from "./example-life.ts";
import { pingOnce, pings } from "./ping.ts";
import { serve } from "./server.ts";

/** The lives of the examples of NAT, policy routing and multipath. */
export const routingLives: Readonly<Record<string, Life>> = {
  "home-router": {
    async works(host) {
      const within = (namespace: string, ...words: string[]) => host.try("ip", "netns", "exec", namespace, ...words);
      const page = async (namespace: string, url: string) =>
        (await within(namespace, "curl", "-s", "-m2", url)).stdout.trim();
      await expect
        .poll(async () => (await host.ip("-n", "phone", "route", "show", "default"))[0]?.gateway, { timeout: 60_000 })
        .toBe("192.168.2.1");
      await using _nas = await serve(host, "nas", 8080);
      await using _site = await serve(host, "site", 80);
      expect(await page("phone", "http://203.0.113.80/")).toBe("hello ::ffff:203.0.113.5");
      expect(await page("nas", "http://203.0.113.80/")).toBe("hello ::ffff:203.0.113.5");
      expect(await page("site", "http://203.0.113.5/")).toBe("hello ::ffff:203.0.113.80");
      expect(await page("nas", "http://203.0.113.5/")).toBe("hello ::ffff:192.168.1.1");
      const names = await within("phone", "busybox", "nslookup", "site.example");
      expect(names.stdout).toContain("203.0.113.80");
      // A guest reaches neither the main LAN nor the router's other services.
      expect(await page("phone", "http://192.168.1.10:8080/")).toBe("");
      await using _admin = await serve(host, "home", 443);
      expect(await page("nas", "http://192.168.1.1:443/")).toBe("hello ::ffff:192.168.1.10");
      expect(await page("phone", "http://192.168.2.1:443/")).toBe("");
    },
    drifts: [
      {
        what: "the rule that separates the guests was deleted",
        command: "ip netns exec home nft flush chain inet pulumi-netns/home-router/dev forward_at_-10",
        refresh: ["update FilterChain guests-forward"],
        up: ["update FilterChain guests-forward"],
      },
      {
        what: "the forwarding of the port was deleted",
        command: "ip netns exec home nft flush chain inet pulumi-netns/home-router/dev prerouting",
        refresh: ["delete NatRule home-forward-tcp-80-internet"],
        up: ["create NatRule home-forward-tcp-80-internet"],
      },
    ],
  },
  "dual-homed": {
    async works(host) {
      for (const address of ["198.51.100.1", "203.0.113.1"]) await pingOnce(host, "site", address, "-W2");
      // A provider drops packets with the other provider's address.
      const leaveBy = (table: string, gateway: string) =>
        host.run(
          "ip",
          "-n",
          "office",
          "route",
          "replace",
          "default",
          "via",
          gateway,
          "table",
          table,
          "protocol",
          "201",
        );
      await pingOnce(host, "office", "192.0.2.80", "-I", "203.0.113.1");
      await leaveBy("102", "198.51.100.2");
      expect(await pings(host, "office", "192.0.2.80", "-I", "203.0.113.1")).toBe(false);
      await leaveBy("102", "203.0.113.2");
    },
    drifts: [
      {
        what: "a rule was deleted",
        command: "ip -n office rule delete from 203.0.113.1 table 102",
        refresh: ["delete RoutingRule from-beta"],
        up: ["create RoutingRule from-beta"],
      },
      {
        what: "the routes of a table were flushed",
        command: "ip -n office route flush table 102",
        refresh: ["delete Route beta-default"],
        up: ["create Route beta-default"],
      },
    ],
  },
  anycast: {
    async works(host) {
      const pages = [];
      for (let request = 0; request < 24; request += 1)
        pages.push(await host.run("ip", "netns", "exec", "client", "curl", "-s", "-m5", "http://192.0.2.53/"));
      // The probability that one of three servers gets none of 24 connections is below 0.02 percent.
      expect([...new Set(pages.map((page) => page.trim()))].toSorted()).toEqual(["one", "three", "two"]);
    },
    drifts: [
      {
        what: "the weights were changed",
        command:
          "ip -n router route replace 192.0.2.53 protocol 201 nexthop via 10.0.1.2 weight 9 nexthop via 10.0.2.2 nexthop via 10.0.3.2",
        refresh: ["update Route anycast"],
        up: ["update Route anycast"],
      },
      {
        what: "the link of a server was set down",
        command: "ip -n two link set dev to-two down",
        refresh: ["update Veth to-two"],
        up: ["update Veth to-two"],
      },
    ],
  },
};
