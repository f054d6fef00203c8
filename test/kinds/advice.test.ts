import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

/* Errors of this machine's kernel and tools lead to the right advice. */

labForEachTest("red");

test.each([
  ["net.core.rmem_max", "16777216", /help: net\.core\.rmem_max applies to the whole machine/],
  ["net.ipv4.tcp_syn_retries", "200", /help: the value is out of the key's range/],
  ["net.ipv4.tcp_syn_retries", "many", /its value is an integer/],
  [
    "net.ipv4.tcp_congestion_control",
    "nosuch",
    /help: the algorithm is not available\. sysctl net\.ipv4\.tcp_available_congestion_control lists/,
  ],
  ["net.ipv4.conf.eth0.forwarding", "1", /help: the interface eth0 does not exist there/],
  ["net.ipv4.nosuch", "1", /help: the key does not exist/],
])("the error explains why the sysctl %s cannot be %s", async (key, value, message) => {
  await expect(lab.resource("Sysctl", "it").up({ namespace: "red", key, value })).rejects.toThrow(message);
});

test("the error explains that IPv6 is disabled on the lab host", async () => {
  await lab.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
  const bridge = lab.resource("Bridge", "br0");
  const advice = /help: IPv6 is disabled on br0\. .* sysctl -w net\.ipv6\.conf\.default\.disable_ipv6=0/;
  await expect(bridge.up({ name: "br0", addresses: ["fd00::1/64"] })).rejects.toThrow(advice);
  // The advice helps.
  await lab.run("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=0");
  await bridge.up({ name: "br0", addresses: ["fd00::1/64"] });
  await bridge.destroy();
  await lab.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0");
});

test("the errors of an address and of a route explain that IPv6 is disabled on their interface", async () => {
  await lab.resource("Bridge", "br0").up({ name: "br0" });
  await lab.run("sysctl", "-qw", "net.ipv6.conf.br0.disable_ipv6=1");
  const address = lab.resource("Address", "six");
  const args = { interface: "br0", address: "fd00::1/64" };
  const advice = /sysctl -w net\.ipv6\.conf\.br0\.disable_ipv6=0; or remove its IPv6 addresses/;
  await expect(address.up(args)).rejects.toThrow(advice);
  const route = lab.resource("Route", "six");
  const way = { destination: "fd01::/64", via: "fe80::1", interface: "br0" };
  await expect(route.up(way)).rejects.toThrow(/help: IPv6 is disabled on br0\./);
  await lab.run("sysctl", "-qw", "net.ipv6.conf.br0.disable_ipv6=0");
  await address.up(args);
  await route.up(way);
});

test("the error explains that the MTU is too small for IPv6", async () => {
  await lab.resource("Bridge", "br0").up({ name: "br0", mtu: 1000 });
  const address = lab.resource("Address", "six").up({ interface: "br0", address: "fd00::1/64" });
  await expect(address).rejects.toThrow(
    /help: IPv6 is not available on br0, for example because its MTU is below 1280/,
  );
});
