import { expect, test } from "vitest";
import { kindOf } from "../../provider/kind-of.ts";
import { check } from "../../provider/schema.ts";

/** Returns the errors about the arguments of a kind, without those about missing ones. */
function errorsOf(type: string, args: object): string[] {
  const checked = check(kindOf(type).schema, args);
  return ("failures" in checked ? checked.failures : [])
    .filter(({ reason }) => !reason.startsWith("missing"))
    .map(({ property, reason }) => `${property}: ${reason}`);
}

test.each([
  ["Bridge", { name: "br0", addresses: ["10.1.0.1/24, 10.2.0.1/24"] }, "addresses.0", '["10.1.0.1/24", "10.2.0.1/24"]'],
  ["Bridge", { name: "br0", addresses: "10.1.0.1/24 fd00::1/64" }, "addresses", '["10.1.0.1/24", "fd00::1/64"]'],
  ["Bridge", { name: "br0", gateways: ["10.1.0.1;10.2.0.1"] }, "gateways.0", '["10.1.0.1", "10.2.0.1"]'],
  ["Vxlan", { name: "vx0", vni: 1, flood: "10.0.0.2,10.0.0.3" }, "flood", '["10.0.0.2", "10.0.0.3"]'],
  ["Process", { command: ["x"], interfaces: ["tun0 tun1"] }, "interfaces.0", '["tun0", "tun1"]'],
  ["NatRule", { type: "masquerade", source: ["10.0.0.0/8 10.1.0.1"] }, "source.0", '["10.0.0.0/8", "10.1.0.1"]'],
  ["NatRule", { type: "masquerade", outInterface: "eth0 eth1" }, "outInterface", '["eth0", "eth1"]'],
  ["NatRule", { type: "masquerade", protocol: "tcp", destinationPort: ["80 443"] }, "destinationPort.0", "[80, 443]"],
])("a list in one text of a %s is refused, with the list to write: %j", (type, args, property, list) => {
  const text = Object.values(args)
    .flat()
    .find((one) => typeof one === "string" && /[,; ]/.test(one));
  expect(errorsOf(type, args)).toEqual([`${property}: "${text}" is a list in one text; write ${list}`]);
});

test.each([
  ["NatRule", { type: "masquerade", source: "10.0.0.0 255.0.0.0" }, "it uses a netmask"],
  ["Bridge", { name: "br0", addresses: ["10.1.0.1/24, x"] }, "is not an interface address"],
])("a text of a %s that is no list of valid parts has its own error: %j", (type, args, error) => {
  expect(errorsOf(type, args)).toEqual([expect.stringContaining(error)]);
});
