import * as v from "valibot";
import { expect, test } from "vitest";
import * as values from "../../provider/values.ts";
import { describeValue } from "./value-table.ts";

const NAME_RULES = `without "/", "\\", ":", "%", "*", quotes or whitespace, not beginning with "-", not "." or ".."`;

/** Texts that are not names, each with the rule that it breaks. */
const NO_NAMES: [string, string][] = [
  ["", "it is empty"],
  [".", "it is the name of a directory"],
  ["..", "it is the name of a directory"],
  ["-x", 'it begins with "-", so tools would read it as an option'],
  ["-", 'it begins with "-", so tools would read it as an option'],
  ["\ud800", "it contains an unpaired surrogate"],
  ["à", 'it contains "à", which includes a byte that the kernel reads as a space'],
  ["../x", 'it contains "/"'],
  [" a", 'it contains " "'],
  ...["/", ":", " ", "\t", "\n", "\0", "\u00a0", "\u2028", "\u001b", "%", "*", '"', "'", "\\"].map(
    (bad): [string, string] => [`a${bad}b`, `it contains ${JSON.stringify(bad)}`],
  ),
];

const tooLong = (bytes: number, most: number) => `it has ${bytes} bytes; the maximum is ${most}`;

const ODD_NAMES = ["...", ".x", "x-", "a.b", "1", "ü", "$(id)", "a;b", "#1", "~", "😀", "a,b", "`id`", "{x}"].map(
  (name) => [name, name] as const,
);

describeValue("the name of an interface", values.interfaceName(), {
  what: "an interface name",
  rules: `: 1 to 15 bytes ${NAME_RULES}, e.g. "veth-red"`,
  takes: [
    ["veth-red", "veth-red"],
    ["x".repeat(15), "x".repeat(15)],
    ["üüüüüüüx", "üüüüüüüx"],
    ["😀😀😀xyz", "😀😀😀xyz"],
    ["!br0", "!br0"],
    ...ODD_NAMES,
  ],
  refuses: [15, true],
  explains: [
    ...NO_NAMES,
    ["x".repeat(16), `${tooLong(16, 15)}; a longer name can be its altname`],
    ["üüüüüüüü", `${tooLong(16, 15)}; a longer name can be its altname`],
    ["😀😀😀😀", `${tooLong(16, 15)}; a longer name can be its altname`],
    ["x".repeat(10_000), `${tooLong(10_000, 15)}; a longer name can be its altname`],
    ["eth0:1", 'it contains ":"; an interface can have several addresses, so it needs no alias'],
    ["eth0:", 'it contains ":"'],
  ],
});

describeValue("an alternative name of an interface", values.altName(), {
  what: "an alternative interface name",
  rules: `: 1 to 127 bytes ${NAME_RULES}, e.g. "uplink-of-the-first-router"`,
  takes: [["uplink", "uplink"], ["x".repeat(127), "x".repeat(127)], ...ODD_NAMES],
  refuses: [15],
  explains: [...NO_NAMES, ["x".repeat(128), tooLong(128, 127)], ["ü".repeat(64), tooLong(128, 127)]],
});

describeValue("the name of a namespace", values.namespaceName(), {
  what: "a namespace name",
  rules: `: 1 to 255 bytes ${NAME_RULES}, e.g. "red"`,
  takes: [["red", "red"], ["x".repeat(255), "x".repeat(255)], ...ODD_NAMES],
  refuses: [15],
  explains: [...NO_NAMES, ["x".repeat(256), tooLong(256, 255)], ["ü".repeat(128), tooLong(256, 255)]],
});

const NO_NEGATION = 'it begins with "!". A rule cannot exclude; name the interface or network that it applies to';

describeValue("an interface in a rule of nft", values.interfacePattern(), {
  what: 'an interface name, or a prefix of names followed by "*"',
  rules: ', e.g. "eth0" or "veth-*"',
  takes: [
    ["veth-*", "veth-*"],
    ["x*", "x*"],
    [`${"x".repeat(15)}*`, `${"x".repeat(15)}*`],
    ["a+b", "a+b"],
    ["a!", "a!"],
    ...ODD_NAMES,
  ],
  refuses: [15],
  explains: [
    ...NO_NAMES,
    ["*", "it matches every interface; omit the argument instead"],
    ["**", 'it contains "*"'],
    ["a**", 'it contains "*"'],
    ["-*", 'it begins with "-", so tools would read it as an option'],
    ["..*", "it is the name of a directory"],
    ["a b*", 'it contains " "'],
    [`${"x".repeat(16)}*`, tooLong(16, 15)],
    ["!br0", NO_NEGATION],
    ["!", NO_NEGATION],
    ["veth+", 'it ends with "+"; write a prefix of names as "veth*"'],
  ],
});

describeValue("a MAC address", values.mac(), {
  what: "the MAC address of an interface",
  rules: `: six bytes in hexadecimal, not a group address and not all zeros, e.g. "02:00:00:00:00:01"`,
  takes: [
    ["02:00:00:00:00:01", "02:00:00:00:00:01"],
    ["02:AA:bB:00:00:0F", "02:aa:bb:00:00:0f"],
    ["fe:ff:ff:ff:ff:ff", "fe:ff:ff:ff:ff:ff"],
  ],
  refuses: [
    "",
    "2:0:0:0:0:1",
    "020000000001",
    "0g:00:00:00:00:01",
    "02:00:00:00:00:01\n",
    " 02:00:00:00:00:01",
    "0:000:00:00:00:01",
    2,
  ],
  explains: [
    ["00:00:00:00:00:00", "it is all zeros"],
    ["01:00:00:00:00:01", "it is a group address, because its first byte (01) is odd"],
    ["33:33:00:00:00:01", "it is a group address, because its first byte (33) is odd"],
    ["FF:ff:ff:ff:ff:ff", "it is a group address, because its first byte (FF) is odd"],
    ["02:00:00:00:01", "it has 5 bytes; 6 are required"],
    ["02:00:00:00:00:00:01", "it has 7 bytes; 6 are required"],
    ["02-00-00-00-00-01", 'write it as "02:00:00:00:00:01"'],
    [
      "01-00-5e-00-00-01",
      'its bytes are separated by "-" instead of ":", and it is a group address, because its first byte (01) is odd',
    ],
  ],
});

describeValue("an MTU", values.mtu(), {
  what: "an MTU in bytes",
  rules: ": a whole number from 68 to 65535, e.g. 1500",
  takes: [
    [68, 68],
    [1500, 1500],
    [65_535, 65_535],
  ],
  refuses: ["", "1e3", "1500 ", true],
  explains: [
    [67, "it is less than 68"],
    [0, "it is less than 68"],
    [-1500, "it is less than 68"],
    [65_536, "it is greater than 65535"],
    [1500.5, "it is not a whole number"],
    [-0.5, "it is not a whole number"],
    ["1500", "it is text; use the number 1500"],
  ],
});

describeValue("a whole number", values.integer("a metric", 0, 9, 5), {
  what: "a metric",
  rules: ": a whole number from 0 to 9, e.g. 5",
  takes: [
    [0, 0],
    [9, 9],
  ],
  refuses: ["five"],
  explains: [
    [-1, "it is less than 0"],
    [10, "it is greater than 9"],
    [1e300, "it is greater than 9"],
    [0.5, "it is not a whole number"],
    ["-5", "it is text; use the number -5"],
  ],
});

describeValue("a flag", values.flag(), {
  what: "true or false",
  takes: [
    [true, true],
    [false, false],
  ],
  refuses: ["true", "", 0, 1],
});

describeValue("one of several words", values.oneOf(["global", "link"]), {
  what: `one of "global", "link"`,
  takes: [["link", "link"]],
  refuses: ["", "host", 0, true],
  explains: [
    ["Link", 'did you mean "link"?'],
    ["link ", 'did you mean "link"?'],
  ],
});

describeValue("the mode of a bond", values.oneOf(["balance-rr", "active-backup", "802.3ad"]), {
  what: `one of "balance-rr", "active-backup", "802.3ad"`,
  takes: [["802.3ad", "802.3ad"]],
  refuses: ["ipv4", 6, "toString"],
  explains: [
    ["lacp", 'did you mean "802.3ad"?'],
    ["LACP", 'did you mean "802.3ad"?'],
    [4, 'did you mean "802.3ad"?'],
    ["1", 'did you mean "active-backup"?'],
    ["active_backup", 'did you mean "active-backup"?'],
  ],
});

describeValue("a routing table", values.routingTable(4_294_967_295, 100), {
  what: "a routing table number",
  rules: ": a whole number from 1 to 4294967295, e.g. 100",
  takes: [[254, 254]],
  refuses: ["vpn", true],
  explains: [
    ["main", "it is the name of a table; use its number, 254"],
    ["local", "it is the name of a table; use its number, 255"],
    ["default", "it is the name of a table; use its number, 253"],
    [0, "it is less than 1"],
    ["100", "it is text; use the number 100"],
  ],
});

describeValue("ports", values.ports(), {
  what: "a port from 1 to 65535, or a range of them",
  rules: ', e.g. 80 or "8000-8099"',
  takes: [
    [1, 1],
    [65_535, 65_535],
    ["80", 80],
    ["80-80", 80],
    ["8000-8099", "8000-8099"],
    ["1-65535", "1-65535"],
  ],
  refuses: [-80, -0.5, 80.5, 1e21, "", "80-", "-80", "80 - 90", "1-2-3", "٨٠", "80\n", true],
  explains: [
    [0, "port 0 does not exist"],
    ["0", "port 0 does not exist"],
    ["0-80", "port 0 does not exist"],
    [65_536, "65536 is greater than 65535"],
    ["65536", "65536 is greater than 65535"],
    ["1-65536", "65536 is greater than 65535"],
    ["70000-65536", "70000 is greater than 65535"],
    ["80-70", "the range ends before it begins"],
    ["80/TCP", 'the protocol is an argument of its own: write 80, and protocol: "tcp"'],
    ["http", "it is a service name; use the port number"],
    ["80,443", "it is a list; declare a rule for each port or range"],
    ["8000:8010", 'write a range as "8000-8010"'],
    ["!80", NO_NEGATION],
  ],
});

test.each([[80], ["80-90"], { toString: [] }].map((value) => [value]))("%j is refused as a port", (value) => {
  expect(v.safeParse(values.ports(), value).success).toBe(false);
});

test("a number that breaks two rules is refused once", () => {
  expect(v.safeParse(values.mtu(), 1.5).issues).toHaveLength(1);
});
