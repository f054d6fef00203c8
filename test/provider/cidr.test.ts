import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cidr, contains, familyOf, isHost, parseIp } from "../../provider/cidr.ts";

describe("cidr", () => {
  test.each([
    ["192.168.15.1/24", "inet", "192.168.15.1", 24, "192.168.15.0"],
    ["10.1.2.3/8", "inet", "10.1.2.3", 8, "10.0.0.0"],
    ["10.0.0.1/32", "inet", "10.0.0.1", 32, "10.0.0.1"],
    ["255.255.255.255/0", "inet", "255.255.255.255", 0, "0.0.0.0"],
    ["fd00:15::1/64", "inet6", "fd00:15::1", 64, "fd00:15::"],
    ["FD00:0015:0:0::0001/65", "inet6", "fd00:15::1", 65, "fd00:15::"],
    ["1:0:2:3:4:5:6:7/128", "inet6", "1:0:2:3:4:5:6:7", 128, "1:0:2:3:4:5:6:7"],
    ["1:0:0:3:0:0:6:7/33", "inet6", "1::3:0:0:6:7", 33, "1::"],
    ["::ffff:10.0.0.1/96", "inet6", "::ffff:10.0.0.1", 96, "::ffff:0.0.0.0"],
    ["::ffff:a00:1/128", "inet6", "::ffff:10.0.0.1", 128, "::ffff:10.0.0.1"],
    ["::/0", "inet6", "::", 0, "::"],
  ])("parses %s", (text, family, address, length, network) => {
    expect(cidr(text)).toEqual({ family, address, length, network });
  });

  test.each([
    "",
    "/",
    "/24",
    "10.0.0.1",
    "10.0.0.1/",
    "10.0.0.1/33",
    "10.0.0.1/-1",
    "10.0.0.1/+4",
    "10.0.0.1/1e1",
    "10.0.0.1/024",
    "10.0.0.1/255.255.255.0",
    "10.0.0.0/24/24",
    " 10.0.0.1/24",
    "10.0.0.1 /24",
    "10.0.0.1/24 ",
    "10.0.0.1/24\n",
    "1.2.3/24",
    "1.2.3.4.5/24",
    "010.0.0.1/24",
    "0x0a.0.0.1/24",
    "10.0.0.256/24",
    "١.0.0.1/24",
    "fd00::1/129",
    "fd00::1/64/64",
    "fd00:::1/64",
    "fd00:1:2:3:4:5:6:7:8/64",
    "12345::/64",
    "g::/64",
    "[fd00::1]/64",
    "fe80::1%eth0/64",
    "fe80::1/64%eth0",
    "default",
  ])("returns undefined for %j", (text) => {
    expect(cidr(text)).toBeUndefined();
  });

  test.each(["10.0.0.0/08", "10.0.0.0/00", "fd00::/064"])(
    "refuses the leading zeros of the prefix length in %s",
    (text) => {
      expect(cidr(text)).toBeUndefined();
    },
  );

  test("keeps the address and the length, and sets the host bits of the network to zero", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), fc.integer({ min: 0, max: 32 }), (octets, length) => {
        const mask = length === 0 ? 0 : (-1 << (32 - length)) >>> 0;
        const number = octets.reduce((sum, value) => sum * 256 + value, 0);
        const network = [24, 16, 8, 0].map((shift) => (((number & mask) >>> 0) >>> shift) & 255).join(".");
        expect(cidr(`${octets.join(".")}/${length}`)).toEqual({
          family: "inet",
          address: octets.join("."),
          length,
          network,
        });
      }),
    );
  });
});

describe("parseIp", () => {
  test.each([
    ["192.168.15.5", "192.168.15.5"],
    ["FD00::0005", "fd00::5"],
    ["::ffff:10.0.0.1", "::ffff:10.0.0.1"],
    ["::1", "::1"],
  ])("writes %s as %s", (text, spelling) => {
    expect(parseIp(text)).toBe(spelling);
  });

  test.each(["", "10.0.0.1/32", "fd00::1/128", "fe80::1%eth0", "localhost", "10.0.0", "08.0.0.1", " ::1"])(
    "returns undefined for %j",
    (text) => {
      expect(parseIp(text)).toBeUndefined();
    },
  );

  test("does not change an address that it has written", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const spelling = parseIp(text);
        expect(parseIp(spelling ?? "")).toBe(spelling);
        expect(familyOf(spelling ?? "")).toBe(familyOf(text));
      }),
    );
  });

  test.each([
    ["::a00:1", "::10.0.0.1"],
    ["::10.0.0.1", "::10.0.0.1"],
    ["::a:b", "::0.10.0.11"],
  ])("writes the IPv4-compatible %s as the tools print it", (text, spelling) => {
    expect(parseIp(text)).toBe(spelling);
  });
});

test.each([
  ["10.0.0.0/8", "10.255.255.255", true],
  ["10.0.0.0/8", "11.0.0.0", false],
  ["0.0.0.0/0", "203.0.113.1", true],
  ["192.168.15.1/32", "192.168.15.1", true],
  ["192.168.15.1/24", "192.168.15.9", true],
  ["fd00::/64", "fd00::ffff", true],
  ["fd00::/64", "fd00:0:0:1::", false],
  ["0.0.0.0/0", "::1", false],
  ["::/0", "10.0.0.1", false],
  ["what", "10.0.0.1", false],
  ["10.0.0.0/8", "what", false],
])("whether %s contains %s is %s", (network, address, answer) => {
  expect(contains(network, address)).toBe(answer);
});

test.each([
  ["223.255.255.255", true],
  ["224.0.0.1", false],
  ["239.255.255.255", false],
  ["240.0.0.1", true],
  ["ff02::1", false],
  ["fe80::1", true],
  ["what", false],
  ["0.0.0.0", false],
  ["::", false],
])("whether %s may be the address of a host is %s", (address, answer) => {
  expect(isHost(address)).toBe(answer);
});
