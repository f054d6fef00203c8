import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchErrorLine, batchLine, batchOptions } from "../../../../provider/kernel/client/batch-line.ts";
import { batchFamily, type Command, isBatchable } from "../../../../provider/kernel/command.ts";
import { dev, ip } from "../../../../provider/kernel/tools/ip.ts";

const query = { query: true } as const;

describe("a command that is a line of a batch", () => {
  test.each([
    [ip("red", "link", "add", "name", "br0", "type", "bridge"), "link add name br0 type bridge", undefined],
    [
      ip("red", "link", "property", "add", dev("lo"), "altname", "x:1"),
      "link property add dev lo altname x:1",
      undefined,
    ],
    [ip("red", "netns", "delete", "red"), "netns delete red", undefined],
    [
      ip("red", "address", "add", "fd00::1/64", dev("eth0"), "nodad"),
      "address add fd00::1/64 dev eth0 nodad",
      undefined,
    ],
    [{ ...ip("red", "address", "show", dev("eth0")), ...query }, "address show dev eth0", undefined],
    [{ ...ip("red", "route", "add", "default"), family: "inet" as const }, "route add default", undefined],
    [{ ...ip("red", "route", "add", "default"), family: "inet6" as const }, "route add default", "inet6"],
  ])("is written from %j as %s, in a batch of the family %s", (command, line, family) => {
    expect(isBatchable(command)).toBe(true);
    expect([batchLine(command), batchFamily(command)]).toEqual([`${line}\n`, family]);
  });
});

describe("a command that is no line of a batch", () => {
  test.each<[string, Command]>([
    ["is a `link show`, which changes later queries in its process", { ...ip(undefined, "link", "show"), ...query }],
    ["is a query for namespaces", { ...ip(undefined, "netns", "list"), ...query }],
    ["starts a program in a namespace", ip(undefined, "netns", "exec", "red", "true")],
    ["is a command of nft", { tool: "nft", args: ["link", "add"] }],
    ["is a command of sysctl", { tool: "sysctl", args: ["address", "show"] }],
  ])("%s", (_what, command) => {
    expect(isBatchable(command)).toBe(false);
  });

  test.each(["", " ", "a b", "a\tb", "a\nnetns delete red", "a\r", '"a"', "it's", "a\\", "#", "a#b"])(
    "has the word %j",
    (word) => {
      expect(isBatchable(ip(undefined, "link", "add", "name", word))).toBe(false);
    },
  );
});

test("ip parses a line into the same words, with any characters", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 6 }), { maxLength: 5 }), (rest) => {
      const command = ip("red", "link", "add", ...rest);
      fc.pre(isBatchable(command));
      expect(read(batchLine(command))).toEqual([["link", "add", ...rest]]);
    }),
  );
});

test("the options of a batch name its family and the standard input", () => {
  expect(batchOptions(undefined).join(" ")).toBe("-json -details -batch -");
  expect(batchOptions("inet6").join(" ")).toBe("-6 -json -details -batch -");
});

test("the error of a failed line contains its number", () => {
  expect(batchErrorLine(12)).toBe("Command failed -:12\n");
});

/** Returns the lines of a batch as ip parses them: as words, without comments, quotes and escaped line breaks. */
const read = (text: string): string[][] =>
  text
    .replaceAll("\\\n", "")
    .split("\n")
    .slice(0, -1)
    .map((line) => line.replace(/#.*/, "").replaceAll(/["']/g, "").split(/\s+/).filter(Boolean));
