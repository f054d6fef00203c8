import { expect, test } from "vitest";
import { checkNames } from "../../checks/index.ts";
import { type Level, levelOf, type Setting, settings } from "../../checks/settings.ts";

const about = { type: "Route", name: "r", args: {} };
const [mistake, refusal] = [
  { about, message: "" },
  { about, message: "", refused: "via" },
];

test.each<[Setting, Level, Level]>([
  [{ except: [] }, "warn", "error"],
  [{ except: ["r"] }, "off", "off"],
  [{ except: ["other"] }, "warn", "error"],
  [{ level: "warn", except: [] }, "warn", "warn"],
  [{ level: "error", except: [] }, "error", "error"],
  [{ level: "off", except: [] }, "off", "off"],
  [{ level: "error", except: ["r"] }, "off", "off"],
])("with %j, a mistake has the level %s, and a configuration that the kernel refuses %s", (setting, usual, refused) => {
  expect([levelOf(setting, mistake), levelOf(setting, refusal)]).toEqual([usual, refused]);
});

test("a check without a setting has no level and no exceptions", () => {
  expect(settings(undefined)).toEqual(Object.fromEntries(checkNames.map((name) => [name, { except: [] }])));
});

test("a setting has a level, exceptions, or both", () => {
  const said = { "mtu-mismatch": "off", "no-forwarding": { except: ["r"] }, "duplicate-address": { level: "error" } };
  expect(settings(said)).toMatchObject({
    "mtu-mismatch": { level: "off", except: [] },
    "no-forwarding": { except: ["r"] },
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
