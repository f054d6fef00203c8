import { describe, expect, test } from "vitest";
import { listRules, nft, quoted } from "../../../provider/kernel/nft.ts";
import { fails, scripted, tells } from "../script.ts";

test("a transaction is one command that reads all of its lines", () => {
  expect(nft("red", "add table inet x", "add chain inet x y")).toEqual({
    tool: "nft",
    namespace: "red",
    args: ["-f", "-"],
    stdin: "add table inet x\nadd chain inet x y\n",
  });
});

describe("quoted", () => {
  test.each(["eth0", "veth-*", "$x", "a;b", "#1", "ü", "{x}", "'", "`id`"])(
    "puts %s between quotes as it is",
    (text) => {
      expect(quoted(text)).toBe(`"${text}"`);
    },
  );

  test.each(['"', 'a"; flush ruleset; "', "a\nb", "a\0", "\u001b", "\u0085"])(
    "refuses %j, which would end the string",
    (text) => {
      expect(() => quoted(text)).toThrow("cannot be written for nft");
    },
  );
});

describe("the rules of a table", () => {
  const list = (answer: ReturnType<typeof fails>) =>
    scripted([["nft --json list table inet x", answer]], (kernel) => listRules(kernel, undefined, "x"));

  test("come in their order, without what else is in it", async () => {
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
  ])("are none after %j", async (stderr) => {
    expect(await list(fails(stderr, 1))).toEqual([]);
  });

  test("are not taken to be none where nobody may look", async () => {
    await expect(
      list(fails("Operation not permitted (you must be root)\nNo such file or directory", 1)),
    ).rejects.toMatchObject({
      reason: "denied",
    });
  });
});
