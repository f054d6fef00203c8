import { expect, test } from "vitest";
import { propertyPath } from "../../provider/property-path.ts";

const ARGS = {
  addresses: ["10.0.0.1"],
  rules: [{ action: "accept" }, { inInterface: 5 }],
  files: { "../x.conf": "", "80": "", plain: "" },
  a: { addresses: [""] },
};

test.each([
  ["mtu", "mtu"],
  ["addresses.0", "addresses[0]"],
  ["rules.1.inInterface", "rules[1].inInterface"],
  ["rules.0.outInterface", "rules[0].outInterface"],
  ["a.addresses.0", "a.addresses[0]"],
  ["a.name", "a.name"],
  ["files.../x.conf", 'files["../x.conf"]'],
  ["files.80", 'files["80"]'],
  ["files.plain", "files.plain"],
  ["", ""],
])("the dotted path %j is shown as %s", (path, shown) => {
  expect(propertyPath(ARGS, path)).toBe(shown);
});
