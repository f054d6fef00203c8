import { describe, expect, test } from "vitest";
import { listChains, listTable, nft, nftQuote } from "../../../../provider/kernel/tools/nft.ts";
import { fails, scripted, tells } from "../../script.ts";

test("a transaction is one command that reads all lines", () => {
  expect(nft("red", "add table inet x", "add chain inet x y")).toEqual({
    tool: "nft",
    namespace: "red",
    args: ["-f", "-"],
    stdin: "add table inet x\nadd chain inet x y\n",
  });
});

describe("quoted", () => {
  test.each(["eth0", "veth-*", "$x", "a;b", "#1", "ü", "{x}", "'", "`id`"])(
    "puts %s between quotes unchanged",
    (text) => {
      expect(nftQuote(text)).toBe(`"${text}"`);
    },
  );

  test.each(['"', 'a"; flush ruleset; "', "a\nb", "a\0", "\u001b", "\u0085"])(
    "refuses %j, which would end the string",
    (text) => {
      expect(() => nftQuote(text)).toThrow("cannot be written for nft");
    },
  );
});

describe("the rules of a table", () => {
  const list = (answer: ReturnType<typeof fails>) =>
    scripted(
      [["nft --json list table inet x", answer]],
      async (kernel) => (await listTable(kernel, undefined, "x")).rules,
    );

  test("are listed in order, without other objects of the table", async () => {
    const rule = (handle: number) => ({ chain: "postrouting", handle, comment: "it", expr: [{ masquerade: null }] });
    const items = [
      { metainfo: { version: "1.0.6" } },
      { table: {} },
      { rule: rule(3) },
      {
        chain: {
          family: "inet",
          table: "x",
          name: "postrouting",
          handle: 1,
          type: "nat",
          hook: "postrouting",
          prio: 100,
        },
      },
      { rule: rule(2) },
    ];
    expect(await list(tells({ nftables: items }))).toEqual([rule(3), rule(2)]);
  });

  test.each([
    "Error: No such file or directory\nlist table inet x",
    'Cannot open network namespace "red": No such file or directory',
  ])("are an empty list after %j", async (stderr) => {
    expect(await list(fails(stderr, 1))).toEqual([]);
  });

  test("are not an empty list if the query is denied", async () => {
    await expect(
      list(fails("Operation not permitted (you must be root)\nNo such file or directory", 1)),
    ).rejects.toMatchObject({
      reason: "denied",
    });
  });
});

describe("the chains of a place", () => {
  const list = (answer: ReturnType<typeof fails>) =>
    scripted([["nft --json list chains", answer]], (kernel) => listChains(kernel, undefined));
  const PLAIN = { family: "inet", table: "t", name: "plain" };
  const BASE = {
    ...{ family: "ip", table: "filter", name: "FORWARD" },
    ...{ type: "filter", hook: "forward", prio: 0, policy: "drop" },
  };

  test("of all tables are listed in order with their known properties, without other objects", async () => {
    const items = [
      { metainfo: { version: "1.0.6", release_name: "Lester Gooch #5", json_schema_version: 1 } },
      { table: { family: "inet", name: "t", handle: 1 } },
      { chain: { ...PLAIN, handle: 1 } },
      { rule: { chain: "plain", handle: 3, expr: [] } },
      { chain: { ...BASE, handle: 2 } },
      { chain: { ...PLAIN, family: "netdev", handle: 4, dev: "eth0", hook: "ingress", prio: -500, policy: "accept" } },
    ];
    expect(await list(tells({ nftables: items }))).toStrictEqual([
      PLAIN,
      BASE,
      { ...PLAIN, family: "netdev", hook: "ingress", prio: -500, policy: "accept" },
    ]);
  });

  test("are those of the given namespace", async () => {
    const script = [["ip netns exec red nft --json list chains", tells({ nftables: [{ chain: BASE }] })]] as const;
    expect(await scripted(script, (kernel) => listChains(kernel, "red"))).toStrictEqual([BASE]);
  });

  test("are an empty list if there are none", async () => {
    expect(await list(tells({ nftables: [{ metainfo: { version: "1.0.6" } }] }))).toEqual([]);
  });

  test.each(["family", "table", "name"])("are an error if one has no %s", async (key) => {
    await expect(list(tells({ nftables: [{ chain: { ...BASE, [key]: undefined } }] }))).rejects.toThrow(`"${key}"`);
  });

  test("are an empty list in a missing namespace", async () => {
    const gone = fails('Cannot open network namespace "red": No such file or directory', 255);
    const look = scripted([["ip netns exec red nft --json list chains", gone]], (kernel) => listChains(kernel, "red"));
    expect(await look).toEqual([]);
  });

  test.each([
    ["Operation not permitted (you must be root)\nNo such file or directory", 1, "denied"],
    ["spawn nft ENOENT: no such file or directory", 127, "failed"],
    ['exec of "nft" failed: No such file or directory', 255, "failed"],
    ["Segmentation fault", 139, "failed"],
  ])("are not an empty list after %j", async (stderr, code, reason) => {
    await expect(list(fails(stderr, code))).rejects.toMatchObject({ name: "KernelError", reason });
  });
});
