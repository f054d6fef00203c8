import { expect, test } from "vitest";
import { bond } from "../../../provider/kinds/bond.ts";
import { check } from "../../../provider/schema.ts";

test.each([
  [
    { mode: "802.3ad", arpInterval: 100, arpIpTarget: ["10.0.0.1"] },
    /^arpInterval: a bond of mode "802.3ad" has no ARP/,
  ],
  [{ mode: "active-backup", arpInterval: 100 }, /^arpIpTarget: missing: arpInterval requires/],
  [{ mode: "active-backup", arpIpTarget: ["10.0.0.1"] }, /^arpIpTarget: it requires arpInterval/],
  [{ mode: "active-backup", arpValidate: "all" }, /^arpValidate: it requires arpInterval/],
  [{ mode: "active-backup", arpInterval: 100, arpIpTarget: ["fd00::1"] }, /^arpIpTarget.0: "fd00::1" is not/],
  [
    { mode: "active-backup", arpInterval: 100, arpIpTarget: ["10.0.0.1"], miimon: 100 },
    /^arpInterval: cannot be used with miimon/,
  ],
  [
    { mode: "active-backup", arpInterval: 100, arpIpTarget: ["10.0.0.1"], updelay: 100 },
    /^updelay: 100 cannot be used with arpInterval/,
  ],
  [{ mode: "active-backup", miimon: 0 }, /^miimon: 0 without arpInterval/],
  [{ mode: "balance-rr", adSelect: "count" }, /^adSelect: a bond of mode "balance-rr" has no LACP/],
])("%j is refused", (args, why) => {
  const result = check(bond.schema, { name: "bond0", ...args });
  const { failures } = result as { failures: { property: string; reason: string }[] };
  expect(failures.map(({ property, reason }) => `${property}: ${reason}`)).toEqual([expect.stringMatching(why)]);
});

test.each([
  [{ mode: "active-backup" }, 100],
  [{ mode: "active-backup", arpInterval: 100, arpIpTarget: ["10.0.0.1"] }, 0],
  [{ mode: "active-backup", miimon: 50 }, 50],
])("%j monitors members with miimon %j", (args, miimon) => {
  const result = check(bond.schema, { name: "bond0", ...args });
  if ("failures" in result) throw new Error(JSON.stringify(result.failures));
  expect(bond.applyDefaults?.(result.args, "")).toMatchObject({ miimon });
});
