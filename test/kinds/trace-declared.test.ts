import { beforeEach, expect, test } from "vitest";
import { labHost } from "../../inspect/lab-host.ts";
import { sendPing } from "../../inspect/ping.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { declaredBy } from "../support/declared-by.ts";
import { lab, labForEachTest, wireRed } from "../support/lab-for-each.ts";

labForEachTest();
beforeEach(async () => {
  await wireRed("10.0.0.1/24", "fd00::1/64");
  await lab.run("ip", "link", "set", "dev", "port", "up");
  await lab.run("ip", "address", "add", "10.0.0.2/24", "dev", "port");
  await lab.run("ip", "address", "add", "fd00::2/64", "dev", "port", "nodad");
});

/** Declares a resource, and returns the outcome of a trace from red that finds it to be the cause, after a real ping. */
async function lost(type: string, args: object, destination: string) {
  const it = lab.resource(type, "it");
  await it.up({ namespace: "red", ...args });
  const host = labHost(lab.enter);
  expect((await sendPing(host, { from: "red", to: destination, wait: 0.3 })).received).toBe(0);
  const declared = declaredBy({ [`${type} it`]: it });
  const { outcome } = await trace(host, "red", destination, { declared });
  await it.destroy();
  expect((await sendPing(host, { from: "red", to: "10.0.0.2" })).received).toBe(1);
  return outcome;
}

const HINT = (type: string) => `correct ${type} it, or run \`pulumi up --refresh\` if its object was changed by hand`;

test.each(["10.0.0.2", "fd00::2"])("a trace names the Neighbor with a wrong MAC address for %s", async (address) => {
  const wrong = { interface: "eth0", address, lladdr: "02:00:00:00:00:09" };
  expect(await lost("Neighbor", wrong, address)).toMatchObject({
    cause: "wrong-neighbour",
    reason: expect.stringMatching(/^red sends packets for \S+ to the MAC address 02:00:00:00:00:09, /),
    hint: HINT("Neighbor"),
  });
});

test.each([
  ["blackhole", "8.0.0.0/8", "8.8.8.8", "drops"],
  ["unreachable", "8.8.8.8/32", "8.8.8.8", "rejects"],
  ["prohibit", "::/0", "fd08::8", "rejects"],
  ["blackhole", "fd08::/16", "fd08::8", "drops"],
  ["unreachable", "default", "8.8.8.8", "rejects"],
])("a trace names the Route of type %s for %s", async (type, destination, to, verb) => {
  expect(await lost("Route", { destination, type }, to)).toMatchObject({
    cause: "refused",
    reason: `a route of red (Route it) ${verb} packets to ${to}: its type is ${type}`,
    hint: HINT("Route"),
  });
});

test("a trace names the Route in the table of a routing rule", async () => {
  await lab.run("ip", "-n", "red", "rule", "add", "to", "8.8.8.8", "lookup", "100", "priority", "50");
  expect(await lost("Route", { destination: "8.8.8.8/32", type: "blackhole", table: 100 }, "8.8.8.8")).toMatchObject({
    reason:
      "a route of red (Route it) drops packets to 8.8.8.8: its type is blackhole. It is in the table 100, which the " +
      "routing rule 50 selects (from all to 8.8.8.8 lookup 100)",
    hint: HINT("Route"),
  });
});

test.each([
  ["prohibit", { to: "8.8.8.8/32" }, "8.8.8.8", "from all to 8.8.8.8 prohibit proto 201"],
  ["blackhole", { family: "inet6", ipproto: "icmpv6" }, "fd08::8", "from all ipproto ipv6-icmp blackhole proto 201"],
])("a trace names the RoutingRule of type %s", async (type, selector, to, text) => {
  const family = to.includes(":") ? ["-6"] : [];
  const gateway = to.includes(":") ? "fd00::2" : "10.0.0.2";
  await lab.run("ip", "-n", "red", ...family, "route", "add", "default", "via", gateway);
  const verb = type === "blackhole" ? "drops" : "rejects";
  expect(await lost("RoutingRule", { priority: 90, type, ...selector }, to)).toMatchObject({
    cause: "routing-rule",
    reason: `the routing rule 90 of red (RoutingRule it: ${text}) ${verb} packets to ${to}`,
    hint: HINT("RoutingRule"),
  });
});

test("a trace names the Veth whose end was taken off its bridge", async () => {
  await lab.resource("Namespace", "blue").up({ name: "blue" });
  await lab.resource("Bridge", "sw").up({ name: "sw" });
  await lab.run("ip", "link", "set", "dev", "port", "master", "sw");
  const it = lab.resource("Veth", "it");
  const end = { name: "eth0", namespace: "blue", addresses: ["10.0.0.9/24"] };
  await it.up({ a: end, b: { name: "blue-br", master: "sw" } });
  const host = labHost(lab.enter);
  const answered = async () => (await sendPing(host, { from: "red", to: "10.0.0.9" })).received;
  expect(await answered()).toBe(1);
  await lab.run("ip", "link", "set", "dev", "blue-br", "nomaster");
  expect(await answered()).toBe(0);
  const { outcome } = await trace(host, "red", "10.0.0.9", { declared: declaredBy({ "Veth it": it }) });
  expect(outcome).toMatchObject({
    cause: "no-neighbour",
    reason: expect.stringMatching(
      /blue has it on eth0, whose peer blue-br in the lab host \(Veth it\) is no port of a bridge$/,
    ),
    hint: HINT("Veth"),
  });
});

test.each([
  [undefined, "net.ipv4.ip_forward", "1", "forwarding-off", "8.8.8.8"],
  [undefined, "net.ipv4.conf.port.forwarding", "1", "forwarding-off", "8.8.8.8"],
  ["red", "net.ipv4.icmp_echo_ignore_all", "0", "echo-ignored", "10.0.0.1"],
])(
  "a trace names the Sysctl (namespace: %s) whose key %s was set by hand",
  async (namespace, key, value, cause, to) => {
    await lab.run("ip", "-n", "red", "route", "add", "default", "via", "10.0.0.2");
    await lab.run("ip", "route", "add", "8.8.8.0/24", "dev", "port");
    await lab.run("sysctl", "-qw", "net.ipv4.ip_forward=1");
    const it = lab.resource("Sysctl", "it");
    await it.up({ key, value, ...(namespace !== undefined && { namespace }) });
    const place = namespace === undefined ? [] : ["ip", "netns", "exec", namespace];
    const [program = "", ...words] = [...place, "sysctl", "-qw", `${key}=${value === "1" ? 0 : 1}`];
    await lab.run(program, ...words);
    const host = labHost(lab.enter);
    const from = namespace === undefined ? "red" : undefined;
    expect((await sendPing(host, { from, to, wait: 0.3 })).received).toBe(0);
    const { outcome } = await trace(host, from, to, { declared: declaredBy({ "Sysctl it": it }) });
    expect(outcome).toMatchObject({ cause, hint: HINT("Sysctl") });
  },
);
