import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { example, openStack, type Stack } from "../../tools/stack.ts";
import { serve } from "../support/server.ts";

interface Life {
  /** What must work whenever the lab is as the program says. */
  readonly works: (host: Sandbox) => Promise<void>;
  readonly drifts: readonly Drift[];
}

/** A change by hand, what a refresh says of it, and what the next up does. */
interface Drift {
  readonly what: string;
  readonly command: string;
  readonly refresh: readonly string[];
  readonly up: readonly string[];
  /** What `preview --diff` shows of it, property by property. */
  readonly diff?: RegExp;
}

const lives: Record<string, Life> = {
  "two-namespaces": {
    async works(host) {
      await host.run("ip", "netns", "exec", "red", "ping", "-c1", "-W1", "10.0.0.2");
      await host.run("ip", "netns", "exec", "blue", "ping", "-c1", "-W1", "10.0.0.1");
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
        await host.run("ip", "netns", "exec", "host1", "ping", "-c1", "-W2", address);
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
        what: "the bridge was shut and got spanning tree",
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
        what: "a route was bent",
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
        what: "forwarding was turned off",
        command: "ip netns exec gateway sysctl -qw net.ipv4.ip_forward=0",
        diff: /~ value *: "0" => "1"/,
        refresh: ["update Sysctl forwarding"],
        up: ["update Sysctl forwarding"],
      },
    ],
  },
};

describe.each(Object.entries(lives))("example %s", (name, { works, drifts }) => {
  let host: Sandbox;
  let stack: Stack;
  let before: string;

  beforeAll(async () => {
    host = await sandbox();
    before = await traces(host);
    stack = await openStack(host, example(name));
  });

  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
  });

  test("comes up as previewed, works, and then there is nothing to do", async () => {
    const planned = await stack.preview();
    expect(await stack.up()).toEqual(planned);
    await works(host);
    expect(await stack.up()).toEqual([]);
    expect(await stack.refresh()).toEqual([]);
  });

  test.each(drifts)("$what: refresh sees it, up mends it", async ({ command, refresh, up, diff }) => {
    const [program = "", ...args] = command.split(" ");
    await host.run(program, ...args);
    expect(await stack.refresh()).toEqual(refresh);
    expect(await stack.preview()).toEqual(up);
    if (diff !== undefined) expect((await stack.try("preview", "--diff")).stdout).toMatch(diff);
    expect(await stack.up()).toEqual(up);
    await works(host);
    expect(await stack.refresh()).toEqual([]);
  });

  test("goes without a trace", async () => {
    await stack.destroy();
    await expect.poll(() => traces(host), SOON).toBe(before);
  });
});
