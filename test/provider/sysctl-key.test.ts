import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  canonicalKey,
  interfaceIn,
  isDefault,
  isIpv6Switch,
  keyOf,
  keyOn,
  PLACEHOLDER,
  sideEffectPatterns,
} from "../../provider/sysctl-key.ts";
import { interfaceName } from "../support/arbitraries.ts";

describe.each([
  // key, interface, isDefault, isIpv6Switch
  ["net.ipv4.ip_forward", undefined, false, false],
  ["net.core.somaxconn", undefined, false, false],
  ["net.ipv4.conf.all.rp_filter", undefined, false, false],
  ["net.ipv4.conf.default.rp_filter", undefined, true, false],
  ["net.ipv4.conf.eth0.rp_filter", "eth0", false, false],
  ["net.ipv4.conf.eth0/1.rp_filter", "eth0.1", false, false],
  ["net.ipv4.conf.eth0/1/2.rp_filter", "eth0.1.2", false, false],
  ["net.ipv4.conf.{interface}.rp_filter", "{interface}", false, false],
  ["net.ipv4.neigh.eth0.gc_stale_time", "eth0", false, false],
  ["net.ipv6.neigh.default.gc_stale_time", undefined, true, false],
  ["net.ipv6.conf.all.disable_ipv6", undefined, false, true],
  ["net.ipv6.conf.default.disable_ipv6", undefined, true, true],
  ["net.ipv6.conf.eth0.disable_ipv6", "eth0", false, false],
  ["net.ipv6.conf.all.disable_ipv6x", undefined, false, false],
  ["net.ipv6.conf.all.disable_policy", undefined, false, false],
  ["net.ipv4.conf.all", undefined, false, false],
  ["net.ipv4.route.eth0.x", undefined, false, false],
  ["net.mpls.conf.eth0.input", "eth0", false, false],
])("%s", (key, link, isOfDefault, isSwitch) => {
  test("is recognized as a setting of an interface, of later interfaces, as a switch of IPv6, or as none of them", () => {
    expect([interfaceIn(key), isDefault(key), isIpv6Switch(key)]).toEqual([link, isOfDefault, isSwitch]);
  });
});

test.each([
  ["net.ipv4.conf.{interface}.rp_filter", "eth0", "net.ipv4.conf.eth0.rp_filter"],
  ["net.ipv4.conf.{interface}.rp_filter", "eth0.1", "net.ipv4.conf.eth0/1.rp_filter"],
  ["net.ipv4.conf.{interface}.rp_filter", "$&$'$`", "net.ipv4.conf.$&$'$`.rp_filter"],
  ["net.ipv4.conf.eth0.rp_filter", "eth0", "net.ipv4.conf.eth0.rp_filter"],
])("the key %s of the interface %s is %s", (key, link, spelled) => {
  expect(keyOn(key, link)).toBe(spelled);
});

test("the interface is read from its key, and a complete key is unchanged", () => {
  fc.assert(
    fc.property(interfaceName, (link) => {
      fc.pre(!["all", "default"].includes(link));
      const key = keyOn(`net.ipv6.conf.${PLACEHOLDER}.accept_ra`, link);
      expect(interfaceIn(key)).toBe(link);
      if (!link.includes(PLACEHOLDER)) expect(keyOn(key, "other")).toBe(key);
    }),
  );
});

test.each([
  ["net.ipv4.ip_forward", "net.ipv4.ip_forward"],
  ["net.ipv4.conf.all.forwarding", "net.ipv4.ip_forward"],
  ["net.ipv4.conf.eth0.forwarding", "net.ipv4.conf.eth0.forwarding"],
  ["net.ipv6.conf.all.forwarding", "net.ipv6.conf.all.forwarding"],
])("the canonical form of %s is %s", (key, canonical) => {
  expect(canonicalKey(key)).toBe(canonical);
});

test.each([
  ["net.ipv4.ip_forward", "/proc/sys/net/ipv4/ip_forward"],
  ["net.ipv4.conf.eth0/1.rp_filter", "/proc/sys/net/ipv4/conf/eth0.1/rp_filter"],
])("the key %s belongs to the file %s", (key, file) => {
  expect(keyOf(file)).toBe(key);
});

test("the key of an interface's file contains the interface, for any name", () => {
  fc.assert(
    fc.property(interfaceName, (link) => {
      const file = `/proc/sys/net/ipv4/conf/${link}/forwarding`;
      expect(keyOf(file)).toBe(keyOn(`net.ipv4.conf.${PLACEHOLDER}.forwarding`, link));
    }),
  );
});

const FORWARDING = ["/proc/sys/net/ipv4/conf/*/forwarding", "/proc/sys/net/ipv4/conf/all/accept_redirects"];

test.each([
  ["net.ipv4.ip_forward", FORWARDING],
  ["net.ipv4.conf.all.forwarding", FORWARDING],
  ["net.ipv4.conf.default.forwarding", []],
  ["net.ipv4.conf.eth0.forwarding", []],
  ["net.ipv4.conf.all.rp_filter", []],
  ["net.ipv6.conf.all.forwarding", ["/proc/sys/net/ipv6/conf/*/forwarding"]],
  ["net.ipv6.conf.all.disable_ipv6", ["/proc/sys/net/ipv6/conf/*/disable_ipv6"]],
  ["net.ipv6.conf.all.disable_policy", ["/proc/sys/net/ipv6/conf/*/disable_policy"]],
  ["net.ipv6.conf.all.ignore_routes_with_linkdown", ["/proc/sys/net/ipv6/conf/*/ignore_routes_with_linkdown"]],
  ["net.ipv6.conf.all.accept_ra", []],
  ["net.ipv6.conf.default.forwarding", []],
  ["net.ipv6.conf.eth0.disable_ipv6", []],
])("a change of %s makes the kernel write %j as well", (key, files) => {
  expect(sideEffectPatterns(key)).toEqual(files);
});
