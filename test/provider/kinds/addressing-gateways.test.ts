import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { addresses, gateways, gatewaysAreReachable } from "../../../provider/kinds/addressing-args.ts";
import { args, check, field, UNKNOWN } from "../../../provider/schema.ts";
import { flag, interfaceName } from "../../../provider/values.ts";

const schema = v.pipe(
  args({ name: field(interfaceName()), up: field(flag()), addresses: addresses(), gateways: gateways() }),
  gatewaysAreReachable(),
);

const faultOf = (given: object) => {
  const checked = check(schema, { name: "eth0", up: true, ...given });
  return "failures" in checked ? checked.failures : undefined;
};

describe("gateways", () => {
  test.each([
    {},
    { gateways: [] },
    { up: false, addresses: ["10.0.0.2/24"] },
    { addresses: ["10.0.0.2/24"], gateways: ["10.0.0.1"] },
    { addresses: ["10.0.0.2/24", "fd00::2/64"], gateways: ["fd00::1", "10.0.0.1"] },
    { addresses: ["10.1.0.2/16", "10.0.0.2/24"], gateways: ["10.0.0.1"] },
    { gateways: ["fe80::1"] },
    { addresses: UNKNOWN, gateways: ["10.0.0.1"] },
    { addresses: [UNKNOWN], gateways: ["10.0.0.1"] },
    { addresses: ["10.0.0.2/24"], gateways: [UNKNOWN, "10.9.0.1"] },
  ])("are accepted with %j", (given) => {
    expect(faultOf(given)).toBeUndefined();
  });

  test.each([
    [
      { up: false, addresses: ["10.0.0.2/24"], gateways: ["10.0.0.1"] },
      '"10.0.0.1" is unreachable, because up is false',
    ],
    [{ up: false, gateways: ["fe80::1"] }, '"fe80::1" is unreachable, because up is false'],
    [
      { addresses: ["10.0.0.2/24", "fd00::2/64"], gateways: ["10.0.0.1", "fd00::1", "10.0.0.3"] },
      '"10.0.0.3" is the second gateway of its family; each family has only one default route',
    ],
    [{ gateways: ["10.0.0.1"] }, `"10.0.0.1" is not in a network of the link's addresses: none`],
    [
      { addresses: ["10.0.0.2/24", "fd00::2/64"], gateways: ["10.0.0.1", "fd01::1"] },
      `"fd01::1" is not in a network of the link's addresses: 10.0.0.2/24, fd00::2/64`,
    ],
  ])("are refused with %j", (given, why) => {
    expect(faultOf(given)).toEqual([{ property: "gateways", reason: why }]);
  });
});
