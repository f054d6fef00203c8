import { expect, test } from "vitest";
import { Address, Namespace, NatRule, Route, Veth } from "../../sdk/index.ts";
import { addressesOf, edit, host, labHostForEachTest, mend } from "../support/edited.ts";

/* Objects whose order matters in the kernel are in the order of the program. */

labHostForEachTest();

/** The networks that NAT rules of the lab host match, in the order in which the rules act. */
async function natOrder(): Promise<string[]> {
  const ruleset = JSON.parse(await host.run("nft", "--json", "list", "ruleset")) as { nftables: any[] };
  return ruleset.nftables.flatMap(({ rule }) => {
    const matched = rule?.expr.find(({ match }: any) => match?.left.payload?.field === "saddr")?.match.right;
    return rule === undefined ? [] : [typeof matched === "string" ? matched : `${matched.prefix.addr}`];
  });
}

const source = (name: string): string => `10.${name.charCodeAt(0)}.0.0/16`;
const rules =
  (...names: string[]) =>
  () =>
    names.forEach((name) => new NatRule(name, { type: "masquerade", source: source(name) }));
const expected = (...names: string[]): string[] => names.map((name) => source(name).replace("/16", ""));

test("NAT rules keep the order of the program when rules are added, removed or moved", async () => {
  expect(await edit(rules("a", "b", "c"))).toHaveLength(3);
  expect(await natOrder()).toEqual(expected("a", "b", "c"));
  // A rule that is inserted in the middle updates only the rule after it.
  expect(await edit(rules("a", "x", "b", "c"))).toEqual(["create NatRule x", "update NatRule b"]);
  expect(await natOrder()).toEqual(expected("a", "x", "b", "c"));
  for (const names of ["yaxbc", "cbxay", "bcxay", "ay", "yza", "abcdefghij", "jihgfedcba", "aj"].map((text) => [
    ...text,
  ])) {
    await edit(rules(...names));
    expect(await natOrder()).toEqual(expected(...names));
  }
});

test("NAT rules at several hooks and priorities keep the order of the program", async () => {
  const lab =
    (...names: string[]) =>
    () =>
      names.forEach((name, index) =>
        index % 2 === 0
          ? new NatRule(name, { type: "masquerade", source: source(name), ...(index % 4 === 0 && { priority: 50 }) })
          : new NatRule(name, { type: "dnat", source: source(name), toAddress: "10.0.0.1" }),
      );
  for (const names of ["abcdefgh", "ghefcdab", "cbad"].map((text) => [...text])) {
    await edit(lab(...names));
    const hooks = [0, 1, 2].map((rest) =>
      names.filter((_, index) => (rest === 1 ? index % 2 === 1 : index % 4 === rest)),
    );
    const found = await natOrder();
    for (const chain of hooks)
      expect(found.filter((name) => expected(...chain).includes(name))).toEqual(expected(...chain));
  }
});

test("NAT rules that were deleted or moved by hand are restored in their order", async () => {
  await edit(rules("a", "b", "c", "d"));
  const listing = await host.run("nft", "--handle", "list", "ruleset");
  const [, table = ""] = /table inet (\S+)/.exec(listing) ?? [];
  const handles = [...listing.matchAll(/saddr \S+ masquerade .* handle (\d+)/g)].map(([, handle]) => String(handle));
  await host.run("nft", "delete", "rule", "inet", table, "postrouting", "handle", handles[1] ?? "");
  await mend(rules("a", "b", "c", "d"));
  expect(await natOrder()).toEqual(expected("a", "b", "c", "d"));
  // The first rule moves to the end.
  const moved = /(ip saddr 10\.97\.0\.0\/16 masquerade comment "[^"]*")/.exec(
    await host.run("nft", "list", "ruleset"),
  )?.[1];
  await host.run("nft", "delete", "rule", "inet", table, "postrouting", "handle", handles[0] ?? "");
  await host.run("nft", `add rule inet ${table} postrouting ${moved}`);
  expect(await natOrder()).toEqual(expected("b", "c", "d", "a"));
  await mend(rules("a", "b", "c", "d"));
  expect(await natOrder()).toEqual(expected("a", "b", "c", "d"));
});

test("packets have the first address of a link as their source after every change of the order", async () => {
  const lab =
    (...addresses: string[]) =>
    () => {
      const [a, b] = [new Namespace("a"), new Namespace("b")];
      new Veth("w", {
        a: { name: "eth0", namespace: a, addresses, gateways: ["10.0.0.254"] },
        b: { name: "eth0", namespace: b, addresses: ["10.0.0.254/24"] },
      });
      new Route("beyond", { namespace: a, destination: "10.9.0.0/16", via: "10.0.0.254" });
    };
  const [one, two, other, six] = ["10.0.0.1/24", "10.0.0.2/24", "10.1.0.1/24", "fd00::1/64"];
  for (const addresses of [
    [one, two],
    [two, one],
    [two],
    [one, two],
    [other, two, one],
    [six, one, other],
    [two, six],
  ]) {
    await edit(lab(...addresses));
    const [first = ""] = addresses.filter((address) => address.startsWith("10.0.0"));
    const said = await host.run("ip", "-n", "a", "route", "get", "10.0.0.254");
    expect(said).toContain(`src ${first.split("/")[0]} `);
    expect((await addressesOf("a", "eth0")).toSorted()).toEqual(addresses.toSorted());
    expect(await host.run("ip", "-n", "a", "route", "show", "proto", "201")).toMatch(/^default.*\n10\.9\.0\.0/);
  }
  await edit(lab(one, two));
  await host.run("ip", "netns", "exec", "a", "sysctl", "-qw", "net.ipv4.conf.all.promote_secondaries=1");
  await host.run("ip", "-n", "a", "address", "delete", one, "dev", "eth0");
  await mend(lab(one, two));
  expect(await host.run("ip", "-n", "a", "route", "get", "10.0.0.254")).toContain("src 10.0.0.1 ");
});

test("Address resources of one network are added, changed and removed, and the others remain", async () => {
  const lab = (first: string | undefined, second: boolean) => () => {
    const [a, b] = [new Namespace("a"), new Namespace("b")];
    const w = new Veth("w", {
      a: { name: "eth0", namespace: a },
      b: { name: "eth0", namespace: b, addresses: ["10.0.0.254/24"] },
    });
    if (first !== undefined) new Address("one", { interface: w.a, address: first });
    if (second) new Address("two", { interface: w.a, address: "10.0.0.2/24" });
    new Address("three", { interface: w.a, address: "10.0.0.3/24", broadcast: "10.0.0.255" });
    new Route("out", { namespace: a, destination: "default", via: "10.0.0.254", source: "10.0.0.3" });
  };
  for (const [first, second] of [
    ["10.0.0.1/24", true],
    ["10.0.0.11/24", true],
    [undefined, false],
    ["10.0.0.1/24", true],
  ] as const) {
    await edit(lab(first, second));
    const addresses = [...(first === undefined ? [] : [first]), ...(second ? ["10.0.0.2/24"] : []), "10.0.0.3/24"];
    expect((await addressesOf("a", "eth0")).toSorted()).toEqual(addresses.toSorted());
    expect(await host.run("ip", "-n", "a", "route", "show", "default")).toContain("src 10.0.0.3");
  }
});
