import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { statusText } from "../../cli/status-text.ts";
import type { ResourceView, StackView } from "../../inspect/stack.ts";
import { statusOf } from "../../inspect/status.ts";
import { undeclaredObjects } from "../../inspect/undeclared-objects.ts";
import { kindOfToken, parseUrn } from "../../provider/urn.ts";
import { Bridge, FilterChain, Namespace, NatRule, Route, RoutingRule, Veth } from "../../sdk/index.ts";
import { addressesOf, edit, engineOf, failure, host, kernel, labHostForEachTest, mend } from "../support/edited.ts";

labHostForEachTest();

const before = () => new Bridge("lan", { addresses: ["10.0.0.1/24"] });

/** The same bridge in a component, which gives it another URN; optionally with a route that the kernel refuses. */
const after = (refused: boolean) => () => {
  const parent = new pulumi.ComponentResource("test:Group", "group");
  const lan = new Bridge("lan", { addresses: ["10.0.0.1/24"] }, { parent });
  if (refused) new Route("out", { destination: "10.8.0.0/16", via: "10.99.0.1" }, { dependsOn: lan });
};

/** Returns the resources of the stack. */
function view(): StackView {
  const resources = engineOf().state.flatMap((state): ResourceView[] => {
    const { type: token, name } = parseUrn(state.urn);
    const type = kindOfToken(token);
    return type === undefined ? [] : [{ ...state, type, name }];
  });
  return { project: "edits", stack: "dev", resources };
}

/** Returns the output of the command `status`. */
async function told(): Promise<string> {
  return statusText({
    ...view(),
    resources: await statusOf(view(), { names: [undefined], on: () => ({ kernel: kernel() }) }),
    addresses: [],
    undeclared: [],
    beside: [],
    locks: [],
    unreachable: [],
  });
}

test("after a failed up, status reports a resource that moved into a component as replaced, not as foreign", async () => {
  await edit(before);
  expect(await failure(after(true))).toMatch(/invalid gateway[^]*\n {2}help: the gateway must be in a network/);
  const text = await told();
  expect(text).toMatch(/^ {4}Bridge +lan +lan +up$/m);
  expect(text).toMatch(/^ {4}Bridge +lan +lan +replaced by another resource: lan$/m);
  expect(text).toMatch(
    /^2 resources: 1 up, 1 replaced\n`pulumi refresh` records this in the state, and the next `pulumi up` corrects it\.$/m,
  );
  expect(text).not.toMatch(/foreign/i);
  await edit(after(false));
  expect(await told()).toMatch(/^1 resource: 1 up$/m);
  expect(await addressesOf(undefined, "lan")).toEqual(["10.0.0.1/24"]);
});

test("status reports a route that was deleted by hand as missing, also if its note is left", async () => {
  const lab = () => {
    const lan = new Bridge("lan", { addresses: ["10.0.0.1/24"] });
    new Route("out", { destination: "10.8.0.0/16", via: "10.0.0.2", interface: lan });
  };
  await edit(lab);
  await host.run("ip", "route", "delete", "10.8.0.0/16");
  expect(await told()).toMatch(/^ {4}Route +out +\S+ +missing$/m);
  await mend(lab);
  expect(await told()).toMatch(/^2 resources: 2 up$/m);
});

test.each(["append", "prepend"])(
  "a route that was added by hand to a Route with ip route %s is not declared",
  async (word) => {
    await edit(() => {
      const red = new Namespace("red");
      const wire = new Veth("wire", {
        a: { name: "up0", namespace: red, addresses: ["10.0.0.1/24"], gateways: ["10.0.0.2"] },
        b: { name: "down0" },
      });
      new Route("one", { interface: wire.a, destination: "192.0.2.53/32", via: "10.0.0.2" });
    });
    for (const to of ["192.0.2.53", "default"])
      await host.run("ip", "-n", "red", "route", word, to, "via", "10.0.0.3", "dev", "up0");
    expect(await told()).not.toContain("drifted");
    const texts = (await undeclaredObjects(kernel(), view())).map(({ text }) => text);
    expect(texts.sort()).toEqual(["192.0.2.53 via 10.0.0.3", "default via 10.0.0.3"]);
  },
);

test("a route that was put by hand in the place of a Route is drift of it, and only another one is not declared", async () => {
  await edit(() => {
    const red = new Namespace("red");
    const wire = new Veth("wire", {
      a: { name: "up0", namespace: red, addresses: ["10.0.0.1/24", "fd00::1/64"] },
      b: { name: "down0" },
    });
    new Route("one", { interface: wire.a, destination: "192.0.2.53/32", via: "10.0.0.2" });
    new Route("two", { interface: wire.a, destination: "default", via: "10.0.0.2", table: 100 });
    new Route("six", { interface: wire.a, destination: "2001:db8::53/128", via: "fd00::2" });
  });
  expect(await undeclaredObjects(kernel(), view())).toEqual([]);
  for (const route of ["192.0.2.53 via 10.0.0.3", "default via 10.0.0.3 table 100", "2001:db8::53 via fd00::3"])
    await host.run("ip", "-n", "red", "route", "replace", ...route.split(" "));
  await host.run("ip", "-n", "red", "route", "add", "default", "via", "10.0.0.3");
  expect((await told()).match(/via .*/g)).toHaveLength(3);
  expect(await undeclaredObjects(kernel(), view())).toMatchObject([{ text: "default via 10.0.0.3", family: "inet" }]);
  for (const words of [
    "-4 route replace default via inet6 fd00::3 dev up0",
    "-6 route add default via fd00::3",
    "-6 route add default dev up0 table 7",
    "-6 route add 2001:db8:1::/64 dev up0",
  ])
    await host.run("ip", "-n", "red", ...words.split(" "));
  const families = (await undeclaredObjects(kernel(), view())).map(({ family, text }) => [text, family]);
  expect(families.sort()).toEqual([
    ["2001:db8:1::/64 dev up0", "inet6"],
    ["default dev up0 table 7", undefined],
    ["default via fd00::3", "inet"],
    ["default via fd00::3", "inet6"],
  ]);
});

test("a routing rule that was made by hand is shown with all of its parts", async () => {
  await edit(() => {
    const red = new Namespace("red");
    new RoutingRule("rule", { namespace: red, priority: 100, from: "10.9.0.0/24", table: 7 });
  });
  for (const rule of [
    "priority 100 from 10.9.0.0/24 lookup 77 suppress_ifgroup 5",
    "priority 101 not from 10.9.0.0/24 lookup 77 tos 0x10",
    "priority 102 l3mdev",
    "priority 103 to 10.8.0.0/24 goto 105",
    "priority 105 nop",
  ])
    await host.run("ip", "-n", "red", "rule", "add", ...rule.split(" "));
  expect((await undeclaredObjects(kernel(), view())).map(({ text }) => text)).toEqual([
    "priority 100 from 10.9.0.0/24 lookup 77 suppress_ifgroup 5",
    "priority 101 not from 10.9.0.0/24 lookup 77 tos 0x10",
    "priority 102 l3mdev",
    "priority 103 to 10.8.0.0/24 goto 105",
    "priority 105 nop",
  ]);
});

test("chains and rules that were added by hand to the table of the stack are not declared, with their places", async () => {
  const lab = () => {
    const red = new Namespace("red");
    new NatRule("hide", { namespace: red, type: "masquerade", source: "10.0.0.0/8" });
    new FilterChain("wall", { namespace: red, chain: "forward", rules: [{ action: "accept", protocol: "tcp" }] });
  };
  const TABLE = "inet pulumi-netns/edits/dev";
  const nft = (line: string) => host.run("ip", "netns", "exec", "red", "nft", line);
  const texts = async () => (await undeclaredObjects(kernel(), view())).map(({ what, text }) => `${what} ${text}`);
  await edit(lab);
  expect(await texts()).toEqual([]);
  for (const line of [
    `add chain ${TABLE} evil { type filter hook forward priority 0; policy drop; }`,
    `add chain ${TABLE} input { type filter hook input priority 0; }`,
    `add chain ${TABLE} jumped`,
    `add rule ${TABLE} jumped drop`,
    `add chain ${TABLE} prerouting { type nat hook prerouting priority dstnat; policy drop; }`,
    `insert rule ${TABLE} postrouting ip saddr 10.0.0.2 return`,
    "add table ip pulumi-netns/edits/dev",
    "add chain ip pulumi-netns/edits/dev theirs",
    // What is drift of a resource is not listed here, too.
    `flush chain ${TABLE} forward`,
    `add chain ${TABLE} postrouting { policy drop; }`,
  ])
    await nft(line);
  expect((await texts()).sort()).toEqual([
    `nft chain ${TABLE} evil`,
    `nft chain ${TABLE} input`,
    `nft chain ${TABLE} jumped`,
    `nft chain ${TABLE} prerouting`,
    `nft rule ${TABLE} postrouting ip saddr 10.0.0.2 return`,
    "nft table ip pulumi-netns/edits/dev",
  ]);
  expect(await told()).toMatch(/^ {4}NatRule +hide +\S+ +drifted\n +policy none → drop$/m);
  expect(await told()).toMatch(/^ {4}FilterChain +wall +\S+ +drifted$/m);
  const added = await texts();
  await mend(lab);
  expect(await texts()).toEqual(added);
});

test("status shows of a port that was set by hand only the settings that differ from those of a new port", async () => {
  const lab = (port: object) => () => {
    const lan = new Bridge("lan");
    const red = new Namespace("red");
    new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: "port", master: lan, ...port } });
  };
  const drift = async () => (await told()).split("\n").flatMap((line) => /^ +(b\..*)$/.exec(line)?.[1] ?? []);
  const set = (...words: string[]) => host.run("bridge", "link", "set", "dev", "port", ...words);
  await edit(lab({}));
  await set("isolated", "on", "cost", "77");
  expect(await drift()).toEqual(['b.port none → {"isolated":true}']);
  await edit(lab({ port: { isolated: true, flood: false } }));
  expect(await drift()).toEqual([]);
  await set("flood", "on");
  expect(await drift()).toEqual(["b.port.flood false → true"]);
  await host.run("ip", "link", "set", "dev", "port", "nomaster");
  expect(await drift()).toEqual(["b.master lan → none", 'b.port {"isolated":true,"flood":false} → none']);
});
