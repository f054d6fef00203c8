import * as v from "valibot";
import { describe, expect, test } from "vitest";
import * as values from "../../provider/values.ts";
import { describeValue } from "./value-table.ts";

const LIST = "it is a list; declare a resource for each address";

/** Texts that are not addresses, with or without a prefix length, each with the rule that it breaks. */
const NO_ADDRESSES: [string, string][] = [
  [" ", "it begins or ends with whitespace"],
  [" 10.0.0.1/24", "it begins or ends with whitespace"],
  ["10.0.0.1 /24", "it begins or ends with whitespace"],
  ["1.2.3", "it has 3 numbers; an IPv4 address has 4"],
  ["1.2.3/24", "it has 3 numbers; an IPv4 address has 4"],
  ["1.2.3.4.5", "it has 5 numbers; an IPv4 address has 4"],
  ["1..2.3", "a number is missing between two dots"],
  ["10.0.0.256", "256 is greater than 255"],
  ["10.0.0.256/33", "256 is greater than 255"],
  ["010.0.0.1", "010 begins with a zero, which some programs read as octal"],
  ["010.0.0.1/24", "010 begins with a zero, which some programs read as octal"],
  ["fd00::g/64", 'it contains "g"'],
  ["fd00::12345", "12345 has more than 4 digits"],
  ["1::2::3", 'it contains "::" more than once'],
  ["fd00:::1", 'it contains "::" more than once'],
  ["1:2:3/64", "it has 3 groups; an IPv6 address has 8"],
  ["1:2:3:4:5:6:7:8:9", "it has 9 groups; an IPv6 address has 8"],
  ["::ffff:1.2.3.400", "400 is greater than 255"],
  ["10.0.0.1:80", 'it includes a port; remove ":80" and set the port in its own argument'],
  ["[fd00::1]:80", 'it includes a port; remove ":80" and set the port in its own argument'],
  ["fe80::1%eth0", 'it includes an interface; remove "%eth0" and set the interface in its own argument'],
  ["fe80::1%eth0/64", 'it includes an interface; remove "%eth0" and set the interface in its own argument'],
  ["localhost", "it is a name; an address is required"],
  ["web.lab", "it is a name; an address is required"],
  ["192.0.2.1-192.0.2.5", "it is a range of addresses; declare a rule for each address"],
  ["10.0.0.1,10.0.0.2", LIST],
  ["10.0.0.1 10.0.0.2", LIST],
  ["10.0.0.1/24, fd00::1/64", LIST],
  ["10.0.0.1/24 10.0.0.2", LIST],
];

/** Valid addresses with a wrong prefix length. */
const NO_LENGTHS: [string, string][] = [
  ["10.0.0.1/24 ", 'its prefix length, "24 ", is not a number'],
  ["10.0.0.1/x", 'its prefix length, "x", is not a number'],
  ["10.0.0.1/255.0.255.0", 'its prefix length, "255.0.255.0", is not a number'],
  ["10.0.0.1/255.255.255.0", 'it uses a netmask; write the prefix length: "10.0.0.1/24"'],
  ["10.0.0.1/33", "its prefix length is 33; the maximum for IPv4 is 32"],
  ["fd00::1/129", "its prefix length is 129; the maximum for IPv6 is 128"],
  ["10.0.0.1/024", 'its prefix length begins with a zero; use "10.0.0.1/24"'],
  ["10.0.0.1/24/24", 'it has more than one "/"'],
  ["10.0.0.1/", 'the prefix length after "/" is missing'],
];

const STRANGE = ["", "/24", "$(id)", "10.0.0.1;id", 167_772_161, true, -0.5];

const GROUP = "it is a multicast address";
const ZERO = "it is the unspecified address; omit the argument if there is no address";

describeValue("the address of an interface", values.interfaceAddress(), {
  what: "an interface address with its prefix length",
  rules: `, e.g. "192.168.15.1/24" or "fd00:15::1/64"`,
  takes: [
    ["192.168.15.1/24", "192.168.15.1/24"],
    ["10.0.0.1/32", "10.0.0.1/32"],
    ["FD00:15:0::1/64", "fd00:15::1/64"],
    ["::ffff:a00:1/128", "::ffff:10.0.0.1/128"],
  ],
  refuses: STRANGE,
  explains: [
    ...NO_ADDRESSES,
    ...NO_LENGTHS,
    ["10.0.0.1 255.255.255.0", 'it uses a netmask; write the prefix length: "10.0.0.1/24"'],
    ["10.0.0.1 netmask 255.255.0.0", 'it uses a netmask; write the prefix length: "10.0.0.1/16"'],
    ["10.0.0.1", `the prefix length is missing, as in "10.0.0.1/24"`],
    ["fd00::1", `the prefix length is missing, as in "fd00::1/64"`],
    ["224.0.0.1/4", GROUP],
    ["ff02::1/64", GROUP],
    ["0.0.0.0/0", ZERO],
    ["::/64", ZERO],
  ],
});

const hasLength = (address: string) => `it has a prefix length, which is not allowed here; use "${address}"`;

describeValue("the address of a host", values.ip(), {
  what: "a host address",
  rules: `, IPv4 or IPv6, without a prefix length, e.g. "192.168.15.5" or "fd00:15::5"`,
  takes: [
    ["192.168.15.5", "192.168.15.5"],
    ["FD00:15::0005", "fd00:15::5"],
  ],
  refuses: STRANGE,
  explains: [
    ...NO_ADDRESSES,
    ...NO_LENGTHS.map(([text]): [string, string] => [text, hasLength(text.startsWith("fd") ? "fd00::1" : "10.0.0.1")]),
    ["10.0.0.1/32", hasLength("10.0.0.1")],
    ["10.0.0.0/31", hasLength("10.0.0.0")],
    ["10.0.0.0/24", 'it is a network, but one host is required, e.g. "10.0.0.1"'],
    ["10.0.0.4/30", 'it is a network, but one host is required, e.g. "10.0.0.5"'],
    ["fd00:7::/64", 'it is a network, but one host is required, e.g. "fd00:7::1"'],
    ["fd00::e0/124", 'it is a network, but one host is required, e.g. "fd00::e1"'],
    ["224.0.0.1", GROUP],
    ["ff02::1", GROUP],
    ["0.0.0.0", ZERO],
    ["::", ZERO],
  ],
});

describeValue("the address of a host of one family", values.ip("inet"), {
  what: "a host address",
  rules: `, IPv4, without a prefix length, e.g. "192.168.15.255"`,
  takes: [["192.168.15.5", "192.168.15.5"]],
  refuses: STRANGE,
  explains: [["fd00::1", "it is IPv6"]],
});

const lacksLength = (host: string, network: string) =>
  `the prefix length is missing; for the host alone use "${host}", for its network "${network}"`;

describeValue("the destination of a route", values.destination(), {
  what: "a destination",
  rules: `: "default" or a network in CIDR form, e.g. "192.168.1.0/24" or "fd00:1::/64"`,
  takes: [
    ["default", "default"],
    ["0.0.0.0/0", "default"],
    ["192.168.1.0/24", "192.168.1.0/24"],
    ["10.0.0.1/32", "10.0.0.1/32"],
    ["FD00:1::/64", "fd00:1::/64"],
  ],
  refuses: STRANGE,
  explains: [
    ...NO_ADDRESSES,
    ...NO_LENGTHS,
    ["10.0.0.1 255.255.255.0", 'it uses a netmask; write the prefix length: "10.0.0.1/24"'],
    ["10.0.0.1 netmask 255.255.0.0", 'it uses a netmask; write the prefix length: "10.0.0.1/16"'],
    ["default/0", 'did you mean "default"?'],
    ["Default", 'use "default"'],
    ["any", 'use "default"'],
    ["defualt", 'did you mean "default"?'],
    ["Defaut", 'did you mean "default"?'],
    ["10.0.0.5", lacksLength("10.0.0.5/32", "10.0.0.0/24")],
    ["fd00::5", lacksLength("fd00::5/128", "fd00::/64")],
    ["0.0.0.0", 'for the default route use "default" or "0.0.0.0/0"'],
    ["::", 'for the default route use "::/0"'],
  ],
});

describeValue("an address or network in a rule", values.hostOrNetwork(), {
  what: "an address or a network",
  rules: `, e.g. "192.168.15.1" or "192.168.15.0/24"`,
  takes: [
    ["192.168.15.0/24", "192.168.15.0/24"],
    ["192.168.15.1", "192.168.15.1/32"],
    ["192.168.15.1/32", "192.168.15.1/32"],
    ["FD00::1", "fd00::1/128"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["0.0.0.0/32", "0.0.0.0/32"],
  ],
  refuses: STRANGE,
  explains: [
    ...NO_ADDRESSES,
    ...NO_LENGTHS,
    ["10.0.0.1//32", 'it has more than one "/"'],
    ...["any", "ALL", "anywhere", "*", "0/0"].map(
      (word) => [word, 'it means every address; omit the argument, or write "0.0.0.0/0" or "::/0"'] as const,
    ),
    ["10.0.0.0 255.255.255.0", 'it uses a netmask; write the prefix length: "10.0.0.0/24"'],
    ["0.0.0.0", 'for every address use "0.0.0.0/0", for this address alone "0.0.0.0/32"'],
    ["0:0::0", 'for every address use "::/0", for this address alone "::/128"'],
    ["!10.0.0.0/8", 'it begins with "!". A rule cannot exclude; name the interface or network that it applies to'],
  ],
});

describe.each([
  ["the destination of a route", values.destination()],
  ["what a rule matches", values.hostOrNetwork()],
])("%s", (_name, schema) => {
  test.each([
    ["192.168.1.7/24", "192.168.1.0/24", "192.168.1.7/32"],
    ["10.0.0.1/0", "0.0.0.0/0", "10.0.0.1/32"],
    ["fd00:1::7/64", "fd00:1::/64", "fd00:1::7/128"],
  ])("%s with host bits is refused, and %s and %s are suggested", (host, network, alone) => {
    expect(v.safeParse(schema, host).issues?.map((issue) => issue.message)).toEqual([
      `"${host}" is a host address, but a network is required; the network is "${network}", the host alone "${alone}"`,
    ]);
  });
});
