import { expect, test } from "vitest";
import { checkNames } from "../../checks/index.ts";
import { settings } from "../../checks/settings.ts";

test("a check without a setting is a warning", () => {
  expect(settings(undefined)).toEqual(
    Object.fromEntries(checkNames.map((name) => [name, { level: "warn", except: [] }])),
  );
});

test("a setting has a level, exceptions, or both", () => {
  const said = { "mtu-mismatch": "off", "no-forwarding": { except: ["r"] }, "duplicate-address": { level: "error" } };
  expect(settings(said)).toMatchObject({
    "mtu-mismatch": { level: "off", except: [] },
    "no-forwarding": { level: "warn", except: ["r"] },
    "duplicate-address": { level: "error", except: [] },
  });
});

test.each([
  ["error", /pulumi-netns:checks is invalid: "error"\n/],
  [{ "mtu-mismach": "off" }, /pulumi-netns:checks\.mtu-mismach [^]*help: .*mtu-mismatch/],
  [{ "mtu-mismatch": "of" }, /pulumi-netns:checks\.mtu-mismatch is invalid: "of"\n {2}help: .*error, warn or off/],
  [{ "mtu-mismatch": { except: "wire" } }, /pulumi-netns:checks\.mtu-mismatch/],
  [{ "mtu-mismatch": { exept: ["wire"] } }, /pulumi-netns:checks\.mtu-mismatch/],
])("%j is refused, and the error has the allowed values", (value, message) =>
  expect(() => settings(value)).toThrow(message),
);
