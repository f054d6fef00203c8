import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argv, displayCommand } from "../../../provider/kernel/command.ts";
import { dev, ip } from "../../../provider/kernel/tools/ip.ts";

describe("argv", () => {
  test.each([
    [ip(undefined, "link", "show"), "ip link show"],
    [ip("red", "link", "show"), "ip -n red link show"],
    [{ ...ip("red", "route", "show"), family: "inet6", query: true }, "ip -n red -json -details -6 route show"],
    [ip("red", "link", "set", dev("x"), "up"), "ip -n red link set dev x up"],
    [{ tool: "nft", args: ["-f", "-"] }, "nft -f -"],
    [{ tool: "nft", namespace: "red", args: ["-f", "-"] }, "ip netns exec red nft -f -"],
    [{ tool: "sysctl", namespace: "red", args: ["--values", "x"] }, "ip netns exec red sysctl --values x"],
  ] as const)("of %j is %s", (command, words) => {
    expect(argv(command)).toEqual(words.split(" "));
  });
});

describe("show", () => {
  test.each([
    ["eth0", "eth0"],
    ["fd00::1/64", "fd00::1/64"],
    ["net.ipv4.ip_forward=1", "net.ipv4.ip_forward=1"],
    ["", "''"],
    ["a b", "'a b'"],
    ["it's", `'it'\\''s'`],
    ["'", `''\\'''`],
    ["$(id)", "'$(id)'"],
    ["a;b", "'a;b'"],
    ["veth-*", "'veth-*'"],
    ["~", "'~'"],
    ["#1", "'#1'"],
    ["a\nb", "'a\nb'"],
    ["x\n", "'x\n'"],
    ["ü", "'ü'"],
  ])("writes the word %j as %s", (word, written) => {
    expect(displayCommand({ tool: "nft", args: ["add", word] })).toBe(`nft add ${written}`);
  });

  test("writes the input of a command as a here-document", () => {
    expect(
      displayCommand({ tool: "nft", namespace: "red", args: ["-f", "-"], stdin: "add table a\nadd table b\n" }),
    ).toBe("ip netns exec red nft -f - <<'EOF'\nadd table a\nadd table b\nEOF");
  });

  test("is parsed by a shell into the same words, with any characters", () => {
    const word = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replaceAll("\0", ""));
    const special = fc.constantFrom(
      "'",
      '"',
      "\\",
      "$HOME",
      "$(id)",
      "`id`",
      "*",
      "~",
      "\n",
      "!!",
      "-n",
      "'\\''",
      ";",
      "|",
      "&&",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, special), { maxLength: 20 }), (args) => {
        expect(read(displayCommand({ tool: "nft", args }))).toEqual(args);
      }),
      { numRuns: 50 },
    );
  });

  test("passes the input through a shell unchanged", () => {
    const stdin = "add rule a 'b' \"c\" $(id) `id` $HOME \\ EOF\n";
    expect(sh(`nft() { cat; }\n${displayCommand({ tool: "nft", args: ["-f", "-"], stdin })}`)).toBe(stdin);
  });
});

const sh = (script: string): string => execFileSync("sh", ["-c", script], { encoding: "utf8" });

/** Returns the words that a shell passes to `nft`. */
const read = (line: string): string[] =>
  sh(`nft() { for word; do printf '%s\\0' "$word"; done; }\n${line}`).split("\0").slice(0, -1);
