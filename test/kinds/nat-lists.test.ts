import { expect, test } from "vitest";
import { nameOf } from "../../provider/kinds/nat-text.ts";
import { markOf } from "../../provider/owner.ts";
import { labUrn } from "../support/lab.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest();

/* A NAT rule with lists: nft keeps each as a set. */

const TABLE = "pulumi-netns/test/dev";
const rules = async () =>
  [...(await lab.run("nft", "list", "table", "inet", TABLE)).matchAll(/^\t\t(.*) comment .*$/gm)].map(
    ([, text]) => text,
  );

/** Returns the name of a rule, as the rule after it has it. */
const afterOf = (name: string) => nameOf(markOf({ project: "test", stack: "dev", name, urn: labUrn("NatRule", name) }));

test("a text becomes a list, another one and a text again, and the order and spelling of a list are no difference", async () => {
  const rule = lab.resource("NatRule", "rule");
  const base = { type: "masquerade", outInterface: "eth0" };
  const steps = [
    [{ source: "10.0.0.0/24" }, 'oifname "eth0" ip saddr 10.0.0.0/24 masquerade', "create"],
    [{ source: ["10.0.0.0/24"] }, 'oifname "eth0" ip saddr 10.0.0.0/24 masquerade', "same"],
    [
      { source: ["10.0.9.1", "10.0.0.0/24", "10.0.5.0/24"] },
      'oifname "eth0" ip saddr { 10.0.0.0/24, 10.0.5.0/24, 10.0.9.1 } masquerade',
      "update",
    ],
    [
      { source: ["10.0.0.0/24", "10.0.5.0/24", "10.0.9.1/32"] },
      'oifname "eth0" ip saddr { 10.0.0.0/24, 10.0.5.0/24, 10.0.9.1 } masquerade',
      "same",
    ],
    // Adjacent networks are one.
    [
      { source: ["10.0.5.0/25", "10.0.5.128/25", "10.0.7.0/24"], outInterface: ["eth1", "eth0"] },
      'oifname { "eth0", "eth1" } ip saddr { 10.0.5.0/24, 10.0.7.0/24 } masquerade',
      "update",
    ],
    [{ source: "10.0.5.0/24", outInterface: ["eth0"] }, 'oifname "eth0" ip saddr 10.0.5.0/24 masquerade', "update"],
    [
      { destination: ["10.9.0.1", "10.8.0.0/16"], protocol: ["udp", "tcp"], destinationPort: [443, 53, "80-90"] },
      'oifname "eth0" ip daddr { 10.8.0.0/16, 10.9.0.1 } meta l4proto { tcp, udp } th dport { 53, 80-90, 443 } masquerade',
      "update",
    ],
    [{ protocol: ["tcp"], sourcePort: [1, 2] }, 'oifname "eth0" tcp sport 1-2 masquerade', "update"],
  ] as const;
  for (const [args, text, result] of steps) {
    expect(await rule.up({ ...base, ...args })).toBe(result);
    expect(await rules()).toEqual([text]);
    expect(await rule.refresh()).toEqual([]);
    expect(await rule.up({ ...base, ...args })).toBe("same");
  }
  await rule.destroy();
  await expectNothingLeft();
});

test("a rule whose list changes keeps its position, and so do the rules that come after it in the same up", async () => {
  const sources = (...bytes: number[]) => bytes.map((byte) => `10.${byte}.0.0/16`);
  const names = ["first", "second", "third", "fourth"] as const;
  const own = Object.fromEntries(names.map((name) => [name, lab.resource("NatRule", name)]));
  const up = (program: Readonly<Record<string, readonly number[]>>) =>
    Promise.all(
      Object.entries(program).map(async ([name, bytes], index, all) => {
        const before = all[index - 1]?.[0];
        const after = before && afterOf(before);
        return own[name]?.up({ type: "masquerade", source: sources(...bytes), ...(after && { after }) });
      }),
    );
  const listed = async () => (await rules()).map((text) => /10\.(\d+)\./.exec(text ?? "")?.[1]);
  await up({ first: [1, 11], third: [3, 13] });
  await lab.run("nft", `add rule inet ${TABLE} postrouting ip saddr 10.99.0.0/16 accept comment theirs`);
  await up({ first: [2, 12], second: [4, 14], third: [5, 15], fourth: [6, 16] });
  expect(await listed()).toEqual(["2", "4", "5", "6", "99"]);
  await up({ second: [7, 17], first: [8, 18], third: [9, 19], fourth: [10] });
  expect((await listed()).filter((byte) => byte !== "99")).toEqual(["7", "8", "9", "10"]);
  for (const name of names) expect(await own[name]?.refresh()).toEqual([]);
});

test("values that were added to a list and removed from it by hand are drift", async () => {
  const rule = lab.resource("NatRule", "rule");
  const args = {
    ...{ type: "dnat", destination: ["192.0.2.1", "192.0.2.9"], protocol: ["tcp", "udp"], destinationPort: 53 },
    toAddress: "10.0.0.1",
  };
  await rule.up(args);
  const shown = async () => {
    const listing = await lab.run("nft", "--handle", "list", "table", "inet", TABLE);
    const [, text = "", handle = ""] = /^\t\t(ip daddr .*) # handle (\d+)$/m.exec(listing) ?? [];
    return { text, handle };
  };
  const edited = async (from: string, to: string) => {
    const { text, handle } = await shown();
    await lab.run("nft", `replace rule inet ${TABLE} prerouting handle ${handle} ${text.replace(from, to)}`);
    const drift = await rule.refresh();
    expect(await rule.up(args)).toBe("update");
    expect(await rule.refresh()).toEqual([]);
    return drift;
  };
  expect(await edited("192.0.2.9 }", "192.0.2.9, 192.0.2.77 }")).toEqual(["destination"]);
  expect(await edited("{ tcp, udp } th", "tcp tcp")).toEqual(["protocol"]);
  expect(await rules()).toEqual([
    "ip daddr { 192.0.2.1, 192.0.2.9 } meta l4proto { tcp, udp } th dport 53 dnat ip to 10.0.0.1",
  ]);
  await lab.run("nft", "delete", "rule", "inet", TABLE, "prerouting", "handle", (await shown()).handle);
  expect(await rule.refresh()).toBe("gone");
  expect(await rule.up(args)).toBe("create");
});
