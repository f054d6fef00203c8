import { expect, test } from "vitest";
import { networkOf } from "../../../inspect/trace/surroundings.ts";
import { familyOf } from "../../../provider/cidr.ts";

/** Returns an interface with the given addresses. */
const having = (...texts: string[]) => ({
  ...{ place: "red", name: "eth0", kind: "veth", index: 1, loopback: false, mtu: 1500, mac: undefined, up: true },
  ...{
    carrier: true,
    data: {},
    isolated: false,
    arp: true,
    impairment: undefined,
    master: undefined,
    peer: { place: "same" as const },
  },
  addresses: texts.map((text) => {
    const [address = "", length] = text.split("/");
    return { family: familyOf(address), address, length: Number(length), global: true };
  }),
});

test.each([
  [["10.1.0.10/24"], "10.1.0.10", "10.1.0.0/24"],
  [["10.1.0.10/32", "10.1.0.10/24"], "10.1.0.10", "10.1.0.0/24"],
  [["10.1.0.10/32"], "10.1.0.10", undefined],
  [["10.1.0.0/31"], "10.1.0.0", "10.1.0.0/31"],
  [["fd00::/64"], "fd00::", "fd00::/64"],
  [["fd00::7/128", "fd00::7/64"], "fd00::7", "fd00::/64"],
  [["10.1.0.10/24"], "10.1.0.11", undefined],
])("an interface with %j: the network of %s is %s", (addresses, wanted, network) => {
  expect(networkOf({ interfaces: [having(...addresses)] }, wanted)).toBe(network);
});
