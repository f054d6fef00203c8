import * as v from "valibot";
import { expect, test } from "vitest";
import * as values from "../../provider/values.ts";
import { describeValue } from "./value-table.ts";

const NAME_RULES = `without "/", "\\", ":", "%", "*", quotes or whitespace, not beginning with "-", not "." or ".."`;

const NO_NAMES = [
  "",
  ".",
  "..",
  "-x",
  "-",
  "a/b",
  "../x",
  "a:b",
  "a b",
  " a",
  "a\tb",
  "a\nb",
  "a\0b",
  "a\u00a0b",
  "a\u2028b",
  "a\u001bb",
  "a%d",
  "a*",
  'a"b',
  "a'b",
  "a\\b",
  "\ud800",
  15,
  true,
];

const ODD_NAMES = ["...", ".x", "x-", "a.b", "1", "ü", "$(id)", "a;b", "#1", "~", "😀", "a,b", "`id`", "{x}"].map(
  (name) => [name, name] as const,
);

describeValue("the name of an interface", values.interfaceName(), {
  allowed: `an interface name: 1 to 15 bytes ${NAME_RULES}, e.g. "veth-red"`,
  takes: [
    ["veth-red", "veth-red"],
    ["x".repeat(15), "x".repeat(15)],
    ["üüüüüüüx", "üüüüüüüx"],
    ["😀😀😀xyz", "😀😀😀xyz"],
    ...ODD_NAMES,
  ],
  refuses: [...NO_NAMES, "x".repeat(16), "üüüüüüüü", "😀😀😀😀", "x".repeat(10_000)],
});

describeValue("an alternative name of an interface", values.altName(), {
  allowed: `an alternative interface name: 1 to 127 bytes ${NAME_RULES}, e.g. "uplink-of-the-first-router"`,
  takes: [["uplink", "uplink"], ["x".repeat(127), "x".repeat(127)], ...ODD_NAMES],
  refuses: [...NO_NAMES, "x".repeat(128), "ü".repeat(64)],
});

describeValue("the name of a namespace", values.namespaceName(), {
  allowed: `a namespace name: 1 to 255 bytes ${NAME_RULES}, e.g. "red"`,
  takes: [["red", "red"], ["x".repeat(255), "x".repeat(255)], ...ODD_NAMES],
  refuses: [...NO_NAMES, "x".repeat(256), "ü".repeat(128)],
});

describeValue("an interface as nft matches it", values.interfacePattern(), {
  allowed: `an interface name, or the beginning of one and "*", e.g. "eth0" or "veth-*"`,
  takes: [["veth-*", "veth-*"], ["x*", "x*"], [`${"x".repeat(15)}*`, `${"x".repeat(15)}*`], ...ODD_NAMES],
  refuses: [
    ...NO_NAMES.filter((name) => name !== "a*"),
    "*",
    "**",
    "a**",
    "a*b",
    "-*",
    "..*",
    "a b*",
    '"*',
    `${"x".repeat(16)}*`,
  ],
});

describeValue("a MAC address", values.mac(), {
  allowed: `the MAC address of an interface: six bytes in hexadecimal, not a group address and not all zero, e.g. "02:00:00:00:00:01"`,
  takes: [
    ["02:00:00:00:00:01", "02:00:00:00:00:01"],
    ["02:AA:bB:00:00:0F", "02:aa:bb:00:00:0f"],
    ["fe:ff:ff:ff:ff:ff", "fe:ff:ff:ff:ff:ff"],
  ],
  refuses: [
    "",
    "00:00:00:00:00:00",
    "01:00:00:00:00:01",
    "33:33:00:00:00:01",
    "ff:ff:ff:ff:ff:ff",
    "02:00:00:00:01",
    "02:00:00:00:00:00:01",
    "2:0:0:0:0:1",
    "02-00-00-00-00-01",
    "020000000001",
    "0g:00:00:00:00:01",
    "02:00:00:00:00:01\n",
    " 02:00:00:00:00:01",
    2,
  ],
});

describeValue("an MTU", values.mtu(), {
  allowed: "an MTU in bytes: a whole number from 68 to 65535, e.g. 1500",
  takes: [
    [68, 68],
    [1500, 1500],
    [65_535, 65_535],
  ],
  refuses: [67, 65_536, 0, -1500, 1500.5, "1500", "", true],
});

describeValue("a whole number", values.integer("a metric", 0, 9, 5), {
  allowed: "a metric: a whole number from 0 to 9, e.g. 5",
  takes: [
    [0, 0],
    [9, 9],
  ],
  refuses: [-1, 10, 0.5, "5", 1e300],
});

describeValue("a flag", values.flag(), {
  allowed: "true or false",
  takes: [
    [true, true],
    [false, false],
  ],
  refuses: ["true", "", 0, 1],
});

describeValue("one of some words", values.oneOf(["global", "link"]), {
  allowed: `one of "global", "link"`,
  takes: [["link", "link"]],
  refuses: ["", "Link", "host", "link ", 0, true],
});

describeValue("ports", values.ports(), {
  allowed: `a port from 1 to 65535, or a range of them, e.g. 80 or "8000-8099"`,
  takes: [
    [1, 1],
    [65_535, 65_535],
    ["80", 80],
    ["80-80", 80],
    ["8000-8099", "8000-8099"],
    ["1-65535", "1-65535"],
  ],
  refuses: [
    0,
    65_536,
    -80,
    80.5,
    1e21,
    "",
    "0",
    "65536",
    "80-70",
    "0-80",
    "1-65536",
    "80-",
    "-80",
    "80 - 90",
    "1-2-3",
    "http",
    "٨٠",
    "80\n",
    true,
  ],
});

test.each([[80], ["80-90"], { toString: [] }].map((value) => [value]))("%j is refused as a port", (value) => {
  expect(v.safeParse(values.ports(), value).success).toBe(false);
});

test("a number that is wrong in two ways is refused once", () => {
  expect(v.safeParse(values.mtu(), 1.5).issues).toHaveLength(1);
});
