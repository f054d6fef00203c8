import { expect, test } from "vitest";
import { needsOf } from "../../provider/generations.ts";

test.each<[readonly unknown[], readonly string[]]>([
  [
    ["10.0.0.0/8", "10.1.0.1"],
    ["routes", "ipv4"],
  ],
  [
    ["fd00::/8", "fd01::1"],
    ["routes", "ipv6"],
  ],
  [
    ["default", undefined, "fd01::1"],
    ["routes", "ipv6"],
  ],
  [
    ["default", "10.1.0.1"],
    ["routes", "ipv4"],
  ],
  [["default"], ["routes", "ipv4"]],
  [
    ["10.0.0.0/8", "fd01::1"],
    ["routes", "ipv4", "ipv6"],
  ],
])("a route with the addresses %o depends on %o", (addresses, needs) => {
  expect(needsOf(addresses, ["routes"])).toEqual(needs);
});
