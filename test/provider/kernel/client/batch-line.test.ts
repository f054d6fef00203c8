import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchOptions, failedAt, lineOf } from "../../../../provider/kernel/client/batch-line.ts";
import type { Command } from "../../../../provider/kernel/kernel.ts";
import { ip } from "../../../../provider/kernel/tools/ip.ts";

const words = (text: string) => text.split(" ");

describe("a line of a batch is", () => {
  test.each([
    ["link add name br0 type bridge", "", "link add name br0 type bridge", false],
    ["link set dev br0 up", "", "link set dev br0 up", false],
    ["link delete dev br0", "", "link delete dev br0", false],
    ["link property add dev lo altname x:1", "", "link property add dev lo altname x:1", false],
    ["netns add red", "", "netns add red", false],
    ["netns delete red", "", "netns delete red", false],
    ["address add fd00::1/64 dev eth0 nodad", "", "address add fd00::1/64 dev eth0 nodad", false],
    ["address delete 10.0.0.1/8 dev eth0", "", "address delete 10.0.0.1/8 dev eth0", false],
    ["-json -details address show dev eth0", "", "address show dev eth0", true],
    ["-json -details address show", "", "address show", true],
    ["-4 route add default via 10.0.0.1", "", "route add default via 10.0.0.1", false],
    ["-6 route replace default via fd00::1", "-6", "route replace default via fd00::1", false],
    ["-json -details -family inet route show exact default", "", "route show exact default", true],
    ["-json -details -family inet6 route show exact default", "-6", "route show exact default", true],
  ])("ip %s: family %j, %s", (command, family, line, shows) => {
    for (const namespace of [undefined, "red"]) {
      expect(lineOf(ip(namespace, ...words(command)))).toStrictEqual({ namespace, family, args: words(line), shows });
    }
  });
});

describe("no line of a batch is", () => {
  test.each<[string, Command]>([
    ["a look at links alone, which leaves a trace", ip(undefined, "link", "show")],
    ["a look at namespaces", ip(undefined, "netns", "list")],
    ["a program started in a namespace", ip(undefined, "netns", "exec", "red", "true")],
    ["an object that is not known to be without a trace", ip(undefined, "rule", "add", "to", "10.0.0.0/8")],
    ["an option that is not known", ip(undefined, "-force", "link", "add", "name", "x")],
    ["another namespace, given as an option", ip(undefined, "-n", "red", "link", "add", "name", "x")],
    ["options alone", ip(undefined, "-json")],
    ["an object alone", ip(undefined, "link")],
    ["nothing", ip(undefined)],
    ["a command that reads", { ...ip(undefined, "link", "add", "name", "x"), stdin: "x\n" }],
    ["a command of nft", { tool: "nft", args: ["link", "add"] }],
    ["a command of sysctl", { tool: "sysctl", args: ["address", "show"] }],
  ])("%s", (_what, command) => {
    expect(lineOf(command)).toBeUndefined();
  });

  test.each(["", " ", "a b", "a\tb", "a\nnetns delete red", "a\r", '"a"', "it's", "a\\", "#", "a#b"])(
    "one with the word %j",
    (word) => {
      expect(lineOf(ip(undefined, "link", "add", "name", word))).toBeUndefined();
    },
  );
});

test("what is a line is read by ip as the very words, whatever is in them", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 6 }), { maxLength: 5 }), (rest) => {
      const line = lineOf(ip("red", "link", "add", ...rest));
      fc.pre(line !== undefined);
      expect(read(`${line.args.join(" ")}\n`)).toEqual([["link", "add", ...rest]]);
    }),
  );
});

test("a batch is told of its family, and that it reads lines", () => {
  expect(batchOptions("").join(" ")).toBe("-json -details -batch -");
  expect(batchOptions("-6").join(" ")).toBe("-6 -json -details -batch -");
});

test("a line that failed is told by its number", () => {
  expect(failedAt(12)).toBe("Command failed -:12\n");
});

/** The lines of a batch as ip reads them: in words, without comments, and with quotes and joined lines undone. */
const read = (text: string): string[][] =>
  text
    .replaceAll("\\\n", "")
    .split("\n")
    .slice(0, -1)
    .map((line) => line.replace(/#.*/, "").replaceAll(/["']/g, "").split(/\s+/).filter(Boolean));
