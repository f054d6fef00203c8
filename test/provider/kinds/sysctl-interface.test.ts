import { describe, expect, test } from "vitest";
import { sysctl } from "../../../provider/kinds/sysctl.ts";
import { showPlan } from "../../../provider/plan.ts";
import { check, UNKNOWN } from "../../../provider/schema.ts";
import { MARK, ready } from "../samples.ts";

const KEY = "net.ipv4.conf.{interface}.rp_filter";
const needed = `"${KEY}" contains {interface}, so the argument interface is required`;
const foreign = (key: string, link: string) =>
  `"${key}" is not a setting of the interface ${link}; an example of such a key is "${KEY}"`;

describe("a setting of an interface", () => {
  test.each<[string, object, string]>([
    ["with a placeholder in the key", { key: KEY, interface: "eth0" }, "net.ipv4.conf.eth0.rp_filter"],
    [
      "with its name in the key",
      { key: "net.ipv4.conf.eth0.rp_filter", interface: "eth0" },
      "net.ipv4.conf.eth0.rp_filter",
    ],
    [
      "with a dot in its name and a placeholder in the key",
      { key: KEY, interface: "eth0.1" },
      "net.ipv4.conf.eth0/1.rp_filter",
    ],
    [
      "with a dot in its name, which is in the key",
      { key: "net.ipv4.conf.eth0/1.rp_filter", interface: "eth0.1" },
      "net.ipv4.conf.eth0/1.rp_filter",
    ],
    [
      "with a key with slashes",
      { key: "net/ipv4/neigh/{interface}/gc_stale_time", interface: "eth0" },
      "net.ipv4.neigh.eth0.gc_stale_time",
    ],
    ["with the key only", { key: "net.ipv4.conf.eth0.rp_filter" }, "net.ipv4.conf.eth0.rp_filter"],
  ])("is declared %s", (_how, args, key) => {
    const full = ready(sysctl, { ...args, value: "1" });
    expect(full.key).toBe(key);
    expect(sysctl.id(full, MARK)).toBe(key);
    expect(showPlan(sysctl.plan({ seen: undefined, desired: full, mark: MARK }))).toBe(`sysctl --write ${key}=1`);
  });

  test.each<[string, object, string]>([
    ["without the interface", { key: KEY }, needed],
    [
      "of another interface",
      { key: "net.ipv4.conf.eth1.rp_filter", interface: "eth0" },
      foreign("net.ipv4.conf.eth1.rp_filter", "eth0"),
    ],
    [
      "of all interfaces",
      { key: "net.ipv4.conf.all.rp_filter", interface: "eth0" },
      foreign("net.ipv4.conf.all.rp_filter", "eth0"),
    ],
    ["of no interface", { key: "net.ipv4.ip_forward", interface: "eth0" }, foreign("net.ipv4.ip_forward", "eth0")],
    [
      "with the interface at another place",
      { key: "net.{interface}.x", interface: "eth0" },
      foreign("net.{interface}.x", "eth0"),
    ],
  ])("is refused %s", (_how, args, reason) => {
    expect(check(sysctl.schema, { ...args, value: "1" })).toEqual({ failures: [{ property: "key", reason }] });
  });

  test.each([
    { key: UNKNOWN, interface: "eth0", value: "1" },
    { key: KEY, interface: UNKNOWN, value: "1" },
  ])("is accepted with an unknown value, and its key is not completed: %j", (args) => {
    expect(ready(sysctl, args)).toEqual(args);
  });
});
