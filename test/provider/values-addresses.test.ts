import * as v from "valibot";
import { describe, expect, test } from "vitest";
import * as values from "../../provider/values.ts";
import { describeValue } from "./value-table.ts";

const NO_ADDRESSES = [
  "",
  " ",
  "1.2.3",
  "1.2.3/24",
  "010.0.0.1",
  "010.0.0.1/24",
  " 10.0.0.1/24",
  "10.0.0.1/24 ",
  "10.0.0.1 /24",
  "10.0.0.1/33",
  "10.0.0.1/024",
  "10.0.0.0/24/24",
  "10.0.0.1/",
  "/24",
  "fd00::/129",
  "fd00::g/64",
  "fe80::1%eth0",
  "fe80::1%eth0/64",
  "localhost",
  "$(id)",
  167_772_161,
  true,
];

describeValue("the address of an interface", values.interfaceAddress(), {
  allowed: `an interface's address with its prefix length, e.g. "192.168.15.1/24" or "fd00:15::1/64"`,
  takes: [
    ["192.168.15.1/24", "192.168.15.1/24"],
    ["10.0.0.1/32", "10.0.0.1/32"],
    ["FD00:15:0::1/64", "fd00:15::1/64"],
    ["::ffff:a00:1/128", "::ffff:10.0.0.1/128"],
  ],
  refuses: [...NO_ADDRESSES, "10.0.0.1", "fd00::1", "224.0.0.1/4", "ff02::1/64"],
});

describeValue("the address of a host", values.ip(), {
  allowed: `the address of one host, IPv4 or IPv6, without a prefix length, e.g. "192.168.15.5" or "fd00:15::5"`,
  takes: [
    ["192.168.15.5", "192.168.15.5"],
    ["FD00:15::0005", "fd00:15::5"],
  ],
  refuses: [...NO_ADDRESSES, "10.0.0.1/32", "fd00::1/128", "224.0.0.1", "ff02::1"],
});

describeValue("the destination of a route", values.destination(), {
  allowed: `a destination: "default" or a network in CIDR form, e.g. "192.168.1.0/24" or "fd00:1::/64"`,
  takes: [
    ["default", "default"],
    ["0.0.0.0/0", "default"],
    ["192.168.1.0/24", "192.168.1.0/24"],
    ["10.0.0.1/32", "10.0.0.1/32"],
    ["FD00:1::/64", "fd00:1::/64"],
  ],
  refuses: [...NO_ADDRESSES, "Default", "default/0", "any", "10.0.0.0"],
});

describeValue("what a rule matches", values.hostOrNetwork(), {
  allowed: `an address or a network, e.g. "192.168.15.1" or "192.168.15.0/24"`,
  takes: [
    ["192.168.15.0/24", "192.168.15.0/24"],
    ["192.168.15.1", "192.168.15.1/32"],
    ["192.168.15.1/32", "192.168.15.1/32"],
    ["FD00::1", "fd00::1/128"],
    ["0.0.0.0/0", "0.0.0.0/0"],
  ],
  refuses: [...NO_ADDRESSES, "10.0.0.1//32", "any"],
});

describe.each([
  ["the destination of a route", values.destination()],
  ["what a rule matches", values.hostOrNetwork()],
])("%s", (_name, schema) => {
  test.each([
    ["192.168.1.7/24", "192.168.1.0/24"],
    ["10.0.0.1/0", "0.0.0.0/0"],
    ["fd00:1::7/64", "fd00:1::/64"],
  ])("that %s has host bits is refused, with %s for an answer", (host, network) => {
    expect(v.safeParse(schema, host).issues?.map((issue) => issue.message)).toEqual([
      `"${host}" is a host's address where a network is asked; the network is "${network}"`,
    ]);
  });
});
