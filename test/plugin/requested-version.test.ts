import { expect, test } from "vitest";
import { requestedVersion, version } from "../../plugin/package-schema.ts";

test.each([
  [`default_${version.replaceAll(".", "_")}`, version],
  ["default", undefined],
  ["default_99_0_0", undefined],
  ["mine", undefined],
])("the provider %s is asked for by the version %s", (name, requested) => {
  expect(requestedVersion(`urn:pulumi:dev::lab::pulumi:providers:netns::${name}`)).toBe(requested);
});

test("an engine that sends no URN asks for no version", () => {
  expect(requestedVersion(undefined)).toBeUndefined();
});
