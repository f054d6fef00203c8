import fc from "fast-check";
import { expect, test } from "vitest";
import { allKinds, kindOf } from "../../provider/kind-of.ts";
import { check, fieldsOf } from "../../provider/schema.ts";
import { meantArgument, meantWord } from "../../provider/synonyms.ts";

/** Returns the error about one argument of a kind. */
function errorAt(type: string, args: object, property: string): string | undefined {
  const checked = check(kindOf(type).schema, args);
  return "failures" in checked ? checked.failures.find((failure) => failure.property === property)?.reason : undefined;
}

test.each([
  ["Route", "gateway", "did you mean via?"],
  ["Route", "gw", "did you mean via?"],
  ["Route", "dev", "did you mean interface?"],
  ["Route", "dst", "did you mean destination?"],
  ["Route", "netns", "did you mean namespace?"],
  ["Bridge", "gateway", "did you mean gateways?"],
  ["Bridge", "vlan_filtering", "did you mean vlanFiltering?"],
  ["Bridge", "delay", "did you mean netem.delay?"],
  ["Bridge", "ageing", "did you mean ageingTime?"],
  ["Route", "dest", "did you mean destination?"],
  ["Route", "weight", "did you mean weight of an item of nexthops?"],
  ["FilterChain", "inInterface", "did you mean inInterface of an item of rules?"],
  ["Bridge", "hwaddr", "did you mean mac?"],
  ["Neighbor", "mac", "did you mean lladdr?"],
  ["FdbEntry", "mac", "did you mean lladdr?"],
  ["Vlan", "parent", "did you mean link?"],
  ["Macvlan", "dev", "did you mean link?"],
  ["Vlan", "id", "did you mean vid?"],
  ["Vxlan", "id", "did you mean vni?"],
  ["Veth", "addresses", "did you mean a.addresses or b.addresses?"],
  ["Process", "cmd", "did you mean command?"],
  ["Process", "timeout", "did you mean ready.timeout?"],
  ["RoutingRule", "mark", "did you mean fwmark?"],
  ["RoutingRule", "vrf", "did you mean table?"],
  ["NatRule", "dport", "did you mean destinationPort?"],
  ["Netem", "latency", "did you mean delay?"],
  [
    "Bond",
    "members",
    "a bridge, bond or VRF does not list its members; set master on each of them, e.g. master: bond;",
  ],
  [
    "Bridge",
    "ports",
    "a bridge, bond or VRF does not list its members; set master on each of them, e.g. master: bond;",
  ],
])("an unknown argument of a %s that another tool has, %s: %s", (type, given, hint) => {
  expect(errorAt(type, { [given]: "x" }, given)).toMatch(`unknown argument; ${hint} expected one of: `);
});

test.each([
  ["connmark", "did you mean ctMark?"],
  ["fwmark", "did you mean mark?"],
  ["iifname", "did you mean inInterface?"],
])("an unknown argument of a rule that another tool has, %s: %s", (given, hint) => {
  const args = { chain: "input", rules: [{ action: "accept", [given]: 1 }] };
  expect(errorAt("FilterChain", args, `rules.0.${given}`)).toMatch(`unknown argument; ${hint} expected one of: `);
});

test.each([
  ["RoutingRule", { priority: 1, table: "main" }, "table", "it is the name of a table; use its number, 254"],
  ["Bond", { name: "bond0", mode: "lacp" }, "mode", 'did you mean "802.3ad"?'],
  ["RoutingRule", { priority: 1, family: "ipv6" }, "family", 'did you mean "inet6"?'],
  ["NatRule", { type: "SNAT" }, "type", 'did you mean "snat"?'],
  ["NatRule", { type: "snat", family: "ipv4" }, "family", 'did you mean "ip"?'],
  ["Process", { command: ["x"], stopSignal: "TERM" }, "stopSignal", 'did you mean "SIGTERM"?'],
  ["Route", { destination: "10.0.0.0/8", type: "drop" }, "type", 'did you mean "blackhole"?'],
  ["Vlan", { protocol: "802.1q" }, "protocol", 'did you mean "802.1Q"?'],
])("a wrong value of a %s %j that another tool has, at %s: %s", (type, args, property, hint) => {
  expect(errorAt(type, args, property)).toContain(hint);
});

const names = [
  ...new Set(
    allKinds.flatMap(({ schema }) =>
      Object.entries(schema.entries).flatMap(([name, entry]) => [name, ...Object.keys(fieldsOf(entry) ?? {})]),
    ),
  ),
];
const word = fc.oneof(fc.constantFrom(...names, "gateway", "mac", "id", "lacp", "__proto__", "toString"), fc.string());

test("each suggestion is in the list, and a word of the list is suggested for itself", () => {
  fc.assert(
    fc.property(word, fc.uniqueArray(word, { maxLength: 20 }), (given, list) => {
      for (const meant of [meantArgument(given, list), meantWord(given, list)])
        if (meant !== undefined) expect(list).toContain(meant);
      expect(list.map((one) => meantWord(one, [one]))).toEqual(list);
    }),
  );
});
